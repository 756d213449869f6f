import type { Call } from '../../model/operation.ts';
import type { TraceShape } from '../../model/shape.ts';
import type { Trace } from '../../model/trace.ts';
import type { StartRange } from '../release-figures.ts';

/** What a store keeps of the shape of one operation, release and window. */
export interface SavedShape {
  readonly operationId: string;
  readonly release: string;
  /** Milliseconds since the epoch, a multiple of 300,000. */
  readonly startMs: number;
  /** See `blob.ts`. */
  readonly blob: Uint8Array;
}

export interface ShapesOptions {
  /** Shapes of further operations are not kept. */
  readonly maxOperations?: number;
}

/** What calls look like inside, by operation, release and window of five minutes. */
export interface Shapes {
  /** Takes a closed trace with what `callsOf` gave for it. */
  readonly fold: (trace: Trace, calls: readonly Call[]) => void;
  /** Sum over the windows of one release (those that start in the range, where given); null where there are none. */
  readonly merged: (operationId: string, release: string, range?: StartRange) => TraceShape | null;
  /** Forgets windows that start before this, and takes no calls of that time any more. */
  readonly dropBefore: (ms: number) => void;
  /** Changed since the last `markSaved`. */
  readonly dirty: () => readonly SavedShape[];
  /** To be called when what `dirty` gave is committed, with no fold in between. */
  readonly markSaved: () => void;
}

export function createShapes(_saved: readonly SavedShape[] = [], _options: ShapesOptions = {}): Shapes {
  return {
    fold: () => undefined,
    merged: () => null,
    dropBefore: () => undefined,
    dirty: () => [],
    markSaved: () => undefined,
  };
}
