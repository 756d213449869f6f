import type { Call } from '../../model/operation.ts';
import type { TraceShape } from '../../model/shape.ts';
import type { Trace } from '../../model/trace.ts';
import { windowStart } from '../cell.ts';
import { inRange } from '../release-figures.ts';
import type { StartRange } from '../release-figures.ts';
import { createTraceTree } from '../trace-tree.ts';
import { decodeParts, encodeParts } from './blob.ts';
import { childrenOf } from './children.ts';
import { shapeOf } from './parts.ts';
import type { ShapeParts } from './parts.ts';
import { requestOf } from './request.ts';
import { addParts, addShapeCall, emptyShapeCell, partsOf } from './shape-cell.ts';
import type { ShapeCell } from './shape-cell.ts';

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
  /** Shapes of this many windows take calls without being decoded first. */
  readonly maxLive?: number;
}

/** What calls look like inside, by operation, release and window of five minutes. */
export interface Shapes {
  /** Takes a closed trace with what `callsOf` gave for it; middleware has no shape. */
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

interface Slot {
  readonly operationId: string;
  readonly release: string;
  readonly startMs: number;
  /** Present while calls come in; `blob` is then out of date. */
  live: ShapeCell | undefined;
  blob: Uint8Array;
}

interface Merged {
  readonly range: string;
  readonly shape: TraceShape | null;
}

/** Windows of one operation and release by start, and the sum asked for last. */
interface Row {
  readonly slots: Map<number, Slot>;
  merged: Merged | undefined;
}

const MAX_RELEASES = 100;
const NO_BYTES = new Uint8Array(0);

export function createShapes(saved: readonly SavedShape[] = [], options: ShapesOptions = {}): Shapes {
  const { maxOperations = 10_000, maxLive = 512 } = options;
  /** By operation, then by release. */
  const rows = new Map<string, Map<string, Row>>();
  /** Least recently used first. */
  const live = new Set<Slot>();
  const dirty = new Set<Slot>();
  let keptFromMs = -Infinity;

  for (const shape of saved) {
    const slots = rowFor(shape.operationId, shape.release)?.slots;
    slots?.set(shape.startMs, { ...shape, live: undefined });
  }

  function rowFor(operationId: string, release: string): Row | undefined {
    let releases = rows.get(operationId);
    if (releases === undefined) {
      if (rows.size >= maxOperations) return undefined;
      rows.set(operationId, (releases = new Map<string, Row>()));
    }
    let row = releases.get(release);
    if (row === undefined && releases.size < MAX_RELEASES) {
      row = { slots: new Map(), merged: undefined };
      releases.set(release, row);
    }
    return row;
  }

  /** The cell that takes a call, decoded if it rested. */
  function cellFor({ operation, release, startMs: at }: Call): ShapeCell | undefined {
    const row = rowFor(operation.id, release);
    if (row === undefined) return undefined;
    const startMs = windowStart(at);
    let slot = row.slots.get(startMs);
    if (slot === undefined) {
      slot = { operationId: operation.id, release, startMs, live: undefined, blob: NO_BYTES };
      row.slots.set(startMs, slot);
    }
    row.merged = undefined;
    dirty.add(slot);
    live.delete(slot);
    live.add(slot);
    if (slot.live === undefined) {
      slot.live = emptyShapeCell();
      const parts = decodeParts(slot.blob);
      if (parts !== undefined) addParts(slot.live, parts);
    }
    if (live.size > maxLive) rest();
    return slot.live;
  }

  function rest(): void {
    const [slot] = live;
    if (slot?.live === undefined) return;
    slot.blob = encodeParts(partsOf(slot.live));
    slot.live = undefined;
    live.delete(slot);
  }

  function sumOf(slots: readonly Slot[], operationId: string, release: string): TraceShape | null {
    const sum = emptyShapeCell();
    for (const slot of slots) {
      const parts: ShapeParts | undefined =
        slot.live === undefined ? decodeParts(slot.blob) : partsOf(slot.live);
      if (parts !== undefined) addParts(sum, parts);
    }
    const startMs = Math.min(...slots.map((slot) => slot.startMs));
    return sum.calls === 0 ? null : shapeOf(partsOf(sum), operationId, release, startMs);
  }

  return {
    fold: (trace, calls) => {
      const byId = new Map<string, Call>();
      for (const call of calls) if (call.operation.kind !== 'middleware') byId.set(call.spanId, call);
      if (byId.size === 0) return;
      const tree = createTraceTree(trace.spans);
      const children = childrenOf(trace.spans, tree, byId);
      for (const span of tree.measured) {
        const call = byId.get(span.spanId);
        if (call === undefined || call.startMs < keptFromMs) continue;
        const cell = cellFor(call);
        if (cell !== undefined) addShapeCall(cell, call, children.get(span) ?? [], requestOf(span));
      }
    },
    merged: (operationId, release, range) => {
      const row = rows.get(operationId)?.get(release);
      if (row === undefined) return null;
      const slots = [...row.slots.values()].filter(({ startMs }) => inRange(startMs, range));
      const stamp = slots.map(({ startMs }) => startMs).join();
      if (row.merged?.range !== stamp)
        row.merged = { range: stamp, shape: sumOf(slots, operationId, release) };
      return row.merged.shape;
    },
    dropBefore: (ms) => {
      if (ms <= keptFromMs) return;
      keptFromMs = ms;
      for (const [operationId, releases] of rows) {
        for (const [release, row] of releases) {
          for (const slot of row.slots.values()) {
            if (slot.startMs >= ms) continue;
            row.slots.delete(slot.startMs);
            live.delete(slot);
            dirty.delete(slot);
            row.merged = undefined;
          }
          if (row.slots.size === 0) releases.delete(release);
        }
        if (releases.size === 0) rows.delete(operationId);
      }
    },
    dirty: () =>
      [...dirty].map((slot) => ({
        operationId: slot.operationId,
        release: slot.release,
        startMs: slot.startMs,
        blob: slot.live === undefined ? slot.blob : encodeParts(partsOf(slot.live)),
      })),
    markSaved: () => {
      dirty.clear();
    },
  };
}
