import type { OperationMetrics } from '../../core/model/window.ts';

/** From how many calls on a percentile stands without its sample size beside it. */
export const wellSampled = 100;

/** Under this covered time (ms) a rate would be an extrapolation and the count is shown instead. */
const shortestRateMs = 60_000;

const significant = (value: number): number => Number(value.toPrecision(3));

/** Three significant digits with the unit that keeps the number between 1 and 1000. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  const rounded = significant(ms);
  if (rounded === 0) return '0 ms';
  if (rounded < 1) {
    const micros = significant(ms * 1000);
    return micros >= 1000 ? '1 ms' : `${String(micros)} µs`;
  }
  if (rounded < 1000) return `${String(rounded)} ms`;
  if (significant(ms / 1000) < 60) return `${String(significant(ms / 1000))} s`;
  if (significant(ms / 60_000) < 60) return `${String(significant(ms / 60_000))} min`;
  return `${String(significant(ms / 3_600_000))} h`;
}

/** `999`, `1.2k`, `3.45M`. */
export function formatCount(count: number): string {
  const rounded = count < 1000 ? significant(count) : count;
  if (rounded < 1000) return String(rounded);
  for (const [unit, size] of [
    ['k', 1e3],
    ['M', 1e6],
    ['G', 1e9],
  ] as const) {
    const scaled = significant(count / size);
    if (scaled < 1000 || unit === 'G') return `${String(scaled)}${unit}`;
  }
  return String(count);
}

/** `2.4 %` of a share 0..1; never rounds a share that is not zero (or not one) to zero (or one). */
export function formatPercent(share: number): string {
  if (share <= 0) return '0 %';
  if (share >= 1) return '100 %';
  const percent = significant(share * 100);
  if (percent < 0.01) return '<0.01 %';
  return percent >= 100 ? '>99.9 %' : `${String(percent)} %`;
}

/** Calls over the covered event time: `1.2k/h`, `14/s`, `3/day`; null where too little time is covered to call it a rate. */
export function formatRate(calls: number, fromMs: number, toMs: number): string | null {
  const covered = toMs - fromMs;
  if (calls < 2 || covered < shortestRateMs) return null;
  const perHour = (calls * 3_600_000) / covered;
  if (perHour >= 36_000) return `${formatCount(perHour / 3600)}/s`;
  if (perHour >= 1) return `${formatCount(perHour)}/h`;
  return `${formatCount(perHour * 24)}/day`;
}

/** `3.1x`, `0.42x`, `12x`; null where the ratio says nothing. */
export function formatRatio(now: number, before: number): string | null {
  if (!(before > 0) || !Number.isFinite(now / before)) return null;
  return `${String(Number((now / before).toPrecision(2)))}x`;
}

/** Whether a ratio is far enough from one to be worth a reader's eye. */
export function isNotable(now: number, before: number): boolean {
  const ratio = now / before;
  return Number.isFinite(ratio) && (ratio >= 1.1 || ratio <= 0.9);
}

/** `2026-11-22 14:03` in UTC; with seconds where asked. */
export function formatTime(ms: number, seconds = false): string {
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return '–';
  return new Date(ms)
    .toISOString()
    .slice(0, seconds ? 19 : 16)
    .replace('T', ' ');
}

/** `2026-11-22 12:00 to 14:35 UTC`. */
export function formatPeriod(fromMs: number, toMs: number): string {
  const from = formatTime(fromMs);
  const to = formatTime(toMs);
  if (from === to) return `${from} UTC`;
  return `${from} to ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to} UTC`;
}

/** The figures that stand for a handler: newest release, and there the operation with the most calls. */
export function primaryMetrics(metrics: readonly OperationMetrics[]): OperationMetrics | undefined {
  const newest = metrics[0]?.release;
  let best: OperationMetrics | undefined;
  for (const candidate of metrics) {
    if (candidate.release === newest && (best === undefined || candidate.calls > best.calls))
      best = candidate;
  }
  return best;
}
