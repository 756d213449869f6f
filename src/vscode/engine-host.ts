import type { Engine, EngineOptions } from '../core/engine.ts';
import type { Detection } from '../core/model/healing.ts';
import { HumanError } from '../core/model/human-error.ts';
import type { FileModel } from '../core/model/read-model.ts';
import type { FromWorker, LogLevel, RequestBody, RequestName, Requests, ToWorker } from './protocol.ts';

export interface EngineHostOptions {
  readonly createEngine: (options: EngineOptions) => Engine;
  readonly post: (message: FromWorker) => void;
  readonly now: () => number;
  /** Called when everything is closed after a `shutdown`. */
  readonly ended: () => void;
}

interface Hosted {
  readonly engine: Engine;
  /** Paths with a text that is not taken in yet, with the number of such texts. */
  readonly pending: Map<string, number>;
  /** Document version last taken in, per path whose text was sent. */
  readonly versions: Map<string, number>;
  /** Models of files with a pending text: of which text they are is known when it is in. */
  readonly held: Map<string, FileModel>;
}

const describe = (error: unknown): string =>
  error instanceof HumanError
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);

/** One engine per workspace folder behind the messages of the protocol; runs in the worker thread. */
export function createEngineHost({
  createEngine,
  post,
  now,
  ended,
}: EngineHostOptions): (message: ToWorker) => void {
  const folders = new Map<string, Hosted>();
  const asked = new Map<number, { readonly folder: string; readonly abort: AbortController }>();

  const log = (level: LogLevel, message: string): void => {
    post({ type: 'log', level, message });
  };
  const failed = (folder: string, error: unknown): void => {
    log('error', `${folder}: ${describe(error)}`);
    post({ type: 'failed', folder, message: error instanceof Error ? error.message : String(error) });
  };
  /** Lets one piece of work fail without its engine. */
  const guard = (folder: string, work: Promise<void>): void => {
    work.catch((error: unknown) => {
      log('error', `${folder}: ${describe(error)}`);
    });
  };

  const pushFiles = (folder: string, hosted: Hosted, models: readonly FileModel[]): void => {
    const known: FileModel[] = [];
    const versions: Record<string, number> = {};
    for (const model of models) {
      if (hosted.pending.has(model.path)) {
        hosted.held.set(model.path, model);
        continue;
      }
      known.push(model);
      const version = hosted.versions.get(model.path);
      if (version !== undefined) versions[model.path] = version;
    }
    if (known.length > 0) post({ type: 'files', folder, models: known, versions });
  };

  const open = (folder: string, storageFolder: string | undefined): void => {
    if (folders.has(folder)) return;
    // The engine may push while it is being created, before it can be kept.
    const early: FileModel[] = [];
    const engine = createEngine({
      root: folder,
      watch: true,
      ports: { log, now, ...(storageFolder === undefined ? {} : { storageFolder }) },
      onFiles: (models) => {
        const known = folders.get(folder);
        if (known === undefined) early.push(...models);
        else pushFiles(folder, known, models);
      },
      onStatus: (status) => {
        post({ type: 'status', folder, status });
      },
      onDetection: (detection) => {
        post({ type: 'detection', folder, detection });
      },
    });
    const hosted: Hosted = { engine, pending: new Map(), versions: new Map(), held: new Map() };
    folders.set(folder, hosted);
    pushFiles(folder, hosted, early);
    engine.start().catch((error: unknown) => {
      failed(folder, error);
    });
  };

  const setText = async (
    folder: string,
    hosted: Hosted,
    path: string,
    text: string | null,
    version: number,
  ): Promise<void> => {
    hosted.pending.set(path, (hosted.pending.get(path) ?? 0) + 1);
    try {
      await hosted.engine.setText(path, text);
    } finally {
      const left = (hosted.pending.get(path) ?? 1) - 1;
      if (left > 0) hosted.pending.set(path, left);
      else hosted.pending.delete(path);
    }
    if (text === null) hosted.versions.delete(path);
    else hosted.versions.set(path, version);
    if (hosted.pending.has(path)) return;
    const held = hosted.held.get(path);
    hosted.held.delete(path);
    if (held !== undefined) pushFiles(folder, hosted, [held]);
    if (text !== null) post({ type: 'settled', folder, path, version });
  };

  const perform = async (
    engine: Engine,
    body: RequestBody,
    id: number,
    signal: AbortSignal,
  ): Promise<Requests[RequestName]['answer']> => {
    const { healing } = engine;
    switch (body.name) {
      case 'doctor':
        return engine.doctor();
      case 'planDocs':
        return engine.documents.plan(body.argument);
      case 'runTests':
        return engine.runTests(body.argument, {
          signal,
          onProgress: (progress) => {
            if (asked.has(id)) post({ type: 'progress', id, progress });
          },
        });
      case 'detect':
        return healing.detect();
      case 'explain':
        return healing.explain(body.argument.fingerprint);
      case 'fix':
        return healing.fix(body.argument.fingerprint, { mayRun: body.argument.mayRun, signal });
      case 'validate':
        return healing.validate(body.argument.fixId, { signal });
      case 'deliver':
        return healing.deliver(body.argument.fixId);
      case 'decide':
        await healing.decide(body.argument);
        return null;
      case 'suppress':
        await healing.suppress(body.argument);
        return null;
      case 'startReceiving':
        return engine.receiving.start(body.argument);
      case 'stopReceiving':
        return engine.receiving.stop();
      case 'learn':
        return healing.learn();
    }
  };

  const answer = async (id: number, folder: string, body: RequestBody): Promise<void> => {
    const engine = folders.get(folder)?.engine;
    const abort = new AbortController();
    asked.set(id, { folder, abort });
    // A turn of the event loop, so that a cancel already in the queue is seen.
    await new Promise((resolve) => setImmediate(resolve));
    if (!asked.has(id)) return;
    try {
      if (engine === undefined) throw new HumanError(`No engine for ${folder}`);
      const value = await perform(engine, body, id, abort.signal);
      if (body.name === 'detect') post({ type: 'detection', folder, detection: value as Detection });
      if (asked.delete(id)) post({ type: 'answer', id, ok: true, value });
    } catch (error) {
      if (!(error instanceof HumanError)) log('error', describe(error));
      if (!asked.delete(id)) return;
      post({
        type: 'answer',
        id,
        ok: false,
        message: error instanceof Error ? error.message : String(error),
      });
    }
  };

  const abandon = (matches: (entry: { readonly folder: string }, id: number) => boolean): void => {
    for (const [id, entry] of asked) {
      if (!matches(entry, id)) continue;
      asked.delete(id);
      entry.abort.abort();
    }
  };

  return (message) => {
    if (message.type === 'cancel') {
      abandon((_, id) => id === message.id);
      return;
    }
    if (message.type === 'shutdown') {
      abandon(() => true);
      void Promise.allSettled([...folders.values()].map(({ engine }) => engine.close())).then(ended);
      folders.clear();
      return;
    }
    if (message.type === 'request') {
      void answer(message.id, message.folder, message.body);
      return;
    }
    const { folder } = message;
    if (message.type === 'open') {
      try {
        open(folder, message.storageFolder);
      } catch (error) {
        failed(folder, error);
      }
      return;
    }
    const hosted = folders.get(folder);
    if (hosted === undefined) return;
    if (message.type === 'close') {
      folders.delete(folder);
      abandon((entry) => entry.folder === folder);
      guard(folder, hosted.engine.close());
    } else if (message.type === 'text') {
      guard(folder, setText(folder, hosted, message.path, message.text, message.version));
    } else {
      guard(folder, hosted.engine.filesChanged(message.paths));
    }
  };
}
