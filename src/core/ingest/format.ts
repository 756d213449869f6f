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

const headBytes = 4096;

export function headOf(bytes: Buffer): Head {
  const start = bytes.length > headBytes ? bytes.subarray(0, headBytes) : bytes;
  return { bytes: start, text: start.toString('utf8') };
}

/** Where a line of a log stands. */
export interface LogPlace {
  /** From 1. */
  readonly line: number;
  /** The log ends here without a line break: the line may yet grow. */
  readonly torn?: boolean;
}

/** At most the first 4,096 bytes of a record or of a file's content, and the same as text. */
export interface Head {
  readonly bytes: Buffer;
  readonly text: string;
}

/** Input with everything it must decode to; test, documentation and preview at once. */
export interface FormatExample {
  /** One record, as it would stand in a file; of a log all its lines. */
  readonly input: string | Buffer;
  readonly spans: readonly Span[];
}

interface Described {
  readonly id: string;
  readonly title: string;
  /** Told from the start of a record or of a whole file whether it is likely one of this format; cheap. */
  recognises(head: Head): boolean;
  readonly example: FormatExample;
}

/** A way of writing telemetry in records that each stand for themselves. */
export interface RecordFormat extends Described {
  /** Never throws: what is bad is counted, everything else in the record survives. */
  decode(record: Buffer, at: RecordPlace): Decoded;
  /**
   * A quicker way to the same spans with those attributes alone that are read anywhere (`model/attribute-keys.ts`);
   * undefined where `decode` has to look, as for everything that is bad.
   */
  scan?(record: Buffer, at: RecordPlace): readonly Span[] | undefined;
  readonly open?: undefined;
}

/** A log whose lines mean something only together. */
export interface LogFormat extends Described {
  /** `key` names the file for good, `path` as it is shown now. */
  open(file: { readonly path: string; readonly key: string }): Decoder;
  readonly decode?: undefined;
}

/** A way in which telemetry is written down. */
export type Format = RecordFormat | LogFormat;

/**
 * Reads one log from its start. What it gives depends on the key and the lines alone, never on how often the reading was
 * interrupted: a reader that goes on in the middle feeds the lines before again and drops what they give.
 */
export interface Decoder {
  /** What became complete with this line. Never throws. */
  decode(line: string, at: LogPlace): Decoded;
  /** What only the end of the log makes complete; more lines may follow, and give none of it again. */
  end(): Decoded;
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
