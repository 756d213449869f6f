import type { ThrowSite } from '../../code/analysis.ts';
import type { CallSample } from '../../model/shape.ts';
import { guardExample } from '../examples/guard-throwing-line.ts';
import type { Draft, NoFix, Recipe, RecipeInput, RecipePorts } from '../recipe.ts';
import { planTest } from '../test-writer/plan-test.ts';
import { sendingTest } from '../test-writer/sending-test.ts';
import { needsBody, whyNotSendable } from '../test-writer/sendable.ts';
import type { TestPlan } from '../test-writer/test-plan.ts';

/** Files of other handlers that are read for how they refuse a request. */
const MOST_MODELS = 30;

/** A check before the line that throws, so that the inputs it cannot serve get the status that says so. */
export const guardThrowingLine: Recipe = {
  id: 'guard-throwing-line',
  title: 'Check the value before the line that throws',
  mends: ['throwing-line'],
  tier: 'suggestion',
  async draft(input, ports) {
    const { cause, handler } = input;
    if (cause.detail.k !== 'throwing-line') return noFix('This is not about a line that throws.');
    if (cause.site === undefined)
      return noFix('The line that throws is not known in this workspace, so nothing can be put before it.');
    const site = await throwSite(input, ports);
    if (site === null) return noFix(`${cause.site.file} has changed since the cause was found.`);
    const rewrite = await ports.code.guard(site, handler, modelFiles(input));
    if (rewrite.k === 'refused') return noFix(rewrite.reason);
    const failing = failingSample(input);
    if (failing === undefined)
      return noFix('No failed call was recorded that could be sent again, so nothing would prove the check.');
    const plan = await planTest(input, ports);
    if ('k' in plan) return plan;
    const edit = { file: site.site.file, newText: rewrite.newText };
    const good = await steadySample(input, ports, plan, edit);
    const subject = oneLine(site.subject ?? 'the value');
    const route = [handler.method, handler.route].filter((part) => part !== undefined).join(' ');
    const suite = route === '' ? handler.symbol : route;
    const title = `answers ${rewrite.status} where there is no ${subject}`;
    const tests = [
      { title, body: sendingTest(plan, failing, rewrite.status) },
      ...(good === null
        ? []
        : [
            {
              title: 'answers as before where there is one',
              body: sendingTest(plan, good, good.statusCode ?? 200),
            },
          ]),
    ];
    const draft: Draft = {
      k: 'draft',
      title: `Answer ${rewrite.status} where ${subject} is missing`,
      summary: `\`${subject}\` is checked before ${site.site.file}:${site.site.start.line}, ${rewrite.how}. Requests that failed with a 500 there get a ${rewrite.status}; all others are answered as before.`,
      edits: [
        { ...edit, part: 'code' },
        { file: plan.file, newText: plan.renderSuite([], suite, tests), part: 'test' },
      ],
      proof: { test: { file: plan.file, title: `${suite} > ${title}` }, failsBefore: true, mutants: [] },
      notes: [
        `The test sends the recorded request of trace ${failing.traceId.slice(0, 32)} and takes its set-up from ${plan.neighbour}.`,
        ...(good === null
          ? ['No good call was recorded that could be sent again, so the test covers the failing one alone.']
          : []),
      ],
    };
    return draft;
  },
  example: guardExample,
};

const noFix = (reason: string): NoFix => ({ k: 'no-fix', reason });
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 60);

/** The place of the cause as the file stands now; null where something else stands there. */
async function throwSite({ cause, finding }: RecipeInput, ports: RecipePorts): Promise<ThrowSite | null> {
  const { site, detail } = cause;
  if (site === undefined || detail.k !== 'throwing-line') return null;
  const message = finding.subject.k === 'error-group' ? finding.subject.message : '';
  // The place of a member access is that of its whole expression; what the engine pointed at is at its end or start.
  for (const at of [site.end, site.start]) {
    const column = at === site.end ? Math.max(1, at.column - 1) : at.column;
    const found = await ports.code.throwSiteAt(site.file, { line: at.line, column }, message);
    const same = found?.site.start.line === site.start.line && found.site.start.column === site.start.column;
    if (same && found.subject === detail.subject) return found;
  }
  return null;
}

/** Files of the handlers around, those that are registered or written beside this one first. */
function modelFiles({ handler, index }: RecipeInput): readonly string[] {
  const folder = (file: string): string => file.split('/').slice(0, -1).join('/');
  const near = index.handlers
    .filter((other) => other.resolved && other.package === handler.package)
    .map((other) => ({
      file: other.file,
      far:
        other.registration.file === handler.registration.file
          ? 0
          : folder(other.file) === folder(handler.file)
            ? 1
            : 2,
    }))
    .toSorted((a, b) => a.far - b.far || (a.file < b.file ? -1 : 1));
  return [...new Set(near.map(({ file }) => file))].slice(0, MOST_MODELS);
}

const sendable = (sample: CallSample): boolean => whyNotSendable(sample) === null && !needsBody(sample);

/** A call that failed in this way, one of the telling inputs if there is such. */
function failingSample({ comparison, cause, finding }: RecipeInput): CallSample | undefined {
  const { detail } = cause;
  const { subject } = finding;
  const failed = (comparison?.now.shape?.samples ?? []).filter(
    (sample) =>
      sample.outcome === 'error' &&
      sendable(sample) &&
      (sample.exception === undefined ||
        subject.k !== 'error-group' ||
        sample.exception.type === subject.type),
  );
  const values = detail.k === 'throwing-line' ? (detail.input?.values ?? []) : [];
  const telling = failed.find(({ path, query }) => {
    const parts = [...path.split('/'), ...new URLSearchParams(query).values()].map(decoded);
    return values.some((value) => parts.includes(value));
  });
  return telling ?? failed[0];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A good recorded call that is answered with its recorded status in a test too; unproved where nothing may be run. */
async function steadySample(
  { comparison }: RecipeInput,
  { observe }: RecipePorts,
  plan: TestPlan,
  edit: { readonly file: string; readonly newText: string },
): Promise<CallSample | null> {
  const good = (comparison?.now.shape?.samples ?? []).filter(
    (sample) => sample.outcome === 'ok' && sample.statusCode !== undefined && sendable(sample),
  );
  const [first] = good;
  if (first === undefined || observe === undefined) return first ?? null;
  for (const sample of good.slice(0, 3)) {
    const text = plan.render(
      [],
      { suite: 'probe', title: 'answers' },
      sendingTest(plan, sample, sample.statusCode ?? 200),
    );
    const seen = await observe({ file: plan.file, text }, [edit]);
    if (seen.k === 'ran' && seen.failed === 0 && seen.passed > 0) return sample;
  }
  return null;
}
