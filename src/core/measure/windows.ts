import type { Call, Operation } from '../model/operation.ts';
import type { Problem } from '../model/problem.ts';
import type { KnownOperation, OperationMetrics, Window } from '../model/window.ts';
import { addCell, countHint, createBook, enter, enterRelease, entryFor, knownOperation } from './book.ts';
import { releasesOf, savedOperation, serviceKey, widen } from './book.ts';
import type { Book, Entry, SavedOperation, TimeRange } from './book.ts';
import { fromWindow, toWindow, windowStart, WINDOW_MS } from './cell.ts';
import type { Cell } from './cell.ts';
import { metricsOf } from './query.ts';
import { figuresOf, releaseTimesOf } from './release-figures.ts';
import type { ReleaseFigures, ReleaseTimes, StartRange } from './release-figures.ts';
import { nothingSettled } from './total.ts';

export interface WindowsOptions {
  /** Windows older than this before the newest event are dropped. */
  readonly retentionDays?: number;
  /** Calls of further operations are counted under one operation `(other)`. */
  readonly maxOperations?: number;
}

/** What a store keeps of the windows. */
export interface SavedMeasures {
  readonly windows: readonly Window[];
  readonly operations: readonly SavedOperation[];
}

/** What changed since the last save. */
export interface DirtyMeasures extends SavedMeasures {
  /** Windows that start before this were dropped by retention; null: none. */
  readonly droppedBeforeMs: number | null;
}

/** Calls folded into windows of five minutes by event time, and what they say at present. */
export interface Windows {
  readonly fold: (calls: readonly Call[]) => void;
  /** Replaces the provisional calls (of traces still open): they show in every query and are never folded. */
  readonly setProvisional: (calls: readonly Call[]) => void;
  /** Rows of the live releases of an operation, newest first; the same array until something changes. */
  readonly metrics: (operationId: string) => readonly OperationMetrics[];
  readonly operations: () => readonly KnownOperation[];
  readonly operation: (operationId: string) => KnownOperation | undefined;
  /** Sum over the folded windows of one release (those that start in the range, where given); null where there are none. */
  readonly sampleOf: (operationId: string, release: string, range?: StartRange) => ReleaseFigures | null;
  /** Releases that called the operation, in the order of their first event, with their folded windows. */
  readonly releasesOf: (operationId: string) => readonly ReleaseTimes[];
  /** Ids of the operations whose metrics may differ from those before the last call of this function. */
  readonly takeChanged: () => readonly string[];
  /** Newest start of a call, folded or provisional, milliseconds since the epoch. */
  readonly newestMs: () => number | null;
  /** What starts before this is outside the retention. */
  readonly keptFromMs: () => number;
  /** Calls folded (not provisional), those outside the retention excepted. */
  readonly callCount: () => number;
  readonly dirty: () => DirtyMeasures;
  /** To be called when what `dirty` gave is committed, with no fold in between. */
  readonly markSaved: () => void;
  readonly problems: () => readonly Problem[];
}

interface Cached {
  readonly stamp: string;
  readonly rows: readonly OperationMetrics[];
}

const DAY_MS = 86_400_000;
const OTHER: Operation = {
  id: JSON.stringify(['', '', 'internal', '', '', '(other)']),
  service: '',
  environment: '',
  kind: 'internal',
  name: '(other)',
};

