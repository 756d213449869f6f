import type { Operation } from '../model/operation.ts';
import type { Baseline, ErrorGroup, OperationMetrics, Percentiles } from '../model/window.ts';
import { releasesOf } from './book.ts';
import type { TimeRange } from './book.ts';
import { mergeLatency, quantilesOf, windowStart, WINDOW_MS } from './cell.ts';
import type { Cell } from './cell.ts';
import { addGroup, byCount } from './error-group.ts';
import type { ErrorGroups } from './error-group.ts';
import { slower } from './exemplar.ts';
import { createSketch } from './sketch.ts';
import type { Sketch } from './sketch.ts';

/** Windows of a day: what "current" looks back on, the newest window included. */
const PERIOD_MS = 288 * WINDOW_MS;
const MIN_FOR_PERCENTILES = 5;
const MIN_FOR_BASELINE = 20;

/** What a query looks at; the cells of one window may come in parts (folded and provisional). */
export interface Measured {
  readonly operation: Operation;
  readonly cells: ReadonlyMap<string, readonly Cell[]>;
  /** Newest event of the service. */
  readonly newestMs: number;
  /** Releases of the service, not only of the operation. */
  readonly releases: ReadonlyMap<string, TimeRange>;
}

/**
 * Rows of the live releases, newest first, each over the last day before the newest event of its service: the newest
 * release that called the operation, and any earlier one that was still called after the newest release had begun.
 */
export function metricsOf(measured: Measured): readonly OperationMetrics[] {
  const newestFirst = releasesOf(measured.releases).toReversed();
  const fromMs = windowStart(measured.newestMs) - PERIOD_MS;
  const newestBegan = windowStart(newestFirst[0]?.firstMs ?? Infinity);
  const rows: OperationMetrics[] = [];
  newestFirst.forEach(({ release }, index) => {
    const cells = (measured.cells.get(release) ?? []).filter((cell) => cell.startMs > fromMs);
    if (cells.length === 0) return;
    if (rows.length > 0 && !cells.some((cell) => cell.startMs > newestBegan)) return;
    const earlier = newestFirst.slice(index + 1).map((each) => each.release);
    rows.push(row(measured, release, cells, baselineOf(measured, release, earlier, fromMs)));
  });
  return rows;
}

function row(
  { operation }: Measured,
  release: string,
  cells: readonly Cell[],
  baseline: Baseline,
): OperationMetrics {
  const sum = total(cells);
  return {
    operation,
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
    errorGroups: sum.errorGroups,
    series: seriesOf(cells),
    baseline,
  };
}

function baselineOf(
  { cells }: Measured,
  release: string,
  earlierNewestFirst: readonly string[],
  fromMs: number,
): Baseline {
  for (const earlier of earlierNewestFirst) {
    const all = cells.get(earlier) ?? [];
    const lastMs = all.reduce((last, cell) => Math.max(last, cell.startMs), -Infinity);
    const found = compared(
      'release',
      earlier,
      all.filter((cell) => cell.startMs > lastMs - PERIOD_MS),
    );
    if (found !== undefined) return found;
  }
  const before = (cells.get(release) ?? []).filter(
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

interface Total extends Pick<
  Cell,
  'calls' | 'errors' | 'clientErrors' | 'firstMs' | 'lastMs' | 'durationSumMs' | 'maxMs' | 'slowest'
> {
  readonly latency: Sketch;
  readonly errorGroups: readonly ErrorGroup[];
}

function total(cells: readonly Cell[]): Total {
  const latency = createSketch();
  const groups: ErrorGroups = new Map();
  const sum = {
    calls: 0,
    errors: 0,
    clientErrors: 0,
    firstMs: Infinity,
    lastMs: -Infinity,
    durationSumMs: 0,
    maxMs: 0,
    slowest: undefined as Cell['slowest'],
  };
  for (const cell of cells) {
    sum.calls += cell.calls;
    sum.errors += cell.errors;
    sum.clientErrors += cell.clientErrors;
    sum.firstMs = Math.min(sum.firstMs, cell.firstMs);
    sum.lastMs = Math.max(sum.lastMs, cell.lastMs);
    sum.durationSumMs += cell.durationSumMs;
    sum.maxMs = Math.max(sum.maxMs, cell.maxMs);
    sum.slowest = slower(sum.slowest, cell.slowest);
    mergeLatency(cell, latency);
    for (const group of cell.groups.values()) addGroup(groups, group);
  }
  return { ...sum, latency, errorGroups: byCount(groups) };
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
