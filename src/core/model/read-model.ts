import type { Correlation } from './correlation.ts';
import type { Handler, Unresolved } from './handler.ts';
import type { HandlerTests } from './test.ts';
import type { OperationMetrics } from './window.ts';

/** Everything the surfaces say about one handler. */
export interface HandlerModel {
  readonly handler: Handler;
  /** One per operation and live release, newest release first; empty where nothing was measured. */
  readonly metrics: readonly OperationMetrics[];
  /** Set exactly when `metrics` is not empty. */
  readonly rung?: 1 | 2 | 3 | 4;
  /** Why there are no figures, one sentence; set exactly when `metrics` is empty. */
  readonly emptyReason?: string;
  /** True when the function's syntax changed after its newest call was measured. */
  readonly editedSinceMeasured: boolean;
  /** Absent until tests are known. */
  readonly tests?: HandlerTests;
}

/** All handlers defined or registered in one file. */
export interface FileModel {
  /** Posix, relative to the workspace. */
  readonly path: string;
  readonly handlers: readonly HandlerModel[];
  readonly unresolved: readonly Unresolved[];
  /** True while the text does not parse: handlers may be missing that will be back. */
  readonly broken?: boolean;
}

export interface OperationRow {
  readonly metrics: OperationMetrics;
  readonly correlation: Correlation;
}
