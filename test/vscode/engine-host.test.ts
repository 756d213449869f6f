import assert from 'node:assert/strict';
import type { Engine, EngineOptions } from '../../src/core/engine.ts';
import type { Verdict } from '../../src/core/model/fix.ts';
import type { Detection } from '../../src/core/model/healing.ts';
import type { FileModel } from '../../src/core/model/read-model.ts';
import type { DoctorReport } from '../../src/core/model/status.ts';
import { createEngineHost } from '../../src/vscode/engine-host.ts';
import type { FromWorker, RequestBody } from '../../src/vscode/protocol.ts';

const folder = '/work/shop';
const model = (path: string): FileModel => ({ path, handlers: [], unresolved: [] });
const noDetection: Detection = { anomalies: [], tooFew: [], compared: '1.0.0 alone.', problems: [] };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const never = () => Promise.reject(new Error('not asked here'));
const notAskedHere: Engine['healing'] = {
  detect: never,
  detection: () => noDetection,
  explain: never,
  fix: never,
  validate: never,
  requireRepository: never,
  deliver: never,
  decide: never,
  suppress: never,
  learn: never,
};

/** A host over an engine whose texts are taken in only when the test says so: the order of answers is what is tested. */
function rig(over: Partial<Engine> = {}) {
  const posted: FromWorker[] = [];
  const taken: (() => void)[] = [];
  let options: EngineOptions | undefined;
  let closed = 0;
  let ended = 0;
  const engine: Engine = {
    start: () => Promise.resolve(),
    setText: () => new Promise<void>((resolve) => taken.push(resolve)),
    filesChanged: () => Promise.resolve(),
    fileModels: () => [],
    index: () => ({ handlers: [], unresolved: [] }),
    operations: () => ({ operations: [], middleware: [] }),
    status: () => {
      throw new Error('not asked here');
    },
    doctor: () => ({ findings: [] }) as unknown as DoctorReport,
    runTests: () => Promise.resolve({ outcome: 'nothing-to-run', passed: 0, failed: 0, notes: [] }),
    documents: {
      plan: () => Promise.resolve({ files: [], problems: [] }),
      check: () => Promise.resolve({ pages: [], behaviour: null, problems: [] }),
    },
    healing: notAskedHere,
    receiving: {
      start: () => Promise.reject(new Error('not asked here')),
      stop: () => Promise.resolve(null),
      status: () => null,
    },
    catchUp: () => Promise.resolve(),
    close: () => {
      closed += 1;
      return Promise.resolve();
    },
    ...over,
  };
  const receive = createEngineHost({
    createEngine: (given) => {
      options = given;
      return engine;
    },
    post: (message) => posted.push(message),
    now: () => 0,
    ended: () => {
      ended += 1;
    },
  });
  receive({ type: 'open', folder });
  return {
    posted,
    taken,
    receive,
    push: (models: readonly FileModel[]) => options?.onFiles?.(models),
    detected: (detection: Detection) => options?.onDetection?.(detection),
    counts: () => ({ closed, ended }),
  };
}

