import type { CodeSite } from '../../model/diagnosis.ts';
import type { Rewrite } from '../analysis.ts';
import { nodeAt, offsetAt } from '../analyse/sites.ts';
import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import { asForOf } from './counted-loop.ts';
import { commentProblem } from './loop-comments.ts';
import { awaits } from './loop-flow.ts';
import { planLoop } from './loop-plan.ts';
import { helperIn, helperSource } from './map-concurrently.ts';
import { renderLoop } from './render-loop.ts';
import { styleOf } from './style.ts';
import { edited } from './text-edit.ts';

/**
 * Lets the rounds of a loop wait side by side, `limit` at a time: same results in the same order, same failure.
 * The rest of the file stays as it is. `p-map` and its like are not used even where they are installed: they throw the
 * failure that comes first in time, not that of the first item.
 */
export function boundConcurrency(program: SourceProgram, site: CodeSite, limit: number): Rewrite {
  const file = program.fileAt(site.file);
  if (file === undefined) return refused(`${site.file} cannot be read.`);
  const loop = loopAt(program, file, site);
  if (loop === undefined || !awaits(program, loop.statement)) {
    return refused(
      'No loop at this place awaits anything: the calls run side by side already, or the code has changed.',
    );
  }
  if (limit < 2) return refused('A bound below two changes nothing.');
  if (program.ts.isForStatement(loop)) {
    const turned = asForOf(program, loop);
    if (typeof turned === 'string') return refused(turned);
    const counted = program.withText(site.file, edited(file.text, turned.edits));
    const rewrite = boundConcurrency(counted, site, limit);
    if (rewrite.k === 'refused') return rewrite;
    return { ...rewrite, assumes: [...rewrite.assumes, ...turned.assumes] };
  }
  const plan = planLoop(program, loop);
  if (typeof plan === 'string') return refused(plan);
  const style = styleOf(file.text);
  const typed = !/\.[cm]?jsx?$/.test(site.file);
  const text = file.text.replaceAll('\r\n', '\n');
  const helper = helperIn(text, typed, style);
  const edits = renderLoop(program, plan, { style, typed, limit, helper: helper.name });
  const comments = commentProblem(program, loop, edits.map(({ text: made }) => made).join('\n'));
  if (comments !== undefined) return refused(comments);
  let newText = edited(
    file.text,
    edits.map((edit) => ({ ...edit, text: withNewlines(edit.text, style.newline) })),
  );
  if (!helper.present) {
    const source = helperSource(helper.name, typed, style);
    newText = `${newText.trimEnd()}${withNewlines(`\n\n${source}\n`, style.newline)}`;
  }
  const assumes =
    plan.byName.length === 0
      ? []
      : [
          `${plan.byName.join(', ')}: taken to change nothing because of the name; no request, query or definition shows it.`,
        ];
  return { k: 'text', newText, assumes };
}

const refused = (reason: string): Rewrite => ({ k: 'refused', reason });

const withNewlines = (text: string, newline: string): string =>
  newline === '\n' ? text : text.replaceAll(/\r?\n/g, newline);

function loopAt(
  program: SourceProgram,
  file: ts.SourceFile,
  site: CodeSite,
): ts.IterationStatement | undefined {
  const offset = offsetAt(file, site.start);
  for (let at: ts.Node | undefined = nodeAt(program, file, offset); at !== undefined; at = at.parent) {
    if (program.ts.isIterationStatement(at, false) && at.getStart(file) === offset) return at;
  }
  return undefined;
}
