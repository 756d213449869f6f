/** Middle of a sorted copy; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The ratio of two medians and the interval that holds it with 95 % by resampling. */
export interface Ratio {
  readonly before: number;
  readonly after: number;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

const resamples = 2_000;

/**
 * Compares runs (each a list of values) by a two-level bootstrap: runs are drawn first, then values within them,
 * because values of one run share the mood of the machine. The same seed gives the same answer.
 */
export function compareRuns(
  before: readonly (readonly number[])[],
  after: readonly (readonly number[])[],
  seed: number,
): Ratio {
  const random = mulberry32(seed);
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const draw = (runs: readonly (readonly number[])[]): number =>
    median(
      runs.flatMap(() => {
        const run = pick(runs) ?? [];
        return run.map(() => pick(run) ?? Number.NaN);
      }),
    );
  const ratios = Array.from({ length: resamples }, () => draw(after) / draw(before)).sort((a, b) => a - b);
  const at = (share: number): number => ratios[Math.round(share * (resamples - 1))] ?? Number.NaN;
  const [was, is] = [median(before.flat()), median(after.flat())];
  return { before: was, after: is, ratio: is / was, low: at(0.025), high: at(0.975) };
}

/** Small seeded generator of numbers in [0, 1) (Tommy Ettinger, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
