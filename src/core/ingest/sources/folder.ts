import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import type { FilePosition, SourceBatch } from '../../model/source.ts';
import type { FileStatus, TelemetryPath } from '../../model/status.ts';
import { isPacked, looksBinary } from './content.ts';
import { createLedger } from './ledger.ts';
import { inspect } from './opened.ts';
import { readOn } from './tail.ts';
import type { TailContext, TailedFile } from './tail.ts';
import { codeOf, walk } from './walk.ts';
import type { Listed, Walk } from './walk.ts';
import { watchPaths } from './watch.ts';
import type { Watcher } from './watch.ts';

export interface FolderSourceOptions {
  /** Workspace root, absolute: names in positions and problems are relative to it. */
  readonly root: string;
  /** Absolute: telemetry folders or single files; may not exist yet. */
  readonly paths: readonly string[];
  /** False: read what is there, then done. */
  readonly watch: boolean;
  /** Resume from a store. */
  readonly positions: readonly FilePosition[];
  /** Wall clock in milliseconds since the epoch. */
  readonly now: () => number;
  /** Awaited before more is read; never called concurrently. A batch about a path that is no file has an empty fingerprint. */
  readonly onBatch: (batch: SourceBatch) => void | Promise<void>;
  /** 64 MiB unless given. */
  readonly maxRecordBytes?: number;
  /** Pause between two looks at everything while watching, for what the watcher misses; 2 s unless given, longer where a look takes long. */
  readonly rescanMs?: number;
}

export interface FolderSource {
  /** Resolves when everything present at the start was delivered; rejects with what `onBatch` threw. */
  readonly ready: Promise<void>;
  /** Files on disk in the order in which they are read; for the doctor. */
  status(): readonly FileStatus[];
  /** The given paths and what stands there. */
  paths(): readonly TelemetryPath[];
  /** Tells that a file (absolute path) was written, for who knows it before any watcher. */
  written(path: string): void;
  /** Resolves when everything present now was delivered. */
  catchUp(): Promise<void>;
  /** Key of a file on disk (absolute path), and the offset up to which it was delivered. */
  progress(path: string): { readonly key: string; readonly offset: number } | undefined;
  close(): Promise<void>;
}

/** Bytes that a file needs before it is said to be no telemetry. */
const shortest = 16;

