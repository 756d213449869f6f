import { basename, dirname, sep } from 'node:path';
import { createAssembler, type Assembler } from '../assemble/assembler.ts';
import { openFolderSource, type FolderSource } from '../ingest/sources/folder.ts';
import { callsOf } from '../measure/calls.ts';
import { openStore } from '../measure/store/open.ts';
import type { Store, StoredPending } from '../measure/store/store.ts';
import { rereadRecords } from '../ingest/sources/reread.ts';
import { makeSpool } from '../ingest/sources/receiver/segments.ts';
import { sweepSpool } from '../ingest/sources/receiver/sweep.ts';
import { createShapes, type Shapes } from '../measure/shapes/shapes.ts';
import { createWindows, type Windows } from '../measure/windows.ts';
import type { Call } from '../model/operation.ts';
import type { Problem } from '../model/problem.ts';
import type { FilePosition, SourceBatch } from '../model/source.ts';
import type { Trace } from '../model/trace.ts';

export interface TelemetryOptions {
  /** Absolute. */
  readonly root: string;
  /** Absolute folders or files. */
  readonly paths: readonly string[];
  readonly watch: boolean;
  /** Where a receiver puts what it receives; read like the paths, and not one of them. */
  readonly spool?: SpoolPlace;
  /** Absolute; absent: everything stays in memory. */
  readonly storeFile?: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  readonly onProblems: (problems: readonly Problem[]) => void;
  /** Figures may have changed; not awaited. */
  readonly onChange: () => void;
}

export interface SpoolPlace {
  /** Absolute. */
  readonly folder: string;
  /** True: its files stay, also those that were read. */
  readonly keep: boolean;
}

/** From telemetry files to windows of operations, kept in a store. */
export interface Telemetry {
  /** Reads what is there (or, where another process is the writer, what that one stored); resolves when it is in. */
  readonly start: () => Promise<void>;
  /** Changes when another process' figures are loaded. */
  readonly windows: () => Windows;
  /** Traces that are still open are not in it; changes together with `windows`. */
  readonly shapes: () => Shapes;
  /** Shows the calls of traces that are still open; to be called before asking `windows`. */
  readonly refresh: () => void;
  /** Spans read by this process. */
  readonly spanCount: () => number;
  /** True while another process writes the store and this one shows what it finds there. */
  readonly readOnly: () => boolean;
  readonly problems: () => readonly Problem[];
  readonly files: () => ReturnType<FolderSource['status']>;
  readonly paths: () => ReturnType<FolderSource['paths']>;
  /** A file of the spool (absolute path) was written. */
  readonly spooled: (path: string) => void;
  /** Resolves when all telemetry that is there now was read. */
  readonly catchUp: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Time from a change to its commit: a kill costs at most reading this much again. */
const commitAfterMs = 1000;
const heartbeatMs = 2000;
/** Without new telemetry for so long everything that is there was read. */
const quietMs = 5000;

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const store: Store = openStore(options.storeFile, { now: options.now });
  const callsOfOpen = new WeakMap<Trace, readonly Call[]>();
  let assembler: Assembler = createAssembler({ now: options.now });
  let windows: Windows = createWindows();
  let shapes: Shapes = createShapes();
  let positions = new Map<string, FilePosition>();
  let source: FolderSource | undefined;
  let spans = 0;
  let stale = false;
  let commitTimer: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  let settling: NodeJS.Timeout | undefined;
  let lastBatchMs = 0;
  let sweeping = Promise.resolve();
  let closed = false;
  const { spool } = options;
  const allPaths = spool === undefined ? options.paths : [...options.paths, spool.folder];

  /** Where the files of the spool stand is nobody's concern. */
  const shown = (file: string): string =>
    spool !== undefined && dirname(file) === spool.folder.split(sep).join('/')
      ? `(received) ${basename(file)}`
      : file;

  const provisionalCalls = (trace: Trace): readonly Call[] => {
    const known = callsOfOpen.get(trace) ?? callsOf(trace);
    callsOfOpen.set(trace, known);
    return known;
  };

  const commit = (): void => {
    clearTimeout(commitTimer);
    commitTimer = undefined;
    const inMemory = options.storeFile === undefined;
    if (!inMemory && !store.isWriter()) return;
    const pending = assembler.pending();
    if (!inMemory) {
      const changes = { ...windows.dirty(), shapes: shapes.dirty(), positions: [...positions.values()] };
      if (!store.commit({ ...changes, pending })) return;
      windows.markSaved();
      shapes.markSaved();
    }
    if (spool !== undefined && !spool.keep) sweep(spool.folder, inMemory ? [] : pending);
  };

  /** What was just committed, and is not going to be read again after a restart, need not stay in the spool. */
  const sweep = (folder: string, pending: readonly StoredPending[]): void => {
    const offsets = new Map([...positions.values()].map(({ file, offset }) => [file, offset]));
    // The first of the ids says only how far event time had come.
    const needed = new Set(pending.filter(({ traceIds }) => traceIds.length > 1).map(({ ref }) => ref.file));
    const readUpTo = (path: string): number | undefined => {
      const key = source?.progress(path)?.key;
      return key === undefined || needed.has(key) ? undefined : offsets.get(key);
    };
    sweeping = sweeping.then(() => sweepSpool(folder, readUpTo));
  };

