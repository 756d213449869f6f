/** Nanoseconds since the epoch, split so that both parts stay exact in a float. */
export interface Nanos {
  readonly seconds: number;
  readonly nanos: number;
}

const digits = /^\d{1,20}$/;

/** Reads a timestamp given as text or number; undefined for anything negative, fractional text or not a number. */
export function parseNanos(value: unknown): Nanos | undefined {
  if (typeof value === 'string') {
    if (!digits.test(value)) return undefined;
    const split = value.length - 9;
    if (split <= 0) return { seconds: 0, nanos: Number(value) };
    return { seconds: Number(value.slice(0, split)), nanos: Number(value.slice(split)) };
  }
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) {
    const whole = Math.trunc(value);
    // 1e9 is a multiple of 512, so the product and the difference are exact for every float of this size.
    const seconds = Math.floor(whole / 1e9);
    return { seconds, nanos: whole - seconds * 1e9 };
  }
  return undefined;
}

export function toMs(time: Nanos): number {
  return time.seconds * 1000 + time.nanos / 1e6;
}

/** Milliseconds from `from` to `to`, exact to the nanosecond up to 104 days; negative where they are swapped. */
export function elapsedMs(from: Nanos, to: Nanos): number {
  return ((to.seconds - from.seconds) * 1e9 + (to.nanos - from.nanos)) / 1e6;
}

const bareNumber = /(UnixNano"\s*:\s*)(\d{16,})(?![\d.eE])/g;

/**
 * Puts quotes round timestamps written as bare numbers, which JSON.parse would round to 256 ns. Safe in valid JSON:
 * inside a string every quote is escaped, so the pattern can only match a key and its number.
 */
export function quoteTimes(json: string): string {
  return json.replace(bareNumber, '$1"$2"');
}