describe('engine-host', () => {
  it('tells of which version a model is, and holds one back while that is open', async () => {
    const { posted, taken, receive, push } = rig();
    receive({ type: 'text', folder, path: 'a.ts', text: 'one', version: 5 });
    push([model('a.ts'), model('b.ts')]);
    assert.deepEqual(posted, [{ type: 'files', folder, models: [model('b.ts')], versions: {} }]);
    receive({ type: 'text', folder, path: 'a.ts', text: 'two', version: 6 });
    taken[0]?.();
    await turn();
    assert.equal(posted.length, 1, 'a newer text is on its way');
    taken[1]?.();
    await turn();
    assert.deepEqual(posted.slice(1), [
      { type: 'files', folder, models: [model('a.ts')], versions: { 'a.ts': 6 } },
      { type: 'settled', folder, path: 'a.ts', version: 6 },
    ]);
  });

  it('answers requests and drops cancelled ones', async () => {
    const { posted, receive } = rig();
    receive({ type: 'request', id: 1, folder, body: { name: 'doctor', argument: null } });
    receive({ type: 'request', id: 2, folder, body: { name: 'doctor', argument: null } });
    receive({ type: 'cancel', id: 1 });
    receive({ type: 'request', id: 3, folder: '/elsewhere', body: { name: 'doctor', argument: null } });
    await turn();
    await turn();
    assert.deepEqual(
      posted.map((message) =>
        message.type === 'answer' ? `${String(message.id)} ${String(message.ok)}` : message.type,
      ),
      ['2 true', '3 false'],
    );
  });

  it('tells how far a run of tests is, and ends it when it is cancelled', async () => {
    const signals: AbortSignal[] = [];
    const { posted, receive } = rig({
      runTests: (_target, { signal, onProgress }) =>
        new Promise((resolve) => {
          if (signal === undefined) return;
          signals.push(signal);
          onProgress?.({ done: 1, total: 2, file: 'a.test.ts' });
          signal.addEventListener('abort', () => {
            onProgress?.({ done: 2, total: 2, file: 'b.test.ts' });
            resolve({ outcome: 'cancelled', passed: 0, failed: 0, notes: [] });
          });
        }),
    });
    receive({ type: 'request', id: 1, folder, body: { name: 'runTests', argument: { all: true } } });
    receive({ type: 'request', id: 2, folder, body: { name: 'runTests', argument: { all: true } } });
    await turn();
    await turn();
    receive({ type: 'cancel', id: 1 });
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, false],
    );
    receive({ type: 'shutdown' });
    await turn();
    assert.equal(signals[1]?.aborted, true, 'no run outlives its engine');
    assert.deepEqual(
      posted.map((message) => (message.type === 'progress' ? message.id : message.type)),
      [1, 2],
      'nothing is told of a run that was given up',
    );
  });

  it('passes on what detection says, and looks again when asked', async () => {
    const again: Detection = { ...noDetection, compared: 'Looked again.' };
    const { posted, receive, detected } = rig({
      healing: { ...notAskedHere, detect: () => Promise.resolve(again) },
    });
    detected(noDetection);
    receive({ type: 'request', id: 1, folder, body: { name: 'detect', argument: null } });
    await turn();
    await turn();
    assert.deepEqual(posted, [
      { type: 'detection', folder, detection: noDetection },
      { type: 'detection', folder, detection: again },
      { type: 'answer', id: 1, ok: true, value: again },
    ]);
  });

  it('hands every step of a fix to the engine, and ends a verdict that is cancelled', async () => {
    const steps: unknown[] = [];
    const { posted, receive } = rig({
      healing: {
        ...notAskedHere,
        fix: (fingerprint, { mayRun }) => {
          steps.push([fingerprint, mayRun]);
          return never();
        },
        validate: (fixId, { signal }) =>
          new Promise<Verdict>((_resolve, reject) => {
            signal?.addEventListener('abort', () => {
              steps.push(`${fixId} ended`);
              reject(new Error('ended'));
            });
          }),
        decide: (decision) => {
          steps.push(decision);
          return Promise.resolve();
        },
      },
    });
    const ask = (id: number, body: RequestBody) => receive({ type: 'request', id, folder, body });
    ask(1, { name: 'fix', argument: { fingerprint: 'f', mayRun: false } });
    ask(2, { name: 'validate', argument: { fixId: 'x' } });
    ask(3, { name: 'decide', argument: { fixId: 'x', decision: 'applied' } });
    await turn();
    await turn();
    receive({ type: 'cancel', id: 2 });
    await turn();
    assert.deepEqual(steps, [['f', false], { fixId: 'x', decision: 'applied' }, 'x ended']);
    assert.deepEqual(
      posted.flatMap((message) => (message.type === 'answer' ? [[message.id, message.ok]] : [])),
      [
        [1, false],
        [3, true],
      ],
    );
  });

  it('reports an engine that cannot start without ending the thread', async () => {
    const { posted } = rig({ start: () => Promise.reject(new Error('no room')) });
    await turn();
    assert.deepEqual(
      posted.map((message) => message.type),
      ['log', 'failed'],
    );
  });

  it('survives a file that cannot be taken in', async () => {
    const { posted, receive, push } = rig({ setText: () => Promise.reject(new Error('bad file')) });
    receive({ type: 'text', folder, path: 'a.ts', text: 'x', version: 1 });
    await turn();
    push([model('a.ts')]);
    assert.deepEqual(
      posted.map((message) => message.type),
      ['log', 'files'],
    );
  });

  it('closes every engine before it ends', async () => {
    const { receive, counts } = rig();
    receive({ type: 'shutdown' });
    await turn();
    assert.deepEqual(counts(), { closed: 1, ended: 1 });
  });
});
