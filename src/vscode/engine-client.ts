import type { Worker } from 'node:worker_threads';
import type { Detection } from '../core/model/healing.ts';
import { HumanError } from '../core/model/human-error.ts';
import type { FileModel } from '../core/model/read-model.ts';
import type { FromWorker, LogLevel, RequestName, Requests, ToWorker } from './protocol.ts';
import type { FolderState } from './render/status-text.ts';
import { createRequestBook, type RequestOptions } from './request-book.ts';

export interface EngineClientOptions {
  /** Starts the thread that speaks the protocol. */
  readonly spawn: () => Worker;
  readonly log: (level: LogLevel, message: string) => void;
  /** Models that changed, each with the document version it is of, where its text was sent. */
  readonly onFiles: (
    folder: string,
    files: readonly { readonly model: FileModel; readonly version?: number }[],
  ) => void;
  readonly onSettled: (folder: string, path: string, version: number) => void;
  readonly onState: (folder: string) => void;
  /** Detection of that folder says something new. */
  readonly onDetection?: (folder: string) => void;
  /** Waits before the first, second, ... restart in a row (ms); after the last the folders count as failed. */
  readonly backOffMs?: readonly number[];
  /** How long a thread must live for its crash to count as the first again (ms). */
  readonly healthyMs?: number;
}

/** The extension host's side of the engine: answers from memory, survives crashes of the thread. */
export interface EngineClient {
  readonly open: (folder: string, storageFolder?: string) => void;
  readonly close: (folder: string) => void;
  readonly setText: (folder: string, path: string, text: string | null, version: number) => void;
  readonly changed: (folder: string, paths: readonly string[]) => void;
  readonly request: <Name extends RequestName>(
    name: Name,
    folder: string,
    argument: Requests[Name]['argument'],
    options?: RequestOptions,
  ) => Promise<Requests[Name]['answer']>;
  readonly folders: () => readonly string[];
  readonly state: (folder: string) => FolderState;
  readonly model: (folder: string, path: string) => FileModel | undefined;
  readonly models: (folder: string) => Iterable<FileModel>;
  /** What detection said last, kept over a restart; undefined before it said anything. */
  readonly detection: (folder: string) => Detection | undefined;
  /** Starts the thread anew, also after it was given up. */
  readonly restart: () => void;
  /** Ends the thread as a crash would; for tests of what follows. */
  readonly endThread: () => void;
  readonly dispose: () => Promise<void>;
}

interface Folder {
  readonly storageFolder: string | undefined;
  state: FolderState;
  models: Map<string, FileModel>;
  detection: Detection | undefined;
  /** After a restart models gather here until the engine is ready, so that no figure is lost meanwhile. */
  staged: Map<string, { readonly model: FileModel; readonly version?: number }> | undefined;
  /** Texts sent and still in force. */
  readonly texts: Map<string, { readonly text: string; readonly version: number }>;
}

/** How long the engines may take to close their stores (ms); the editor itself waits for about five seconds. */
const shutdownMs = 2000;

