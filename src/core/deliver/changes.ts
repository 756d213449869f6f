import type { Evidence } from '../model/anomaly.ts';
import type { CodeSite } from '../model/diagnosis.ts';

/** A change of some lines; names and subjects are plain and untrusted. */
export type LineChange =
  /** Lines that are in no commit yet. */
  | { readonly k: 'uncommitted' }
  | {
      readonly k: 'commit';
      /** Full hash. */
      readonly commit: string;
      /** Name only: an address is nobody's business in a report. */
      readonly author: string;
      /** ISO time, UTC. */
      readonly date: string;
      readonly subject: string;
    };

/** Lines of one text that stand for lines of another; a count of 0 means that nothing does, after that line. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
}

export interface LineRange {
  /** From 1, both included. */
  readonly start: number;
  readonly end: number;
}

/** Changes of a place as evidence for a diagnosis. */
export function changeEvidence(
  changes: readonly LineChange[],
  site: Pick<CodeSite, 'file' | 'start'>,
): readonly Evidence[] {
  const at = { file: site.file, line: site.start.line };
  return changes.map((change) =>
    change.k === 'uncommitted'
      ? { label: 'Changed since the last commit', ...at }
      : {
          label: `Changed by ${change.commit.slice(0, 10)}: ${change.subject}`,
          detail: `${change.author}, ${change.date.slice(0, 10)}`,
          ...at,
        },
  );
}

/** Hunks of a unified diff without context lines. */
export function parseHunks(diff: string): readonly Hunk[] {
  return [...diff.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)].map((match) => ({
    oldStart: Number(match[1]),
    oldCount: Number(match[2] ?? 1),
    newStart: Number(match[3]),
    newCount: Number(match[4] ?? 1),
  }));
}

/** The old lines behind a range of new ones (null: all of them are new), and whether a hunk touches the range. */
export function oldRange(
  hunks: readonly Hunk[],
  range: LineRange,
): { readonly range: LineRange | null; readonly touched: boolean } {
  let shift = 0;
  let start: number | undefined;
  let end: number | undefined;
  let touched = false;
  // Each stretch of new lines between two hunks is an old stretch, moved.
  let from = 1;
  const stretch = (last: number): void => {
    const [first, final] = [Math.max(from, range.start), Math.min(last, range.end)];
    if (first > final) return;
    start ??= first - shift;
    end = final - shift;
  };
  for (const hunk of hunks) {
    // With a count of 0 the line named is the one before.
    const newFirst = hunk.newCount === 0 ? hunk.newStart + 1 : hunk.newStart;
    stretch(newFirst - 1);
    const newEnd = newFirst + hunk.newCount;
    const inside =
      hunk.newCount === 0
        ? newFirst > range.start && newFirst <= range.end
        : newFirst <= range.end && newEnd > range.start;
    if (inside) {
      touched = true;
      if (hunk.oldCount > 0) {
        start ??= hunk.oldStart;
        end = hunk.oldStart + hunk.oldCount - 1;
      }
    }
    shift += hunk.newCount - hunk.oldCount;
    from = newEnd;
  }
  stretch(Number.MAX_SAFE_INTEGER);
  return { range: start === undefined || end === undefined ? null : { start, end }, touched };
}
