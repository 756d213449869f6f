/** When a line was written: on the wall clock, or counted from the start of a log that tells no time. */
export interface Moment {
  readonly ms: number;
  readonly absolute: boolean;
}

/** The time of a log, line by line. Lines without time share the last one known; a log without any is laid into one window. */
export interface Clock {
  /** Moves on to a stamped line. */
  readonly stamp: (timeMs: number) => void;
  readonly now: () => Moment;
  /** Moves a clock without stamps on to where a stated duration ends. */
  readonly atLeast: (from: Moment, durationMs: number) => void;
  /** A time found in a name or an id: where a log without stamps is laid. */
  readonly hint: (epochMs: number) => void;
  /** Milliseconds since the epoch. */
  readonly resolve: (moment: Moment) => number;
}

/** As in `measure/windows`: a log without time must not spread over more than one. */
const windowMs = 300_000;

export function createClock(): Clock {
  let stampedMs: number | undefined;
  let elapsedMs = 0;
  let hintMs: number | undefined;
  let baseMs: number | undefined;
  return {
    stamp(timeMs) {
      baseMs ??= timeMs - elapsedMs;
      stampedMs = timeMs;
    },
    now: () =>
      stampedMs === undefined ? { ms: elapsedMs, absolute: false } : { ms: stampedMs, absolute: true },
    atLeast(from, durationMs) {
      if (stampedMs === undefined)
        elapsedMs = Math.min(Math.max(elapsedMs, from.ms + durationMs), windowMs - 1);
    },
    hint(epochMs) {
      hintMs ??= epochMs;
    },
    resolve({ ms, absolute }) {
      if (absolute) return ms;
      baseMs ??= Math.floor((hintMs ?? 0) / windowMs) * windowMs;
      return baseMs + ms;
    },
  };
}

/** The time in milliseconds that a file's name or an id carries. */
export function epochIn(text: string): number | undefined {
  const digits = /(?:^|\D)(1[4-9]\d{11}|2\d{12})(?:\D|$)/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
