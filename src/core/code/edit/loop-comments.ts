import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';

/** Why the comments around or within a loop stand in the way of changing it to `text`; undefined where they are kept. */
export function commentProblem(
  program: SourceProgram,
  loop: ts.IterationStatement,
  text: string,
): string | undefined {
  const t = program.ts;
  const source = loop.getSourceFile().text;
  const above = source.slice(loop.pos, loop.getStart());
  const directive = /@ts-(ignore|expect-error)/.exec(above)?.[0];
  if (directive !== undefined) return `${directive} above the loop speaks of the line that would change.`;
  let lost: string | undefined;
  const visit = (node: ts.Node): void => {
    const parts = node.getChildren();
    if (parts.length === 0) {
      const trivia = source.slice(node.pos, node.getStart()).trim();
      if (trivia !== '' && node !== loop.getFirstToken() && !t.isJsxText(node)) {
        const lines = trivia.split(/\r?\n/).map((line) => line.trim());
        if (!lines.every((line) => text.includes(line))) lost ??= lines[0];
      }
    }
    parts.forEach(visit);
  };
  visit(loop);
  return lost === undefined ? undefined : `The comment "${lost.slice(0, 40)}" would be lost.`;
}
