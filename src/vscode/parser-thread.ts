import { Worker } from 'node:worker_threads';
import type { FileFacts } from '../core/code/facts.ts';
import type { Parser, SourceText } from '../core/code/parser.ts';

export interface ParseRequest {
  readonly id: number;
  readonly texts: readonly SourceText[];
}

export type ParseAnswer =
  | { readonly id: number; readonly facts: readonly FileFacts[] }
  | { readonly id: number; readonly error: string };

interface Waiting {
  readonly id: number;
  readonly texts: readonly SourceText[];
  readonly resolve: (facts: readonly FileFacts[]) => void;
  readonly reject: (error: Error) => void;
  /** How often the thread ended while it worked on this. */
  deaths: number;
}

/**
 * A parser in a thread of its own, started by the first text. Requests go to it one at a time, so that it is known
 * which one it died over; the second time that one is rejected and the others go on.
 */
export function createParserThread(module: URL): Parser {
  const queue: Waiting[] = [];
  let worker: Worker | undefined;
  let nextId = 1;
  let closed = false;

  const next = (): void => {
    const request = queue[0];
    if (request === undefined || closed) return;
    worker ??= start();
    worker.postMessage({ id: request.id, texts: request.texts } satisfies ParseRequest);
  };

  const settle = (answer: ParseAnswer): void => {
    const request = queue.shift();
    if ('facts' in answer) request?.resolve(answer.facts);
    else request?.reject(new Error(answer.error));
    next();
  };

  const died = (): void => {
    worker = undefined;
    const request = queue[0];
    if (request !== undefined && ++request.deaths === 2) {
      queue.shift();
      request.reject(new Error('The parser ended while reading these files.'));
    }
    next();
  };

  const start = (): Worker => {
    const started = new Worker(module);
    started.on('message', settle);
    // An error is followed by an exit, which is where the thread is replaced.
    started.on('error', () => undefined);
    started.on('exit', died);
    return started;
  };

  return {
    parse: (texts) =>
      new Promise((resolve, reject) => {
        queue.push({ id: nextId++, texts, resolve, reject, deaths: 0 });
        if (queue.length === 1) next();
      }),
    async close() {
      closed = true;
      for (const request of queue.splice(0)) request.reject(new Error('The parser was closed.'));
      await worker?.terminate();
    },
  };
}
