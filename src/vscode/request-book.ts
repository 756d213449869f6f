import type { RunProgress } from '../core/engine/tests.ts';
import { HumanError } from '../core/model/human-error.ts';
import type { FromWorker, RequestBody, RequestName, Requests, ToWorker } from './protocol.ts';

export interface RequestOptions {
  /** Aborting rejects at once and ends the work in the thread. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
}

interface Waiting {
  readonly folder: string;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: RequestOptions['onProgress'];
}

/** What was asked of the thread and is not answered yet. */
export interface RequestBook {
  readonly ask: <Name extends RequestName>(
    name: Name,
    folder: string,
    argument: Requests[Name]['argument'],
    options: RequestOptions,
  ) => Promise<Requests[Name]['answer']>;
  readonly take: (message: FromWorker & { readonly type: 'answer' | 'progress' }) => void;
  /** Rejects what was asked of a folder, or of all, with a sentence for a person. */
  readonly reject: (reason: string, folder?: string) => void;
}

export function createRequestBook(send: (message: ToWorker) => void): RequestBook {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;

  return {
    ask: (name, folder, argument, { signal, onProgress }) => {
      const id = (lastId += 1);
      return new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(new HumanError('Cancelled.'));
          return;
        }
        waiting.set(id, { folder, resolve, reject, onProgress });
        signal?.addEventListener('abort', () => {
          if (!waiting.delete(id)) return;
          send({ type: 'cancel', id });
          reject(new HumanError('Cancelled.'));
        });
        send({ type: 'request', id, folder, body: { name, argument } as RequestBody });
      });
    },
    take: (message) => {
      const entry = waiting.get(message.id);
      if (message.type === 'progress') {
        entry?.onProgress?.(message.progress);
        return;
      }
      waiting.delete(message.id);
      if (message.ok) entry?.resolve(message.value as never);
      else entry?.reject(new HumanError(message.message));
    },
    reject: (reason, folder) => {
      for (const [id, entry] of waiting) {
        if (folder !== undefined && entry.folder !== folder) continue;
        waiting.delete(id);
        entry.reject(new HumanError(reason));
      }
    },
  };
}
