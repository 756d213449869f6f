import type { RenderedDocument } from './documents.ts';
import { isGenerated, mergePage } from './merge.ts';
import type { MergeState } from './merge.ts';

/** `missing`: rendered, but not in the docs folder; `orphaned`: made by Suture, but no longer rendered. */
export type DriftState =
  Exclude<MergeState, 'created' | 'unchanged' | 'updated'> | 'missing' | 'stale' | 'orphaned';

export interface PageDrift {
  /** Relative to the docs folder. */
  readonly file: string;
  readonly state: DriftState;
  readonly message: string;
  /** Line from 1 in the existing file; null when the whole file is the difference. */
  readonly firstDifferenceLine: number | null;
  /** That line as it should be and as it is; null where there is none. */
  readonly expected: string | null;
  readonly actual: string | null;
}

const DRIFTS: Readonly<Record<Exclude<MergeState, 'unchanged'>, DriftState>> = {
  created: 'missing',
  updated: 'stale',
  'edited-inside': 'edited-inside',
  'conflict-markers': 'conflict-markers',
  'broken-markers': 'broken-markers',
};

function firstDifference(
  expected: string,
  actual: string,
): Pick<PageDrift, 'firstDifferenceLine' | 'expected' | 'actual'> {
  const [should, is] = [expected.split(/\r?\n/), actual.split(/\r?\n/)];
  // The marker's hash differs with every change; what a reader wants to see is the change.
  const differs = (i: number) => should[i] !== is[i] && !(should[i] ?? '').startsWith('<!-- suture:begin ');
  const length = Math.max(should.length, is.length);
  let line = 0;
  while (line < length && !differs(line)) line += 1;
  if (line === length)
    line = Math.max(
      0,
      should.findIndex((text, i) => text !== is[i]),
    );
  return { firstDifferenceLine: line + 1, expected: should[line] ?? null, actual: is[line] ?? null };
}

/**
 * Compares what is in the docs folder (text by path relative to it; other files may be among them) with what was
 * rendered, byte by byte but for the line ends and byte order mark of the file; empty when all is true.
 */
export function checkPages(
  existing: ReadonlyMap<string, string>,
  rendered: readonly RenderedDocument[],
): readonly PageDrift[] {
  const drifts: PageDrift[] = [];
  for (const document of rendered) {
    const actual = existing.get(document.path) ?? null;
    const { state, message } = mergePage(actual, document);
    if (state === 'unchanged') continue;
    const whole = actual === null || state === 'created';
    const expected = mergePage(actual, document, { force: true }).text;
    drifts.push({
      file: document.path,
      state: DRIFTS[state],
      message: whole ? 'The page is missing.' : message,
      ...(whole
        ? { firstDifferenceLine: null, expected: null, actual: null }
        : firstDifference(expected, actual)),
    });
  }
  const paths = new Set(rendered.map(({ path }) => path));
  for (const [file, text] of [...existing].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (paths.has(file) || !isGenerated(text)) continue;
    const message = 'Suture made this page, but it is no longer among its pages; delete it.';
    drifts.push({
      file,
      state: 'orphaned',
      message,
      firstDifferenceLine: null,
      expected: null,
      actual: null,
    });
  }
  return drifts;
}
