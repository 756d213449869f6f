import type { ChildShape } from '../../model/shape.ts';
import type { Estimate } from './quantile.ts';

/** Mean occurrences per call, calls without any included, with its normal interval. */
export function meanPerCall(child: ChildShape | undefined, calls: number, z = 1.96): Estimate {
  if (child === undefined || calls === 0) return { value: 0, low: 0, high: 0 };
  const mean = child.total / calls;
  const squares = child.counts.reduce((sum, [times, of]) => sum + times * times * of, 0);
  const variance = Math.max(0, squares / calls - mean * mean);
  const half = z * Math.sqrt(variance / calls);
  return { value: mean, low: Math.max(0, mean - half), high: mean + half };
}

/** Median occurrences over the calls that made any; 0 where none did. */
export function usualPerCall(child: ChildShape): number {
  const half = callsWith(child) / 2;
  let below = 0;
  for (const [times, calls] of child.counts) {
    below += calls;
    if (below >= half) return times;
  }
  return 0;
}

export function callsWith(child: ChildShape): number {
  return child.counts.reduce((sum, [, calls]) => sum + calls, 0);
}

/** Share of the second and later occurrences of a call that did not wait for an earlier one. */
export function overlapShare(child: ChildShape): number {
  const repeats = child.total - callsWith(child);
  return repeats <= 0 ? 0 : Math.min(1, child.overlapping / repeats);
}
