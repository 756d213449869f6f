import type { RecordRef } from './source.ts';
import type { Span } from './span.ts';

/** Spans of one trace id in the order (start, end, parent before child), with the records they came from. */
export interface Trace {
  readonly traceId: string;
  readonly spans: readonly Span[];
  readonly refs: readonly RecordRef[];
  /** Why it was closed; `open` marks a provisional view of a trace that may still grow. */
  readonly closed: 'root-ended' | 'timed-out' | 'overflow' | 'end-of-input' | 'open';
}
