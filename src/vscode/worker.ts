import { parentPort } from 'node:worker_threads';
import { createEngine } from '../core/engine.ts';
import { createEngineHost } from './engine-host.ts';
import { createParserThread } from './parser-thread.ts';
import type { ToWorker } from './protocol.ts';

const port = parentPort;
if (port === null) throw new Error('worker.ts runs as a worker thread only');

const receive = createEngineHost({
  createEngine: (options) =>
    createEngine({ ...options, parser: createParserThread(new URL('./parser.js', import.meta.url)) }),
  post: (message) => {
    port.postMessage(message);
  },
  now: Date.now,
  ended: () => {
    port.close();
  },
});

port.on('message', (message: ToWorker) => {
  receive(message);
});
