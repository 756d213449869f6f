import type { Call, CodeHint, Operation } from '../model/operation.ts';
import type { KnownOperation } from '../model/window.ts';
import { addCall, emptyCell, freeze, windowStart } from './cell.ts';
import type { Cell } from './cell.ts';
import { nothingSettled } from './total.ts';
import type { Settled } from './total.ts';

export interface TimeRange {
  firstMs: number;
  lastMs: number;
}

/** An operation with its windows. */
export interface Entry {
  readonly operation: Operation;
  readonly hints: Map<string, { readonly hint: CodeHint; count: number }>;
  readonly releases: Map<string, TimeRange>;
  /** By release, then by start. */
  readonly cells: Map<string, Map<number, Cell>>;
  /** The one cell whose sketch is not serialised. */
  live: Cell | undefined;
  /** Grows with every change. */
  version: number;
  /** Grows when a cell other than the live one may have changed. */
  settledVersion: number;
  readonly settled: Settled;
}

/** An operation with how often each of its hints was seen: what a restart needs. */
export interface SavedOperation extends KnownOperation {
  /** Parallel to `hints`. */
  readonly hintCounts: readonly number[];
}

/** Releases of one service in one environment. */
export interface ServiceReleases {
  newestMs: number;
  readonly releases: Map<string, TimeRange>;
}

/** Calls entered by operation, release and window. */
export interface Book {
  readonly entries: Map<string, Entry>;
  readonly services: Map<string, ServiceReleases>;
}

const MAX_HINTS = 20;
const SHOWN_HINTS = 5;
const MAX_RELEASES = 100;
const OTHER_RELEASE = '(other)';

export function createBook(): Book {
  return { entries: new Map(), services: new Map() };
}

export function serviceKey(operation: Operation): string {
  let key = serviceKeys.get(operation);
  if (key === undefined) {
    key = JSON.stringify([operation.service, operation.environment]);
    serviceKeys.set(operation, key);
  }
  return key;
}

const serviceKeys = new WeakMap<Operation, string>();

export function entryFor(book: Book, operation: Operation): Entry {
  let entry = book.entries.get(operation.id);
  if (entry === undefined) {
    entry = {
      operation,
      hints: new Map(),
      releases: new Map(),
      cells: new Map(),
      live: undefined,
      version: 0,
      settledVersion: 0,
      settled: nothingSettled(),
    };
    book.entries.set(operation.id, entry);
  }
  return entry;
}

/** Adds a call to its window; the caller has settled which entry it belongs to. */
export function enter(book: Book, entry: Entry, call: Call): Cell {
  const known = entry.releases.has(call.release) || entry.releases.size < MAX_RELEASES;
  const cell = cellFor(entry, known ? call.release : OTHER_RELEASE, windowStart(call.startMs));
  if (entry.live !== cell) {
    if (entry.live !== undefined) freeze(entry.live);
    entry.live = cell;
    entry.settledVersion++;
  }
  addCall(cell, call);
  widen(entry.releases, cell.release, call.startMs, call.startMs);
  enterRelease(book, entry.operation, cell.release, call.startMs, call.startMs);
  if (call.hint !== undefined) countHint(entry, call.hint, 1);
  entry.version++;
  return cell;
}

export function enterRelease(
  book: Book,
  operation: Operation,
  release: string,
  firstMs: number,
  lastMs: number,
): void {
  const key = serviceKey(operation);
  const service = book.services.get(key) ?? { newestMs: -Infinity, releases: new Map<string, TimeRange>() };
  book.services.set(key, service);
  service.newestMs = Math.max(service.newestMs, lastMs);
  widen(service.releases, release, firstMs, lastMs);
}

export function addCell(entry: Entry, cell: Cell): void {
  const ofRelease = entry.cells.get(cell.release) ?? new Map<number, Cell>();
  entry.cells.set(cell.release, ofRelease);
  ofRelease.set(cell.startMs, cell);
}

export function countHint(entry: Entry, hint: CodeHint, count: number): void {
  // Most calls of an operation say the same.
  const { value: usual } = entry.hints.values().next();
  if (usual !== undefined && isSameHint(usual.hint, hint)) {
    usual.count += count;
    return;
  }
  const key = JSON.stringify([hint.function, hint.file, hint.line, hint.column, hint.handler]);
  const known = entry.hints.get(key);
  if (known !== undefined) known.count += count;
  else if (entry.hints.size < MAX_HINTS) entry.hints.set(key, { hint, count });
}

function isSameHint(a: CodeHint, b: CodeHint): boolean {
  return (
    a.handler === b.handler &&
    a.function === b.function &&
    a.file === b.file &&
    a.line === b.line &&
    a.column === b.column
  );
}

export function knownOperation(entry: Entry): KnownOperation {
  const hints = hintsByCount(entry).slice(0, SHOWN_HINTS);
  return {
    operation: entry.operation,
    hints: hints.map(({ hint }) => hint),
    releases: releasesOf(entry.releases),
  };
}

export function savedOperation(entry: Entry): SavedOperation {
  const hints = hintsByCount(entry);
  return {
    operation: entry.operation,
    hints: hints.map(({ hint }) => hint),
    hintCounts: hints.map(({ count }) => count),
    releases: releasesOf(entry.releases),
  };
}

/** In the order of their first event. */
export function releasesOf(releases: ReadonlyMap<string, TimeRange>): KnownOperation['releases'] {
  return [...releases]
    .map(([release, range]) => ({ release, ...range }))
    .toSorted((a, b) => a.firstMs - b.firstMs || a.lastMs - b.lastMs || (a.release < b.release ? -1 : 1));
}

export function widen(ranges: Map<string, TimeRange>, key: string, firstMs: number, lastMs: number): void {
  const range = ranges.get(key);
  if (range === undefined) {
    ranges.set(key, { firstMs, lastMs });
    return;
  }
  range.firstMs = Math.min(range.firstMs, firstMs);
  range.lastMs = Math.max(range.lastMs, lastMs);
}

function hintsByCount(entry: Entry): readonly { readonly hint: CodeHint; readonly count: number }[] {
  return [...entry.hints.values()].toSorted((a, b) => b.count - a.count);
}

function cellFor(entry: Entry, release: string, startMs: number): Cell {
  const known = entry.cells.get(release)?.get(startMs);
  if (known !== undefined) return known;
  const cell = emptyCell(entry.operation.id, release, startMs);
  addCell(entry, cell);
  return cell;
}
