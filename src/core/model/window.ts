import type { CodeHint, Operation } from './operation.ts';

export interface Exemplar {
  readonly traceId: string;
  readonly spanId: string;
  readonly startMs: number;
  readonly durationMs: number;
}

/** Calls that failed alike; `message` is a template with the variable parts masked. */
export interface ErrorGroup {
  readonly key: string;
  readonly type: string;
  readonly message: string;
  readonly count: number;
  readonly exemplar: Exemplar;
  /** Topmost frames as emitted, untrusted. */
  readonly stack?: string;
}

/** Five minutes of one operation and release; windows merge by adding. */
export interface Window {
  readonly operationId: string;
  readonly release: string;
  /** Start of the window, milliseconds since the epoch, a multiple of 300,000. */
  readonly startMs: number;
  readonly calls: number;
  readonly errors: number;
  readonly clientErrors: number;
  /** Event time of the first and the last call, milliseconds since the epoch. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly durationSumMs: number;
  readonly maxMs: number;
  /** Serialised latency sketch, see `measure/sketch.ts`. */
  readonly latency: Uint8Array;
  readonly slowest?: Exemplar;
  readonly errorGroups: readonly ErrorGroup[];
}

/** An operation with what its spans said of the code, as known so far. */
export interface KnownOperation {
  readonly operation: Operation;
  /** Distinct hints seen, most frequent first, at most five. */
  readonly hints: readonly CodeHint[];
  /** Releases in the order of their first event, with the time of it. */
  readonly releases: readonly {
    readonly release: string;
    readonly firstMs: number;
    readonly lastMs: number;
  }[];
}

export interface Percentiles {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** Figures of one operation and release over a span of event time. */
export interface OperationMetrics {
  readonly operation: Operation;
  readonly release: string;
  readonly calls: number;
  readonly errors: number;
  readonly clientErrors: number;
  /** 0..1 */
  readonly errorRate: number;
  readonly meanMs: number;
  readonly maxMs: number;
  /** Null under five calls. */
  readonly percentiles: Percentiles | null;
  /** First and last event, milliseconds since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly slowest?: Exemplar;
  readonly errorGroups: readonly ErrorGroup[];
  /** Median latency (ms; null where no calls) and calls per window, oldest first, for a sparkline. */
  readonly series: readonly {
    readonly startMs: number;
    readonly calls: number;
    readonly errors: number;
    readonly p50Ms: number | null;
    readonly p95Ms: number | null;
  }[];
  readonly baseline: Baseline;
}

/** What the current figures are compared with; `none` says why. */
export type Baseline =
  | {
      readonly kind: 'release' | 'period';
      readonly release: string;
      readonly calls: number;
      readonly errorRate: number;
      readonly p50Ms: number;
      readonly p95Ms: number;
    }
  | { readonly kind: 'none'; readonly reason: string };
