import type { Operation } from '../model/operation.ts';
import type { Baseline, OperationMetrics, Percentiles } from '../model/window.ts';
import { releasesOf } from './book.ts';
import type { TimeRange } from './book.ts';
import { mergeLatency, quantilesOf, windowStart, WINDOW_MS } from './cell.ts';
import type { Cell } from './cell.ts';
import { byCount } from './error-group.ts';
import { createSketch } from './sketch.ts';
import type { Sketch } from './sketch.ts';
import { addTo, emptyTotal } from './total.ts';
import type { Settled, Total } from './total.ts';

/** Windows of a day: what "current" looks back on, the newest window included. */
const PERIOD_MS = 288 * WINDOW_MS;
const MIN_FOR_PERCENTILES = 5;
const MIN_FOR_BASELINE = 20;

/** What a query looks at. */
export interface Measured {
  readonly operation: Operation;
  /** Folded windows of each release. */
  readonly cells: ReadonlyMap<string, ReadonlyMap<number, Cell>>;
  /** The folded window that takes calls at present. */
  readonly live: Cell | undefined;
  /** Provisional windows, added to the folded ones of equal start. */
  readonly provisional: ReadonlyMap<string, ReadonlyMap<number, Cell>>;
  /** Newest event of the service. */
  readonly newestMs: number;
  /** Releases of the service, not only of the operation. */
  readonly releases: ReadonlyMap<string, TimeRange>;
  /** Kept from query to query for this operation; `version` grows when a folded window other than `live` changed. */
  readonly settled: Settled;
  readonly version: number;
}

/**
 * Rows of the live releases, newest first, each over the last day before the newest event of its service: the newest
 * release that called the operation, and any earlier one that was still called after the newest release had begun.
 */
export function metricsOf(measured: Measured): readonly OperationMetrics[] {
  const newestFirst = releasesOf(measured.releases).toReversed();
  const fromMs = windowStart(measured.newestMs) - PERIOD_MS;
  const newestBegan = windowStart(newestFirst[0]?.firstMs ?? Infinity);
  renew(measured, `${measured.version} ${fromMs} ${newestFirst.map((each) => each.release).join()}`);
  const rows: OperationMetrics[] = [];
  newestFirst.forEach(({ release }, index) => {
    const cells = currentCells(measured, release, fromMs);
    if (cells.length === 0) return;
    if (rows.length > 0 && !cells.some((cell) => cell.startMs > newestBegan)) return;
    const earlier = newestFirst.slice(index + 1).map((each) => each.release);
    rows.push(row(measured, release, cells, rememberedBaseline(measured, release, earlier, fromMs)));
  });
  return rows;
}

function renew({ settled }: Measured, stamp: string): void {
  if (settled.stamp === stamp) return;
  settled.stamp = stamp;
  settled.totals.clear();
  settled.baselines.clear();
}

function currentCells(measured: Measured, release: string, fromMs: number): readonly Cell[] {
  const cells: Cell[] = [];
  for (const part of [measured.cells, measured.provisional]) {
    for (const cell of part.get(release)?.values() ?? []) if (cell.startMs > fromMs) cells.push(cell);
  }
  return cells;
}

function row(
  measured: Measured,
  release: string,
  cells: readonly Cell[],
  baseline: Baseline,
): OperationMetrics {
  const sum = total(measured, release, cells);
  return {
    operation: measured.operation,
    release,
    calls: sum.calls,
    errors: sum.errors,
    clientErrors: sum.clientErrors,
    errorRate: sum.errors / sum.calls,
    meanMs: sum.durationSumMs / sum.calls,
    maxMs: sum.maxMs,
    percentiles: percentilesOf(sum.latency),
    fromMs: sum.firstMs,
    toMs: sum.lastMs,
    ...(sum.slowest === undefined ? {} : { slowest: sum.slowest }),
    errorGroups: byCount(sum.groups),
    series: seriesOf(cells),
    baseline,
  };
}