/** Reads telemetry files, and follows them while `watch` is set; bad input becomes problems in batches, never an exception. */
export function openFolderSource(options: FolderSourceOptions): FolderSource {
  const ledger = createLedger(options.positions, options.root);
  const refused = new Map<string, { readonly stamp: string; readonly status: FileStatus }>();
  const told = new Set<string>();
  const dirty = new Set<string>();
  let last: Walk = { files: [], roots: [], unreadable: [] };
  let walkMs = 0;
  let scanWanted = true;
  let closed = false;
  /** What `onBatch` threw: never to be taken for a fault of a file. */
  let refusal: { readonly error: unknown } | undefined;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let watcher: Promise<Watcher | undefined> | undefined;

  const name = (path: string): string => nameIn(options.root, path);
  const deliver = async (batch: SourceBatch): Promise<void> => {
    try {
      await options.onBatch(batch);
    } catch (error) {
      refusal = { error };
      throw error;
    }
  };
  const context: TailContext = {
    name,
    now: options.now,
    deliver,
    closed: () => closed,
    final: !options.watch,
    maxRecordBytes: options.maxRecordBytes ?? 64 * 1024 * 1024,
  };

  /** Tells of a path that is no readable file, once until it is told anew. */
  const tell = async (path: string, code: string, message: string): Promise<void> => {
    const key = `${path}\n${code}`;
    if (told.has(key)) return;
    told.add(key);
    const file = name(path);
    const position = { file: `path:${file}`, path: file, offset: 0, line: 0, fingerprint: '' };
    await deliver({ position, records: [], problems: [{ file, code, message, count: 1 }] });
  };
  const untell = (path: string, code: string): boolean => told.delete(`${path}\n${code}`);

  const refuse = (listed: Listed, note: string): void => {
    const status = { path: name(listed.path), format: null, note, bytes: listed.size, records: 0, spans: 0 };
    refused.set(listed.path, { stamp: listed.stamp, status });
  };

  const look = async (listed: Listed, nested = false): Promise<void> => {
    if (ledger.at(listed.inode)?.stamp === listed.stamp || refused.get(listed.path)?.stamp === listed.stamp)
      return;
    refused.delete(listed.path);
    let handle: FileHandle | undefined;
    try {
      handle = await open(listed.path, 'r');
      const opened = await inspect(handle, listed.path);
      if (opened.size === 0) return refuse(listed, 'empty');
      if (opened.framing === 'text' && looksBinary(opened.head)) {
        // The length of a first message may stand there before the message itself.
        if (options.watch && opened.head[0] === 0 && opened.size < shortest)
          return refuse(listed, 'too short to tell what it is');
        refuse(listed, 'binary: ignored');
        return await tell(listed.path, 'binary-file', 'This file is not text: ignored.');
      }
      untell(listed.path, 'binary-file');
      const file = await ledger.identify(opened, nested ? async () => {} : lookAgain);
      file.stamp = listed.stamp;
      if (await readOn(file, handle, opened.head, context)) return;
      ledger.lose(file);
      scanWanted = true;
    } catch (error) {
      const code = codeOf(error);
      if (refusal || code === 'unknown') throw error;
      if (code === 'ENOENT') scanWanted = options.watch;
      else await tell(listed.path, 'unreadable-file', `This file cannot be read (${code}): skipped.`);
    } finally {
      await handle?.close();
    }
  };

  const lookAgain = async (file: TailedFile): Promise<void> => {
    const listed = last.files.find((candidate) => candidate.inode === file.identity.inode);
    if (listed) await look(listed, true);
  };

  const scan = async (): Promise<void> => {
    const beganMs = options.now();
    last = await walk(options.paths);
    walkMs = options.now() - beganMs;
    ledger.see(new Map(last.files.map((file) => [file.inode, file.path])));
    const paths = new Set(last.files.map((file) => file.path));
    for (const path of refused.keys()) if (!paths.has(path)) refused.delete(path);
    for (const { path, state } of last.roots) {
      if (state !== 'absent') untell(path, 'path-absent');
      else await tell(path, 'path-absent', 'There is no such telemetry folder or file.');
    }
    for (const { path, code } of last.unreadable) {
      await tell(path, 'unreadable-path', `This path cannot be read (${code}): skipped.`);
    }
    for (const file of last.files) {
      if (closed) return;
      await look(file);
    }
  };

  const lookAt = async (path: string): Promise<void> => {
    const { files } = await walk([path]);
    const [file] = files;
    const known = file && ledger.at(file.inode);
    // Anything but growth needs the whole picture.
    if (file && known?.path === path) await look(file);
    else scanWanted = true;
  };

  const pump = async (): Promise<void> => {
    while (!closed && (scanWanted || dirty.size > 0)) {
      const [path] = dirty;
      if (scanWanted || path === undefined) {
        scanWanted = false;
        dirty.clear();
        await scan();
      } else {
        dirty.delete(path);
        await lookAt(path);
      }
    }
  };

  const rescan = (): void => {
    scanWanted = true;
    wake();
  };

  const wake = (): void => {
    if (closed || running) return;
    clearTimeout(timer);
    running = pump().finally(() => {
      running = undefined;
      closed ||= refusal !== undefined;
      if (closed || !options.watch) return;
      if (scanWanted || dirty.size > 0) wake();
      else timer = setTimeout(rescan, Math.max(options.rescanMs ?? 2000, 20 * walkMs)).unref();
    });
  };

  const onChange = (path: string): void => {
    dirty.add(path);
    wake();
  };

  if (options.watch) {
    // Without it the regular rescan still finds everything.
    watcher = watchPaths(options.paths, { onChange, onRestructure: rescan }).catch(() => undefined);
  }
  wake();
  const ready = running ?? Promise.resolve();

  return {
    ready,
    status: () =>
      last.files.flatMap((listed) => {
        const file = ledger.at(listed.inode);
        return file ? [statusOf(file, name(listed.path))] : (refused.get(listed.path)?.status ?? []);
      }),
    paths: () => last.roots.map((root) => ({ ...root, path: name(root.path) })),
    written: onChange,
    async catchUp() {
      rescan();
      while (running) await running;
    },
    progress(path) {
      const listed = last.files.find((file) => file.path === path);
      const file = listed && ledger.at(listed.inode);
      return file && { key: file.key, offset: file.offset };
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await (await watcher)?.close();
      await running?.catch(() => {});
    },
  };
}

function nameIn(root: string, path: string): string {
  const inside = relative(root, path);
  const outside = inside.startsWith('..') || isAbsolute(inside);
  return (outside ? path : inside === '' ? '.' : inside).split(sep).join('/');
}

function statusOf(file: TailedFile, path: string): FileStatus {
  const { format, framing, bytes, records, spans } = file;
  const note = file.note ?? noteOf(file);
  const compression = isPacked(file.encoding)
    ? file.encoding
    : file.packedMessages
      ? 'zstd per message'
      : undefined;
  return {
    path,
    format: format?.id ?? null,
    ...(note === undefined ? {} : { note }),
    framing,
    ...(compression === undefined ? {} : { compression }),
    bytes,
    records,
    spans,
  };
}

function noteOf(file: TailedFile): string | undefined {
  if (!file.format) return 'nothing in a known form so far';
  return file.records > 0 && file.spans === 0 ? 'no spans so far, only logs or metrics' : undefined;
}
