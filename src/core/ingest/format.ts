import type { Problem } from '../model/problem.ts';
import type { Decoded } from '../model/source.ts';
import type { Span } from '../model/span.ts';

/** Where a record stands, for the problems found in it. */
export interface RecordPlace {
  /** Posix, relative to the workspace where inside it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Wall clock in milliseconds; spans over one hour later are rejected. Absent: no time is too late. */
  readonly nowMs?: number;
}

/** Input with everything it must decode to; test, documentation and preview at once. */
export interface FormatExample {
  /** One record, as it would stand in a file. */
  readonly input: string;
  readonly spans: readonly Span[];
}

/** A way in which telemetry is written down. */
export interface Format {
  readonly id: string;
  readonly title: string;
  /** Told from the first characters of a record (at most 4,096) whether it is likely one of this format; cheap. */
  recognises(head: string): boolean;
  /** Never throws: what is bad is counted, everything else in the record survives. */
  decode(record: string, at: RecordPlace): Decoded;
  readonly example: FormatExample;
}

/** Counts problems by file and code; the first of each kind gives its line and message. */
export interface Tally {
  add(problem: Problem): void;
  list(): readonly Problem[];
  readonly size: number;
}

export function createTally(): Tally {
  const byKey = new Map<string, Problem>();
  return {
    add(problem) {
      const key = `${problem.file}\n${problem.code}`;
      const known = byKey.get(key);
      byKey.set(key, known ? { ...known, count: known.count + problem.count } : problem);
    },
    list: () => [...byKey.values()],
    get size() {
      return byKey.size;
    },
  };
}
