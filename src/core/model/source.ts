import type { Problem } from './problem.ts';
import type { Span } from './span.ts';

/** Where a record stands in a telemetry file: a byte range of the (decompressed) content of the file known by `file`. */
export interface RecordRef {
  /** Stable key of the file (identity survives a rename), not its path. */
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/** What a format made of one record (an export request, a log line): never throws, what is bad is counted in `problems`. */
export interface Decoded {
  readonly spans: readonly Span[];
  readonly problems: readonly Problem[];
}

/** One record of a source with its spans; `ref` lets an open trace be read again after a restart. */
export interface SourceRecord {
  readonly ref: RecordRef;
  readonly spans: readonly Span[];
}

/** How far a file has been read; saved with the windows in one transaction. */
export interface FilePosition {
  readonly file: string;
  /** Posix path at the last look, relative to the workspace where inside it. */
  readonly path: string;
  /** Bytes of (decompressed) content consumed, always at the end of a record. */
  readonly offset: number;
  /** Line breaks before `offset`, for locating problems by line. */
  readonly line: number;
  /** What identifies the file apart from its key: source-specific, compared as text. */
  readonly fingerprint: string;
}

/** Records read from one file in one go; positions move in the order in which batches are given. */
export interface SourceBatch {
  readonly position: FilePosition;
  readonly records: readonly SourceRecord[];
  readonly problems: readonly Problem[];
}