  const fold = (traces: readonly Trace[]): void => {
    for (const trace of traces) {
      const calls = callsOf(trace);
      windows.fold(calls);
      shapes.fold(trace, calls);
    }
  };

  /** The last traces of a file that grows no more are never overtaken by event time. */
  const settle = (): void => {
    const traces = assembler.settle(options.now());
    if (traces.length === 0) return;
    fold(traces);
    commitTimer ??= setTimeout(commit, commitAfterMs);
    stale = true;
    options.onChange();
  };

  const settleWhenQuiet = (): void => {
    if (source !== undefined && options.now() - lastBatchMs > quietMs) settle();
  };

  const take = (batch: SourceBatch): void => {
    lastBatchMs = options.now();
    for (const record of batch.records) {
      spans += record.spans.length;
      fold(assembler.add(record));
    }
    shapes.dropBefore(windows.keptFromMs());
    if (batch.position.fingerprint !== '') positions.set(batch.position.file, batch.position);
    if (batch.problems.length > 0) options.onProblems(batch.problems);
    commitTimer ??= setTimeout(commit, commitAfterMs);
    stale = true;
    options.onChange();
  };

  /** Starts over from what the store holds; of the telemetry files only the records of open traces are read again. */
  const load = async (): Promise<void> => {
    const saved = store.load();
    assembler = createAssembler({ now: options.now });
    windows = createWindows(saved);
    shapes = createShapes(saved.shapes);
    positions = new Map(saved.positions.map((position) => [position.file, position]));
    const wanted = new Map(
      saved.pending.map(({ ref, traceIds }) => [`${ref.file}\n${ref.offset}`, traceIds]),
    );
    const refs = saved.pending.map(({ ref }) => ref);
    const { root } = options;
    for await (const record of rereadRecords({ root, paths: allPaths, positions: saved.positions }, refs)) {
      const traceIds = wanted.get(`${record.ref.file}\n${record.ref.offset}`);
      if (traceIds !== undefined) assembler.restore(record, traceIds);
    }
    stale = true;
  };

  /** Becomes the reader of the telemetry files. */
  const read = async (): Promise<void> => {
    await load();
    source = openFolderSource({
      root: options.root,
      paths: allPaths,
      watch: options.watch,
      positions: [...positions.values()],
      now: options.now,
      onBatch: take,
    });
    await source.ready;
    // Nothing else is going to come to who runs once and keeps nothing; a store may still be given the rest of a trace.
    if (!options.watch && options.storeFile === undefined) fold(assembler.flush());
    else settle();
  };

  const beat = async (): Promise<void> => {
    const lease = store.renew();
    if (lease === 'acquired') {
      await read();
    } else if (lease === 'denied' && source !== undefined) {
      await source.close();
      source = undefined;
    } else if (lease === 'denied' && store.changed()) {
      await load();
    } else return;
    options.onChange();
  };

  const keepBeating = (): void => {
    heartbeat = setTimeout(() => {
      beat().then(
        () => {
          if (!closed) keepBeating();
        },
        (error: unknown) => {
          options.onProblems([
            { file: options.storeFile ?? '', code: 'store-failed', message: String(error), count: 1 },
          ]);
          if (!closed) keepBeating();
        },
      );
    }, heartbeatMs);
  };

  /** One that follows becomes the writer by itself; one that runs once must say what its figures are. */
  const inUse = (): readonly Problem[] => {
    if (options.storeFile === undefined || options.watch || store.isWriter()) return [];
    const message =
      'Another process writes this store, or was killed less than ten seconds ago: the figures are those stored last, newer telemetry was not read.';
    return [{ file: options.storeFile, code: 'store-in-use', message, count: 1 }];
  };

  return {
    async start() {
      if (spool !== undefined) await makeSpool(spool.folder);
      if (store.isWriter()) await read();
      else await load();
      commit();
      if (options.storeFile !== undefined && options.watch) keepBeating();
      if (options.watch) settling = setInterval(settleWhenQuiet, quietMs);
    },
    windows: () => windows,
    shapes: () => shapes,
    refresh() {
      if (!stale) return;
      stale = false;
      windows.setProvisional(assembler.open().flatMap(provisionalCalls));
    },
    spanCount: () => spans,
    readOnly: () => !store.isWriter(),
    problems: () => [...assembler.problems(), ...windows.problems(), ...store.problems(), ...inUse()],
    files: () => (source?.status() ?? []).map((file) => ({ ...file, path: shown(file.path) })),
    paths: () => source?.paths().slice(0, options.paths.length) ?? [],
    spooled: (path) => source?.written(path),
    catchUp: async () => source?.catchUp(),
    async close() {
      clearTimeout(heartbeat);
      clearInterval(settling);
      await source?.close();
      closed = true;
      commit();
      await sweeping;
      store.close();
    },
  };
}
