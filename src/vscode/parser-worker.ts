import { parentPort } from 'node:worker_threads';
import { createParser } from '../core/code/parser.ts';
import type { ParseAnswer, ParseRequest } from './parser-thread.ts';

const port = parentPort;
if (port === null) throw new Error('parser-worker.ts runs as a worker thread only');

const parser = createParser();

port.on('message', ({ id, texts }: ParseRequest) => {
  parser.parse(texts).then(
    (facts) => {
      port.postMessage({ id, facts } satisfies ParseAnswer);
    },
    (error: unknown) => {
      port.postMessage({
        id,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      } satisfies ParseAnswer);
    },
  );
});
