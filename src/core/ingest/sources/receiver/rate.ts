/** Lets so many through in each second, and as many again at once after a pause. */
export interface Rate {
  /** 0: go on; else seconds to wait. */
  take(): number;
}

/** `now` is in milliseconds and may stand still or jump. */
export function createRate(perSecond: number, now: () => number): Rate {
  const burst = 2 * perSecond;
  let left = burst;
  let last = now();
  return {
    take() {
      const time = now();
      left = Math.min(burst, left + (Math.max(0, time - last) / 1000) * perSecond);
      last = time;
      if (left < 1) return Math.max(1, Math.ceil((1 - left) / perSecond));
      left -= 1;
      return 0;
    },
  };
}
