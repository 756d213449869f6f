/** Line (from 1) of the first merge conflict marker of git; undefined when the text has no complete conflict. */
export function conflictLine(text: string): number | undefined {
  if (!text.includes('<<<<<<< ') || !text.includes('>>>>>>> ')) return undefined;
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith('<<<<<<< '));
  const end = lines.findLastIndex((line) => line.startsWith('>>>>>>> '));
  return start >= 0 && end > start ? start + 1 : undefined;
}

type Side = 'begin' | 'end' | undefined;

/**
 * First and last line (from 0) of the markers and conflicts of a page in conflict; undefined when a line of prose
 * stands in between, or a page's end is not to be seen: then no machine can tell what to replace.
 */
export function generatedRange(
  lines: readonly string[],
  sideOf: (line: string) => Side,
): { readonly from: number; readonly to: number } | undefined {
  const edges: number[] = [];
  const prose: number[] = [];
  let inside = false;
  let before = false;
  let hunk = false;
  for (const [i, line] of lines.entries()) {
    const side = sideOf(line);
    if (line.startsWith('<<<<<<< ')) {
      edges.push(i);
      [hunk, before] = [true, inside];
    } else if (line.startsWith('>>>>>>> ')) {
      edges.push(i);
      hunk = false;
    } else if (hunk && /^(={7}$|\|{7} )/.test(line)) {
      // Every side of a conflict goes on from where the text stood before it.
      inside = before;
    } else if (side) {
      edges.push(i);
      inside = side === 'begin';
    } else if (!inside && line.trim() !== '') prose.push(i);
  }
  const [from, to] = [edges[0], edges.at(-1)];
  if (from === undefined || to === undefined || inside) return undefined;
  return prose.some((line) => line > from && line < to) ? undefined : { from, to };
}
