import type { Effect } from '../model/anomaly.ts';

/** A number with three significant digits and no more decimals than it needs. */
function short(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  return Math.abs(value) >= 100
    ? String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
    : String(Number(value.toPrecision(3)));
}

/** A figure of an effect with its unit: `48 ms`, `2.4 %`, `7`. */
export function figure(value: number, unit: Effect['unit']): string {
  if (unit === 'rate') return `${short(value * 100)} %`;
  return unit === 'ms' ? `${short(value)} ms` : short(value);
}

/** The change as a factor with its 95 % interval: `3.1x [2.8, 3.4]`; of a thing that was not there before, as a figure. */
export function change(effect: Effect): string {
  const { before, ratio, low, high, unit } = effect;
  return before === null
    ? `${figure(ratio, unit)} [${figure(low, unit)}, ${figure(high, unit)}]`
    : `${short(ratio)}x [${short(low)}, ${short(high)}]`;
}
