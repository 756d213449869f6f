import type { OperationSample } from '../model/comparison.ts';
import type { Entry } from './book.ts';
import { releasesOf } from './book.ts';
import { byCount } from './error-group.ts';
import { latencyBins } from './sketch.ts';
import { addTo, emptyTotal } from './total.ts';

/** Windows that start at or after `fromMs` and not after `toMs`, milliseconds since the epoch. */
export interface StartRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What is measured of one operation and release, its inside excepted. */
export type ReleaseFigures = Omit<OperationSample, 'shape'>;

/** When a release of an operation was called. */
export interface ReleaseTimes {
  readonly release: string;
  /** First and last event, milliseconds since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Ascending by start. */
  readonly windows: readonly { readonly startMs: number; readonly calls: number }[];
}

export function inRange(startMs: number, range: StartRange | undefined): boolean {
  return range === undefined || (startMs >= range.fromMs && startMs <= range.toMs);
}

/** Sums the windows of one release; null where none lies in the range. */
export function figuresOf(
  entry: Entry | undefined,
  release: string,
  range: StartRange | undefined,
): ReleaseFigures | null {
  const cells = [...(entry?.cells.get(release)?.values() ?? [])].filter((cell) =>
    inRange(cell.startMs, range),
  );
  if (cells.length === 0) return null;
  const sum = emptyTotal();
  for (const cell of cells) addTo(sum, cell);
  return {
    release,
    calls: sum.calls,
    errors: sum.errors,
    clientErrors: sum.clientErrors,
    fromMs: sum.firstMs,
    toMs: sum.lastMs,
    latency: latencyBins(sum.latency),
    errorGroups: byCount(sum.groups),
  };
}

/** In the order of their first event. */
export function releaseTimesOf(entry: Entry | undefined): readonly ReleaseTimes[] {
  if (entry === undefined) return [];
  return releasesOf(entry.releases).map(({ release, firstMs, lastMs }) => ({
    release,
    fromMs: firstMs,
    toMs: lastMs,
    windows: [...(entry.cells.get(release)?.values() ?? [])]
      .map(({ startMs, calls }) => ({ startMs, calls }))
      .toSorted((a, b) => a.startMs - b.startMs),
  }));
}
