import type { SpanKind } from './span.ts';
import type { CallException } from './operation.ts';

/** How often an operation calls one thing beneath it, and how long that takes. */
export interface ChildShape {
  /** Stable name of what is called, with ids masked: `client GET inventory /stock/:sku`; unique within its shape. */
  readonly key: string;
  /** For a person: `GET inventory /stock/:sku`. */
  readonly name: string;
  readonly kind: SpanKind;
  /** Occurrences over all calls. */
  readonly total: number;
  /** Calls by number of occurrences, `[occurrences, calls]` ascending and without zero; 100 stands for 100 and more. */
  readonly counts: readonly (readonly [occurrences: number, calls: number])[];
  /** Occurrences that started before an earlier one of the same key and call had ended. */
  readonly overlapping: number;
  readonly durationSumMs: number;
  /** Serialised latency sketch, see `measure/sketch.ts`. */
  readonly latency: Uint8Array;
}

/** Outcome of calls by the value of one input attribute. */
export interface AttributeShape {
  /** `path.customerId`, `query.sort`, or an attribute of the span such as `user_agent.original`. */
  readonly key: string;
  /** At most 32 values; those beyond are counted under the value `(other)`, calls without it under `(absent)`. Untrusted. */
  readonly values: readonly { readonly value: string; readonly good: number; readonly failed: number }[];
}

/** One call as it can be sent again: what telemetry says of the request, and how it was answered. */
export interface CallSample {
  readonly method: string;
  /** Path without query as requested, untrusted. */
  readonly path: string;
  /** Raw query without `?`, untrusted; empty for none. */
  readonly query: string;
  readonly statusCode?: number;
  readonly outcome: 'ok' | 'error' | 'client-error';
  readonly durationMs: number;
  readonly startMs: number;
  readonly traceId: string;
  /** The exception of a failed call. */
  readonly exception?: CallException;
}

/** What the calls of one operation, release and five-minute window look like inside; shapes merge by adding. */
export interface TraceShape {
  readonly operationId: string;
  readonly release: string;
  /** Milliseconds since the epoch, a multiple of 300,000. */
  readonly startMs: number;
  /** Calls whose traces were folded in. */
  readonly calls: number;
  /** At most 64, those with most time in all first; what is beyond is dropped and counted in `droppedChildren`. */
  readonly children: readonly ChildShape[];
  readonly droppedChildren: number;
  /** How often one child (by key; the empty key is start or end of the call) directly follows another; at most 256. */
  readonly follows: readonly { readonly from: string; readonly to: string; readonly count: number }[];
  readonly attributes: readonly AttributeShape[];
  /** At most 8 good and 8 failed ones, as different from each other as they come. */
  readonly samples: readonly CallSample[];
}
