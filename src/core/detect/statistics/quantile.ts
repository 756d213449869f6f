import type { LatencyBins } from '../../model/comparison.ts';

/** A figure with the ends of its interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function countOf(bins: LatencyBins): number {
  return bins.reduce((sum, [, calls]) => sum + calls, 0);
}

/** Nearest rank, milliseconds; null for no calls. */
export function quantileOf(bins: LatencyBins, q: number): number | null {
  const n = countOf(bins);
  return n === 0 ? null : atRank(bins, Math.ceil(q * n));
}

/**
 * A quantile with the interval between two order statistics, whatever the distribution; null for no calls. `z` is the
 * half width in standard errors of the rank. Source: Conover, Practical Nonparametric Statistics, 3.2.
 */
export function quantileEstimate(bins: LatencyBins, q: number, z = 1.96): Estimate | null {
  const n = countOf(bins);
  if (n === 0) return null;
  const half = z * Math.sqrt(n * q * (1 - q));
  return {
    value: atRank(bins, Math.ceil(q * n)),
    low: atRank(bins, Math.floor(n * q - half)),
    high: atRank(bins, Math.ceil(n * q + half) + 1),
  };
}

/** Value at a rank from 1; ranks outside are those of the ends. */
function atRank(bins: LatencyBins, rank: number): number {
  let below = 0;
  for (const [ms, calls] of bins) {
    below += calls;
    if (below >= rank && calls > 0) return ms;
  }
  return bins.at(-1)?.[0] ?? 0;
}