function total(measured: Measured, release: string, cells: readonly Cell[]): Total {
  const folded = measured.cells.get(release);
  const isSettled = (cell: Cell): boolean => cell !== measured.live && folded?.get(cell.startMs) === cell;
  let settled = measured.settled.totals.get(release);
  if (settled === undefined) {
    settled = emptyTotal();
    for (const cell of cells) if (isSettled(cell)) addTo(settled, cell);
    measured.settled.totals.set(release, settled);
  }
  const sum = emptyTotal();
  addTo(sum, settled);
  for (const cell of cells) if (!isSettled(cell)) addTo(sum, cell);
  return sum;
}

function rememberedBaseline(
  measured: Measured,
  release: string,
  earlierNewestFirst: readonly string[],
  fromMs: number,
): Baseline {
  const known = measured.settled.baselines.get(release);
  if (known !== undefined) return known;
  const { live } = measured;
  const baseline = baselineOf(measured.cells, release, earlierNewestFirst, fromMs);
  // What an earlier release or day still adds to is not settled.
  const moves = live !== undefined && (live.release !== release || live.startMs <= fromMs);
  if (!moves) measured.settled.baselines.set(release, baseline);
  return baseline;
}

function baselineOf(
  cells: Measured['cells'],
  release: string,
  earlierNewestFirst: readonly string[],
  fromMs: number,
): Baseline {
  for (const earlier of earlierNewestFirst) {
    const all = [...(cells.get(earlier)?.values() ?? [])];
    const lastMs = all.reduce((last, cell) => Math.max(last, cell.startMs), -Infinity);
    const found = compared(
      'release',
      earlier,
      all.filter((cell) => cell.startMs > lastMs - PERIOD_MS),
    );
    if (found !== undefined) return found;
  }
  const before = [...(cells.get(release)?.values() ?? [])].filter(
    (cell) => cell.startMs <= fromMs && cell.startMs > fromMs - PERIOD_MS,
  );
  const found = compared('period', release, before);
  if (found !== undefined) return found;
  const releases = earlierNewestFirst.some((earlier) => cells.has(earlier))
    ? `no earlier release with ${MIN_FOR_BASELINE} calls`
    : 'no earlier release';
  return {
    kind: 'none',
    reason: `There is ${releases}, and fewer than ${MIN_FOR_BASELINE} calls in the 24 hours before.`,
  };
}

function compared(kind: 'release' | 'period', release: string, cells: readonly Cell[]): Baseline | undefined {
  const calls = cells.reduce((sum, cell) => sum + cell.calls, 0);
  if (calls < MIN_FOR_BASELINE) return undefined;
  const errors = cells.reduce((sum, cell) => sum + cell.errors, 0);
  const latency = createSketch();
  for (const cell of cells) mergeLatency(cell, latency);
  const p50Ms = latency.quantile(0.5);
  const p95Ms = latency.quantile(0.95);
  if (p50Ms === undefined || p95Ms === undefined) return undefined;
  return { kind, release, calls, errorRate: errors / calls, p50Ms, p95Ms };
}

function percentilesOf(latency: Sketch): Percentiles | null {
  const p50Ms = latency.quantile(0.5);
  const p95Ms = latency.quantile(0.95);
  const p99Ms = latency.quantile(0.99);
  if (latency.count() < MIN_FOR_PERCENTILES) return null;
  return p50Ms === undefined || p95Ms === undefined || p99Ms === undefined ? null : { p50Ms, p95Ms, p99Ms };
}

function seriesOf(cells: readonly Cell[]): OperationMetrics['series'] {
  const byStart = new Map<number, Cell[]>();
  for (const cell of cells) {
    const parts = byStart.get(cell.startMs);
    if (parts === undefined) byStart.set(cell.startMs, [cell]);
    else parts.push(cell);
  }
  return [...byStart]
    .toSorted(([a], [b]) => a - b)
    .map(([startMs, parts]) => ({
      startMs,
      calls: parts.reduce((sum, cell) => sum + cell.calls, 0),
      errors: parts.reduce((sum, cell) => sum + cell.errors, 0),
      ...quantilesOfParts(parts),
    }));
}

function quantilesOfParts(parts: readonly Cell[]): {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
} {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return quantilesOf(first);
  const latency = createSketch();
  for (const cell of parts) mergeLatency(cell, latency);
  return { p50Ms: latency.quantile(0.5) ?? null, p95Ms: latency.quantile(0.95) ?? null };
}
