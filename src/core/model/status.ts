import type { Problem } from './problem.ts';

/** One telemetry file as a source sees it. */
export interface FileStatus {
  /** Posix, relative to the workspace where inside it. */
  readonly path: string;
  /** Format id, or null with the reason in `note`. */
  readonly format: string | null;
  readonly note?: string;
  /** How records stand in it; absent where it was not read. */
  readonly framing?: 'text' | 'length-prefixed' | 'protobuf';
  /** Of the whole file, or of each of its messages; absent where there is none. */
  readonly compression?: 'gzip' | 'zstd' | 'zstd per message';
  readonly bytes: number;
  readonly records: number;
  readonly spans: number;
}

/** A configured telemetry path and what stands there. */
export interface TelemetryPath {
  readonly path: string;
  readonly state: 'folder' | 'file' | 'absent' | 'unreadable';
}

/** A receiver of telemetry that listens, and what was sent to it since it was started. */
export interface ReceiverStatus {
  /** `host:port`, all of loopback; the first is the one to show. */
  readonly addresses: readonly string[];
  /** Export requests taken, those with metrics too. */
  readonly requests: number;
  readonly spans: number;
  /** Spans and log records that could not be taken out of requests that were. */
  readonly rejected: number;
  /** Taken and dropped: metrics are not read. */
  readonly metricRequests: number;
  /** Requests refused, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Bytes of the files in which requests wait until they are read. */
  readonly spoolBytes: number;
}

/** Where the engine is and what it holds, small enough to push after every change. */
export interface EngineStatus {
  readonly phase: 'starting' | 'indexing' | 'reading' | 'ready';
  readonly handlers: number;
  readonly handlersMeasured: number;
  readonly unresolved: number;
  readonly operations: number;
  readonly operationsMapped: number;
  readonly calls: number;
  readonly spans: number;
  readonly testCases: number;
  /** Newest event, milliseconds since the epoch; null before any. */
  readonly newestMs: number | null;
  readonly telemetry: readonly TelemetryPath[];
  readonly problemCount: number;
  /** True when another window writes the store and this one only reads. */
  readonly readOnlyStore: boolean;
  /** Absent: nothing is received. */
  readonly receiver?: ReceiverStatus;
}

/** "Why is there nothing here?" as data: everything that explains figures or their absence. */
export interface DoctorReport {
  readonly status: EngineStatus;
  readonly files: readonly FileStatus[];
  /** Findings in order of weight, each with what to do about it. */
  readonly findings: readonly {
    readonly level: 'ok' | 'info' | 'warning' | 'error';
    readonly code: string;
    readonly message: string;
    readonly advice?: string;
  }[];
  /** Operations without a handler, grouped by reason. */
  readonly unmapped: readonly {
    readonly reason: string;
    readonly operations: readonly {
      readonly name: string;
      readonly service: string;
      readonly calls: number;
      readonly detail: string;
    }[];
  }[];
  readonly problems: readonly Problem[];
}
