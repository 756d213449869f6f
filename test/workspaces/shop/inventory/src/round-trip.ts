import { setTimeout as delay } from 'node:timers/promises';

/** Waits as long as a statement of the given median takes. */
export type RoundTrip = (medianMs: number) => Promise<void>;

/** Half to twice the median, from a seeded linear congruential generator: the same seed, the same times. */
export function seededRoundTrip(seed: number): RoundTrip {
  let state = seed >>> 0;
  return async (medianMs) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    await delay(medianMs * 2 ** ((2 * state) / 2 ** 32 - 1));
  };
}
