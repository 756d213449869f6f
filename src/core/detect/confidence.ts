/**
 * How sure a finding is, 0.5 to 0.99, from how far the low end of its interval lies above the bar that it had to clear,
 * in half widths of that interval: on the bar 0.5, one above 0.82, two 0.93, four and more 0.99. An interval
 * knows chance only, not that calls depend on each other or that traffic changed, so nothing is ever certain.
 */
export function confidenceOf(value: number, low: number, bar: number): number {
  const half = Math.max(value - low, Number.EPSILON);
  const margin = Math.max(0, low - bar) / half;
  return Math.min(0.99, 1 - 0.5 * Math.exp(-margin));
}
