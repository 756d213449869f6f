import type { Estimate } from './quantile.ts';

/** Interval of a share `k` of `n` that stays within 0..1 and is not empty at its ends. Source: Wilson, JASA 22, 1927. */
export function wilson(k: number, n: number, z = 1.96): Estimate {
  if (n === 0) return { value: 0, low: 0, high: 1 };
  const share = k / n;
  const spread = (z * z) / n;
  const centre = (share + spread / 2) / (1 + spread);
  const half = (z * Math.sqrt((share * (1 - share)) / n + spread / (4 * n))) / (1 + spread);
  return { value: share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** Difference of two independent shares, the second taken from the first. Source: Newcombe, Statistics in Medicine 17, 1998, method 10. */
export function newcombe(
  now: { readonly k: number; readonly n: number },
  before: { readonly k: number; readonly n: number },
  z = 1.96,
): Estimate {
  const a = wilson(now.k, now.n, z);
  const b = wilson(before.k, before.n, z);
  const value = a.value - b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  };
}

/**
 * Ratio of two shares, finite where one is zero: half a failure is added to both. Source: Katz et al., Biometrics 34,
 * 1978, with the correction of Pettigrew et al., Biometrika 73, 1986.
 */
export function shareRatio(
  now: { readonly k: number; readonly n: number },
  before: { readonly k: number; readonly n: number },
  z = 1.96,
): Estimate {
  const middle = Math.log((now.k + 0.5) / (now.n + 0.5)) - Math.log((before.k + 0.5) / (before.n + 0.5));
  const variance = 1 / (now.k + 0.5) - 1 / (now.n + 0.5) + 1 / (before.k + 0.5) - 1 / (before.n + 0.5);
  const half = z * Math.sqrt(Math.max(0, variance));
  return { value: Math.exp(middle), low: Math.exp(middle - half), high: Math.exp(middle + half) };
}
