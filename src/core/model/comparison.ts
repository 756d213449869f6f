import type { Handler } from './handler.ts';
import type { Operation } from './operation.ts';
import type { TraceShape } from './shape.ts';
import type { HandlerTests } from './test.ts';
import type { ErrorGroup } from './window.ts';

/** A latency distribution: `[milliseconds, calls]` ascending, exact to 0.5 %. */
export type LatencyBins = readonly (readonly [ms: number, calls: number])[];

/** Everything measured of one operation over one release or period. */
export interface OperationSample {
  readonly release: string;
  readonly calls: number;
  readonly errors: number;
  readonly clientErrors: number;
  /** First and last event, milliseconds since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly latency: LatencyBins;
  readonly errorGroups: readonly ErrorGroup[];
  /** Merged over all windows; null where no trace was seen whole. */
  readonly shape: TraceShape | null;
  /** Latencies of the shape's children by key; absent where they were not kept, and means have to do. */
  readonly childLatency?: readonly { readonly key: string; readonly latency: LatencyBins }[];
}

/** One operation now and before; `before` is null where there is nothing to compare with, and `why` says so. */
export interface OperationComparison {
  readonly operation: Operation;
  /** Null where correlation names no handler. */
  readonly handlerId: string | null;
  readonly now: OperationSample;
  readonly before: OperationSample | null;
  readonly why?: string;
  /** With `before` null: the newest earlier release that was no fair baseline, as it holds too few calls or was itself anomalous. */
  readonly passedOver?: OperationSample;
}

/** A handler with its production traffic (all its operations, the current release) and its tests. */
export interface HandlerTraffic {
  readonly handler: Handler;
  readonly calls: number;
  readonly errors: number;
  readonly release: string;
  readonly operations: readonly OperationSample[];
  /** Operation with the most calls. */
  readonly operation: Operation;
  readonly tests: HandlerTests;
}

/** What all detectors look at: one release (or file) against one before. */
export interface DetectInput {
  readonly comparisons: readonly OperationComparison[];
  readonly handlers: readonly HandlerTraffic[];
}
