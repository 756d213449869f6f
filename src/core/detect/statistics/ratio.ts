import type { Estimate } from './quantile.ts';

/** Below a microsecond nothing was measured; keeps logarithms finite. */
const LEAST = 0.001;

/**
 * One independent estimate divided by another, its interval recovered from theirs on the logarithmic scale. Source: Zou
 * and Donner, "Construction of confidence limits about effect measures" (MOVER), Statistics in Medicine 27, 2008.
 */
export function ratioOf(after: Estimate, before: Estimate): Estimate {
  const log = (value: number): number => Math.log(Math.max(LEAST, value));
  const middle = log(after.value) - log(before.value);
  const down = Math.hypot(log(after.value) - log(after.low), log(before.high) - log(before.value));
  const up = Math.hypot(log(after.high) - log(after.value), log(before.value) - log(before.low));
  return { value: Math.exp(middle), low: Math.exp(middle - down), high: Math.exp(middle + up) };
}

export function scaled({ value, low, high }: Estimate, factor: number): Estimate {
  return { value: value * factor, low: low * factor, high: high * factor };
}
