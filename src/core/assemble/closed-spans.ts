/** Remembers which spans the recently closed traces held, to tell a span delivered twice from one that is late. */
export interface ClosedSpans {
  readonly remember: (traceId: string, spanIds: Iterable<string>) => void;
  readonly knows: (traceId: string) => boolean;
  readonly has: (traceId: string, spanId: string) => boolean;
}

interface Generation {
  /** Where the newest entry of a trace starts in `pool`. */
  readonly latest: Map<string, number>;
  /** Entries of [start of the trace's earlier entry + 1, number of spans, then two halves of each span id]. */
  pool: Uint32Array;
  used: number;
}

/**
 * Holds at least the last `traces` closed traces and at most twice as many, in two generations of which the older is
 * dropped as a whole; span ids are kept exactly, 8 bytes each.
 */
export function createClosedSpans(traces: number): ClosedSpans {
  let current = emptyGeneration();
  let previous = emptyGeneration();
  return {
    remember: (traceId, spanIds) => {
      if (current.latest.size >= traces) {
        previous = current;
        current = emptyGeneration();
      }
      append(current, traceId, [...spanIds]);
    },
    knows: (traceId) => current.latest.has(traceId) || previous.latest.has(traceId),
    has: (traceId, spanId) => holds(current, traceId, spanId) || holds(previous, traceId, spanId),
  };
}

function emptyGeneration(): Generation {
  return { latest: new Map(), pool: new Uint32Array(1024), used: 0 };
}

function append(generation: Generation, traceId: string, spanIds: readonly string[]): void {
  const start = generation.used;
  const needed = start + 2 + 2 * spanIds.length;
  if (needed > generation.pool.length) {
    const grown = new Uint32Array(Math.max(needed, generation.pool.length * 2));
    grown.set(generation.pool);
    generation.pool = grown;
  }
  const { pool } = generation;
  pool[start] = (generation.latest.get(traceId) ?? -1) + 1;
  pool[start + 1] = spanIds.length;
  spanIds.forEach((spanId, index) => {
    pool[start + 2 + 2 * index] = high(spanId);
    pool[start + 3 + 2 * index] = low(spanId);
  });
  generation.used = needed;
  generation.latest.set(traceId, start);
}

function holds({ latest, pool }: Generation, traceId: string, spanId: string): boolean {
  const wantedHigh = high(spanId);
  const wantedLow = low(spanId);
  for (let start = latest.get(traceId) ?? -1; start >= 0; start = (pool[start] ?? 0) - 1) {
    const end = start + 2 + 2 * (pool[start + 1] ?? 0);
    for (let at = start + 2; at < end; at += 2) {
      if (pool[at] === wantedHigh && pool[at + 1] === wantedLow) return true;
    }
  }
  return false;
}

function high(spanId: string): number {
  return word(spanId, 0);
}

function low(spanId: string): number {
  return word(spanId, 8);
}

/** Eight lower-case hex digits as a number. */
function word(hex: string, from: number): number {
  let value = 0;
  for (let at = from; at < from + 8; at++) {
    const code = hex.charCodeAt(at);
    value = (value << 4) | (code < 58 ? code - 48 : code - 87);
  }
  return value >>> 0;
}
