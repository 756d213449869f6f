// A worker thread that speaks the protocol as the real one does, with handlers that it is told: the real engine
// cannot be made to crash on demand.
import { parentPort } from 'node:worker_threads';
import type { FileModel } from '../../src/core/model/read-model.ts';
import type { EngineStatus } from '../../src/core/model/status.ts';
import type { FromWorker, ToWorker } from '../../src/vscode/protocol.ts';
import { sampleModel } from './render/samples.ts';

const send = (message: FromWorker): void => parentPort?.postMessage(message);
const model = (path: string): FileModel => ({ path, handlers: [sampleModel()], unresolved: [] });
const status = (phase: EngineStatus['phase']): EngineStatus => ({
  phase,
  handlers: 1,
  handlersMeasured: 1,
  unresolved: 0,
  operations: 1,
  operationsMapped: 1,
  calls: 1,
  spans: 1,
  testCases: 0,
  newestMs: null,
  telemetry: [],
  problemCount: 0,
  readOnlyStore: false,
});

parentPort?.on('message', (message: ToWorker) => {
  if (message.type === 'open') {
    const { folder } = message;
    send({ type: 'status', folder, status: status('indexing') });
    send({ type: 'files', folder, models: [model('a.ts')], versions: {} });
    send({ type: 'status', folder, status: status('ready') });
  } else if (message.type === 'text') {
    const { folder, path, text, version } = message;
    if (text === 'crash') throw new Error('told to crash');
    send({ type: 'files', folder, models: [model(path)], versions: { [path]: version } });
    send({ type: 'settled', folder, path, version });
  } else if (message.type === 'shutdown') {
    parentPort?.close();
  }
});
