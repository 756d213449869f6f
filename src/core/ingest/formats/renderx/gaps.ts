import { unwrap } from './envelope.ts';
import { messageOf } from './read-message.ts';
import { createSession } from './session.ts';

/** A stretch of a log in which nothing was written. */
export interface Gap {
  /** The first line after it, from 1. */
  readonly line: number;
  /** Milliseconds since the epoch. */
  readonly fromMs: number;
  readonly durationMs: number;
  /** Latency while a handler had been called and had not reported; else silence, mostly a user thinking. */
  readonly kind: 'latency' | 'idle';
  /** Events whose handlers were awaited. */
  readonly waitingFor: readonly string[];
}

/** The gaps of at least `minMs` between stamped lines of a conductor's log; lines without time neither end nor begin one. Pure. */
export function gapsOf(lines: Iterable<string>, minMs = 1000): readonly Gap[] {
  const session = createSession({ path: '', key: '' });
  const gaps: Gap[] = [];
  let lastMs: number | undefined;
  let number = 0;
  for (const line of lines) {
    number += 1;
    const { text, prefixed, timeMs } = unwrap(line.slice(0, 8192));
    if (timeMs !== undefined) {
      if (lastMs !== undefined && timeMs - lastMs >= minMs) {
        const waitingFor = [...new Set(session.outstanding().flatMap(({ event }) => event ?? []))];
        const kind = waitingFor.length > 0 ? 'latency' : 'idle';
        gaps.push({ line: number, fromMs: lastMs, durationMs: timeMs - lastMs, kind, waitingFor });
      }
      lastMs = Math.max(lastMs ?? timeMs, timeMs);
    }
    session.take({ number, prefixed, text, timeMs }, messageOf(text));
    session.drain();
  }
  return gaps;
}