export function createWindows(saved?: SavedMeasures, options: WindowsOptions = {}): Windows {
  const { retentionDays = 30, maxOperations = 10_000 } = options;
  const folded = createBook();
  let provisional = createBook();
  let provisionalVersion = 0;
  const cache = new Map<string, Cached>();
  const changed = new Set<string>();
  /** Stamp of each service when `takeChanged` last looked. */
  const seenStamps = new Map<string, string>();
  const dirtyCells = new Set<Cell>();
  const dirtyEntries = new Set<Entry>();
  const dropped = { beforeMs: null as number | null, tooOld: 0, crowdedOut: 0 };
  let newestMs = -Infinity;
  let keptFromMs = -Infinity;
  let callCount = 0;

  for (const operation of saved?.operations ?? []) restoreOperation(folded, operation);
  for (const window of saved?.windows ?? []) {
    const entry = folded.entries.get(window.operationId);
    if (entry === undefined) continue;
    addCell(entry, fromWindow(window));
    callCount += window.calls;
    newestMs = Math.max(newestMs, window.lastMs);
    changed.add(window.operationId);
  }
  keptFromMs = retainedFrom();

  function retainedFrom(): number {
    return windowStart(newestMs - retentionDays * DAY_MS);
  }

  function entryOf(book: Book, operation: Operation): Entry {
    const room = folded.entries.size < maxOperations || folded.entries.has(operation.id);
    if (!room && book === folded) dropped.crowdedOut++;
    return entryFor(book, room ? operation : OTHER);
  }

  function dropOld(): void {
    keptFromMs = retainedFrom();
    for (const [id, entry] of folded.entries) {
      for (const [release, cells] of entry.cells) {
        for (const cell of cells.values()) {
          if (cell.startMs >= keptFromMs) continue;
          cells.delete(cell.startMs);
          dirtyCells.delete(cell);
          if (entry.live === cell) entry.live = undefined;
          callCount -= cell.calls;
          entry.version++;
          entry.settledVersion++;
          changed.add(id);
          dropped.beforeMs = keptFromMs;
        }
        if (cells.size > 0) continue;
        entry.cells.delete(release);
        entry.releases.delete(release);
        dirtyEntries.add(entry);
      }
      if (entry.cells.size > 0) continue;
      folded.entries.delete(id);
      dirtyEntries.delete(entry);
      cache.delete(id);
    }
    if (dropped.beforeMs !== null) rebuildServices(folded);
  }

  function stampOf(key: string): string {
    return [folded, provisional]
      .map((book) => book.services.get(key))
      .map((service) =>
        service === undefined
          ? ''
          : `${windowStart(service.newestMs)} ${releasesOf(service.releases)
              .map(({ release, firstMs }) => `${release}@${windowStart(firstMs)}`)
              .join()}`,
      )
      .join('|');
  }

  function metrics(id: string): readonly OperationMetrics[] {
    const entries = [folded, provisional].flatMap((book) => book.entries.get(id) ?? []);
    const operation = entries[0]?.operation;
    if (operation === undefined) return [];
    const key = serviceKey(operation);
    const parts = [folded, provisional].map((book) => book.entries.get(id)?.version ?? '');
    const stamp = `${parts.join()} ${provisional.entries.has(id) ? provisionalVersion : ''} ${stampOf(key)}`;
    const known = cache.get(id);
    if (known?.stamp === stamp) return known.rows;
    const services = [folded, provisional].flatMap((book) => book.services.get(key) ?? []);
    const releases = new Map<string, TimeRange>();
    for (const service of services) {
      for (const [release, range] of service.releases) widen(releases, release, range.firstMs, range.lastMs);
    }
    const newest = services.reduce((latest, service) => Math.max(latest, service.newestMs), -Infinity);
    const entry = folded.entries.get(id);
    const rows = metricsOf({
      operation,
      cells: entry?.cells ?? new Map(),
      live: entry?.live,
      provisional: provisional.entries.get(id)?.cells ?? new Map(),
      newestMs: newest,
      releases,
      settled: entry?.settled ?? nothingSettled(),
      version: entry?.settledVersion ?? 0,
    });
    cache.set(id, { stamp, rows });
    return rows;
  }

  function knownOf(id: string): KnownOperation | undefined {
    const entry = folded.entries.get(id) ?? provisional.entries.get(id);
    return entry === undefined ? undefined : knownOperation(entry);
  }

  return {
    fold: (calls) => {
      for (const call of calls) {
        if (call.startMs < keptFromMs) {
          dropped.tooOld++;
          continue;
        }
        const entry = entryOf(folded, call.operation);
        dirtyCells.add(enter(folded, entry, call));
        dirtyEntries.add(entry);
        changed.add(entry.operation.id);
        callCount++;
        newestMs = Math.max(newestMs, call.startMs);
      }
      if (retainedFrom() > keptFromMs + WINDOW_MS) dropOld();
    },
    setProvisional: (calls) => {
      const before = provisional;
      if (calls.length === 0 && before.entries.size === 0) return;
      provisional = createBook();
      provisionalVersion++;
      for (const call of calls) enter(provisional, entryOf(provisional, call.operation), call);
      for (const id of [...before.entries.keys(), ...provisional.entries.keys()]) changed.add(id);
    },
    metrics,
    operations: () =>
      [...new Set([...folded.entries.keys(), ...provisional.entries.keys()])].flatMap(
        (id) => knownOf(id) ?? [],
      ),
    operation: knownOf,
    sampleOf: (id, release, range) => figuresOf(folded.entries.get(id), release, range),
    releasesOf: (id) => releaseTimesOf(folded.entries.get(id)),
    keptFromMs: () => keptFromMs,
    takeChanged: () => {
      const moved = new Set<string>();
      for (const key of new Set([...folded.services.keys(), ...provisional.services.keys()])) {
        const stamp = stampOf(key);
        if (seenStamps.get(key) !== stamp) moved.add(key);
        seenStamps.set(key, stamp);
      }
      for (const [id, entry] of folded.entries) {
        if (moved.has(serviceKey(entry.operation))) changed.add(id);
      }
      const ids = [...changed];
      changed.clear();
      return ids;
    },
    newestMs: () => {
      let latest = newestMs;
      for (const service of provisional.services.values()) latest = Math.max(latest, service.newestMs);
      return latest === -Infinity ? null : latest;
    },
    callCount: () => callCount,
    dirty: () => ({
      windows: [...dirtyCells].map(toWindow),
      operations: [...dirtyEntries].map(savedOperation),
      droppedBeforeMs: dropped.beforeMs,
    }),
    markSaved: () => {
      dirtyCells.clear();
      dirtyEntries.clear();
      dropped.beforeMs = null;
    },
    problems: () => problemsOf(dropped, maxOperations, retentionDays),
  };
}

function restoreOperation(book: Book, saved: SavedOperation): void {
  const entry = entryFor(book, saved.operation);
  saved.hints.forEach((hint, index) => countHint(entry, hint, saved.hintCounts[index] ?? 1));
  for (const { release, firstMs, lastMs } of saved.releases) {
    widen(entry.releases, release, firstMs, lastMs);
    enterRelease(book, saved.operation, release, firstMs, lastMs);
  }
}

function rebuildServices(book: Book): void {
  book.services.clear();
  for (const { operation, releases } of book.entries.values()) {
    for (const [release, range] of releases)
      enterRelease(book, operation, release, range.firstMs, range.lastMs);
  }
}

function problemsOf(
  { tooOld, crowdedOut }: { readonly tooOld: number; readonly crowdedOut: number },
  maxOperations: number,
  retentionDays: number,
): readonly Problem[] {
  const old = `Calls older than ${retentionDays} days before the newest one were left out.`;
  const crowded = `There are more than ${maxOperations} operations: calls of further ones are counted together as (other). Names or routes probably hold ids.`;
  return [
    { file: '', code: 'too-old', message: old, count: tooOld },
    { file: '', code: 'too-many-operations', message: crowded, count: crowdedOut },
  ].filter((problem) => problem.count > 0);
}