export function createEngineClient(options: EngineClientOptions): EngineClient {
  const { spawn, log, onFiles, onSettled, onState } = options;
  const backOffMs = options.backOffMs ?? [500, 1000, 2000, 5000, 10_000, 30_000];
  const healthyMs = options.healthyMs ?? 60_000;
  const folders = new Map<string, Folder>();
  let worker: Worker | undefined;
  let crashes = 0;
  let retry: NodeJS.Timeout | undefined;
  let healthy: NodeJS.Timeout | undefined;
  let disposed = false;

  const send = (message: ToWorker): void => {
    worker?.postMessage(message);
  };
  const setState = (name: string, folder: Folder, state: FolderState): void => {
    folder.state = state;
    onState(name);
  };
  const requests = createRequestBook(send);

  const swapStaged = (name: string, folder: Folder): void => {
    const { staged } = folder;
    if (staged === undefined) return;
    folder.staged = undefined;
    const files = [...staged.values()];
    for (const path of folder.models.keys()) {
      if (!staged.has(path)) files.push({ model: { path, handlers: [], unresolved: [] } });
    }
    folder.models = new Map([...staged].map(([path, entry]) => [path, entry.model]));
    onFiles(name, files);
  };

  const receive = (message: FromWorker): void => {
    if (message.type === 'log') {
      log(message.level, message.message);
      return;
    }
    if (message.type === 'answer' || message.type === 'progress') {
      requests.take(message);
      return;
    }
    const folder = folders.get(message.folder);
    if (folder === undefined) return;
    if (message.type === 'settled') {
      onSettled(message.folder, message.path, message.version);
    } else if (message.type === 'detection') {
      folder.detection = message.detection;
      options.onDetection?.(message.folder);
    } else if (message.type === 'failed') {
      setState(message.folder, folder, { kind: 'failed', message: message.message });
    } else if (message.type === 'status') {
      const { status } = message;
      if (folder.staged !== undefined && status.phase !== 'ready') return;
      swapStaged(message.folder, folder);
      setState(message.folder, folder, { kind: 'live', status });
    } else {
      const files = message.models.map((model) => {
        const version = message.versions[model.path];
        return version === undefined ? { model } : { model, version };
      });
      for (const file of files) {
        if (folder.staged !== undefined) folder.staged.set(file.model.path, file);
        else if (file.model.handlers.length + file.model.unresolved.length > 0)
          folder.models.set(file.model.path, file.model);
        else folder.models.delete(file.model.path);
      }
      if (folder.staged === undefined) onFiles(message.folder, files);
    }
  };

  const crashed = (reason: string): void => {
    worker = undefined;
    clearTimeout(healthy);
    requests.reject('The engine stopped before it could answer.');
    if (disposed) return;
    const waitMs = backOffMs[crashes];
    crashes += 1;
    log(
      'error',
      waitMs === undefined
        ? `engine thread given up: ${reason}`
        : `engine thread ended, restart in ${String(waitMs)} ms: ${reason}`,
    );
    for (const [name, folder] of folders) {
      const last = 'status' in folder.state ? folder.state.status : null;
      setState(
        name,
        folder,
        waitMs === undefined ? { kind: 'failed', message: reason } : { kind: 'stale', status: last },
      );
    }
    if (waitMs !== undefined) retry = setTimeout(start, waitMs);
  };

  function start(): void {
    clearTimeout(retry);
    if (disposed || worker !== undefined) return;
    const started = spawn();
    worker = started;
    let reason = 'no reason given';
    started.on('message', (message: FromWorker) => {
      if (worker === started) receive(message);
    });
    started.on('error', (error) => {
      reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    started.on('exit', (code) => {
      if (worker === started) crashed(`exit code ${String(code)}, ${reason}`);
    });
    healthy = setTimeout(() => {
      crashes = 0;
    }, healthyMs);
    healthy.unref();
    for (const [name, folder] of folders) {
      if (folder.models.size > 0) folder.staged = new Map();
      sendOpen(name, folder);
    }
  }

  function sendOpen(name: string, folder: Folder): void {
    send({
      type: 'open',
      folder: name,
      ...(folder.storageFolder === undefined ? {} : { storageFolder: folder.storageFolder }),
    });
    for (const [path, { text, version }] of folder.texts)
      send({ type: 'text', folder: name, path, text, version });
  }

  /** Lets a thread close its stores and end the tests it runs, for as long as patience lasts. */
  async function end(old: Worker): Promise<void> {
    const exited = new Promise((resolve) => old.once('exit', resolve));
    old.postMessage({ type: 'shutdown' } satisfies ToWorker);
    const patience = new Promise((resolve) => setTimeout(resolve, shutdownMs).unref());
    await Promise.race([exited, patience]);
    await old.terminate();
  }

  return {
    open: (name, storageFolder) => {
      if (folders.has(name)) return;
      const folder: Folder = {
        storageFolder,
        state: { kind: 'starting' },
        models: new Map(),
        detection: undefined,
        staged: undefined,
        texts: new Map(),
      };
      folders.set(name, folder);
      onState(name);
      if (worker !== undefined) sendOpen(name, folder);
      else if (crashes === 0) start();
    },
    close: (name) => {
      if (!folders.delete(name)) return;
      send({ type: 'close', folder: name });
      requests.reject('The folder was closed.', name);
      onState(name);
    },
    setText: (name, path, text, version) => {
      const folder = folders.get(name);
      if (folder === undefined) return;
      if (text === null) folder.texts.delete(path);
      else folder.texts.set(path, { text, version });
      send({ type: 'text', folder: name, path, text, version });
    },
    changed: (name, paths) => {
      if (folders.has(name)) send({ type: 'changed', folder: name, paths });
    },
    request: (name, folder, argument, asked = {}) =>
      worker === undefined
        ? Promise.reject(new HumanError('The engine is not running.'))
        : requests.ask(name, folder, argument, asked),
    folders: () => [...folders.keys()],
    state: (name) => folders.get(name)?.state ?? { kind: 'starting' },
    model: (name, path) => folders.get(name)?.models.get(path),
    models: (name) => folders.get(name)?.models.values() ?? [],
    detection: (name) => folders.get(name)?.detection,
    restart: () => {
      crashes = 0;
      clearTimeout(retry);
      const old = worker;
      worker = undefined;
      requests.reject('The engine is being restarted.');
      for (const [name, folder] of folders) {
        const last = 'status' in folder.state ? folder.state.status : null;
        setState(name, folder, last === null ? { kind: 'starting' } : { kind: 'stale', status: last });
      }
      if (old === undefined) start();
      else void end(old).then(start);
    },
    endThread: () => {
      void worker?.terminate();
    },
    dispose: async () => {
      disposed = true;
      clearTimeout(retry);
      clearTimeout(healthy);
      const old = worker;
      worker = undefined;
      requests.reject('The editor is closing.');
      if (old !== undefined) await end(old);
    },
  };
}
