import type { OperationMetrics } from '../../core/model/window.ts';

const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const gap = '·';

/** One block per value from zero to the greatest; null is a gap. */
export function sparkline(values: readonly (number | null)[]): string {
  const greatest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  return values
    .map((value) => {
      if (value === null) return gap;
      if (greatest === 0) return blocks[0] ?? '';
      return blocks[Math.min(blocks.length - 1, Math.floor((value / greatest) * blocks.length))] ?? '';
    })
    .join('');
}

/** The series in at most `slots` equal parts of time, each with the worst p95 (ms) of its windows; null where nothing was called. */
export function slotsOf(series: OperationMetrics['series'], slots = 32): readonly (number | null)[] {
  const first = series[0];
  const last = series.at(-1);
  if (first === undefined || last === undefined) return [];
  const windowMs = 300_000;
  const windows = Math.round((last.startMs - first.startMs) / windowMs) + 1;
  const size = Math.max(1, Math.ceil(windows / slots));
  const result = new Array<number | null>(Math.ceil(windows / size)).fill(null);
  for (const window of series) {
    const slot = Math.floor((window.startMs - first.startMs) / windowMs / size);
    const value = window.p95Ms ?? window.p50Ms;
    if (value !== null) result[slot] = Math.max(result[slot] ?? 0, value);
  }
  return result;
}
