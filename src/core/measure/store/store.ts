import type { Problem } from '../../model/problem.ts';
import type { FilePosition, RecordRef } from '../../model/source.ts';
import type { SavedShape } from '../shapes/shapes.ts';
import type { DirtyMeasures, SavedMeasures } from '../windows.ts';

/** A record to be read again after a restart, as the assembler names it. */
export interface StoredPending {
  readonly ref: RecordRef;
  readonly traceIds: readonly string[];
}

/** Everything a restart needs. */
export interface StoredState extends SavedMeasures {
  readonly shapes: readonly SavedShape[];
  readonly positions: readonly FilePosition[];
  /** In order of arrival. */
  readonly pending: readonly StoredPending[];
}

/** One step forward: changed windows, shapes and positions, and all of the pending records. */
export interface StoreCommit extends DirtyMeasures {
  /** Kept where the operation is known, and dropped together with windows of that time. */
  readonly shapes: readonly SavedShape[];
  readonly positions: readonly FilePosition[];
  readonly pending: readonly StoredPending[];
}

/** `acquired`: this process became the writer just now and must load before it commits. */
export type LeaseState = 'kept' | 'acquired' | 'denied';

/** Where measures live between sessions; one writer at a time, by lease. */
export interface Store {
  readonly load: () => StoredState;
  /** All or nothing; false where this process is not the writer (any more) or the disk refused, with a problem then. */
  readonly commit: (changes: StoreCommit) => boolean;
  /** True while this process holds the lease. */
  readonly isWriter: () => boolean;
  /** To be called every few seconds: keeps the lease, or takes one that nobody kept for ten seconds. */
  readonly renew: () => LeaseState;
  /** True when another process committed since the last look or load. */
  readonly changed: () => boolean;
  readonly problems: () => readonly Problem[];
  /** Gives the lease back. */
  readonly close: () => void;
}
