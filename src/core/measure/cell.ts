import type { Call } from '../model/operation.ts';
import type { Exemplar, Window } from '../model/window.ts';
import { addFailure, addGroup, byCount } from './error-group.ts';
import type { ErrorGroups } from './error-group.ts';
import { exemplarOf, slower } from './exemplar.ts';
import { blobQuantile, createSketch } from './sketch.ts';
import type { Sketch } from './sketch.ts';

/** Length of a window. */
export const WINDOW_MS = 300_000;
const NO_BYTES = new Uint8Array(0);

/** A window that still takes calls. */
export interface Cell {
  readonly operationId: string;
  readonly release: string;
  readonly startMs: number;
  calls: number;
  errors: number;
  clientErrors: number;
  firstMs: number;
  lastMs: number;
  durationSumMs: number;
  maxMs: number;
  /** Present while calls come in; `blob` is then out of date. */
  live: Sketch | undefined;
  blob: Uint8Array;
  slowest: Exemplar | undefined;
  /** Absent until a call fails. */
  groups: ErrorGroups | undefined;
  /** Remembered until the next call. */
  quantiles: { readonly p50Ms: number | null; readonly p95Ms: number | null } | undefined;
}

export function windowStart(ms: number): number {
  return Math.floor(ms / WINDOW_MS) * WINDOW_MS;
}

export function emptyCell(operationId: string, release: string, startMs: number): Cell {
  return {
    operationId,
    release,
    startMs,
    calls: 0,
    errors: 0,
    clientErrors: 0,
    firstMs: Infinity,
    lastMs: -Infinity,
    durationSumMs: 0,
    maxMs: 0,
    live: undefined,
    blob: NO_BYTES,
    slowest: undefined,
    groups: undefined,
    quantiles: undefined,
  };
}

export function addCall(cell: Cell, call: Call): void {
  cell.live ??= sketchOf(cell);
  cell.live.add(call.durationMs);
  cell.calls++;
  if (call.outcome === 'client-error') cell.clientErrors++;
  if (call.outcome === 'error') {
    cell.errors++;
    cell.groups ??= new Map();
    addFailure(cell.groups, call);
  }
  cell.firstMs = Math.min(cell.firstMs, call.startMs);
  cell.lastMs = Math.max(cell.lastMs, call.startMs);
  cell.durationSumMs += call.durationMs;
  cell.maxMs = Math.max(cell.maxMs, call.durationMs);
  if (cell.slowest === undefined || call.durationMs >= cell.slowest.durationMs) {
    cell.slowest = slower(cell.slowest, exemplarOf(call));
  }
  cell.quantiles = undefined;
}

/** Gives up the sketch in favour of its bytes, which take a tenth of the memory. */
export function freeze(cell: Cell): void {
  if (cell.live === undefined) return;
  cell.blob = cell.live.toBlob();
  cell.live = undefined;
}

export function mergeLatency(cell: Cell, into: Sketch): void {
  if (cell.live === undefined) into.mergeBlob(cell.blob);
  else into.merge(cell.live);
}

export function quantilesOf(cell: Cell): NonNullable<Cell['quantiles']> {
  const { live, blob } = cell;
  cell.quantiles ??=
    live === undefined
      ? { p50Ms: blobQuantile(blob, 0.5), p95Ms: blobQuantile(blob, 0.95) }
      : { p50Ms: live.quantile(0.5) ?? null, p95Ms: live.quantile(0.95) ?? null };
  return cell.quantiles;
}

export function toWindow(cell: Cell): Window {
  const {
    operationId,
    release,
    startMs,
    calls,
    errors,
    clientErrors,
    firstMs,
    lastMs,
    durationSumMs,
    maxMs,
  } = cell;
  return {
    operationId,
    release,
    startMs,
    calls,
    errors,
    clientErrors,
    firstMs,
    lastMs,
    durationSumMs,
    maxMs,
    latency: cell.live?.toBlob() ?? cell.blob,
    ...(cell.slowest === undefined ? {} : { slowest: cell.slowest }),
    errorGroups: cell.groups === undefined ? [] : byCount(cell.groups),
  };
}

export function fromWindow(window: Window): Cell {
  const { latency, errorGroups, slowest, ...figures } = window;
  const groups: ErrorGroups | undefined = errorGroups.length === 0 ? undefined : new Map();
  if (groups !== undefined) for (const group of errorGroups) addGroup(groups, group);
  return { ...figures, live: undefined, blob: latency, slowest, groups, quantiles: undefined };
}

function sketchOf(cell: Cell): Sketch {
  const sketch = createSketch();
  sketch.mergeBlob(cell.blob);
  return sketch;
}
