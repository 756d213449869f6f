import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { createEngineClient, type EngineClient } from '../../src/vscode/engine-client.ts';
import { statusKind } from '../../src/vscode/render/status-text.ts';

const folder = '/work/shop';

interface Rig {
  readonly client: EngineClient;
  readonly states: string[];
  readonly files: string[];
  readonly settled: string[];
  readonly spawned: () => number;
  readonly until: (met: () => boolean) => Promise<void>;
}

function rig(backOffMs: readonly number[]): Rig {
  const states: string[] = [];
  const files: string[] = [];
  const settled: string[] = [];
  let spawned = 0;
  const waiting = new Set<() => void>();
  const tick = (): void => {
    for (const check of waiting) check();
  };
  const client: EngineClient = createEngineClient({
    spawn: () => {
      spawned += 1;
      return new Worker(new URL('scripted-worker.ts', import.meta.url));
    },
    log: () => undefined,
    onFiles: (_folder, changed) => {
      for (const { model, version } of changed)
        files.push(`${model.path} ${String(model.handlers.length)} ${String(version)}`);
      tick();
    },
    onSettled: (_folder, path, version) => {
      settled.push(`${path} ${String(version)}`);
      tick();
    },
    onState: (name) => {
      states.push(statusKind(client.state(name)));
      tick();
    },
    backOffMs,
  });
  const until = (met: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!met()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return { client, states, files, settled, spawned: () => spawned, until };
}

const ready =
  ({ client }: Rig) =>
  (): boolean =>
    statusKind(client.state(folder)) === 'ready';

describe('engine-client', () => {
  let current: Rig;
  afterEach(async () => {
    await current.client.dispose();
  });

  it('starts the thread with the first folder and answers from memory', async () => {
    current = rig([1]);
    assert.equal(current.spawned(), 0);
    current.client.open(folder);
    await current.until(ready(current));
    assert.equal(current.spawned(), 1);
    assert.equal(current.client.model(folder, 'a.ts')?.handlers.length, 1);
    current.client.setText(folder, 'b.ts', 'text', 7);
    await current.until(() => current.settled.length === 1);
    assert.deepEqual(current.settled, ['b.ts 7']);
    assert.ok(current.files.includes('b.ts 1 7'));
  });

  it('keeps the last models over a crash, says stale, and sends texts again', async () => {
    current = rig([1, 1]);
    current.client.open(folder);
    current.client.setText(folder, 'b.ts', 'text', 3);
    await current.until(() => current.settled.length === 1);
    current.client.setText(folder, 'c.ts', 'crash', 1);
    current.client.setText(folder, 'c.ts', null, 2);
    await current.until(() => statusKind(current.client.state(folder)) === 'stale');
    assert.equal(current.client.model(folder, 'a.ts')?.handlers.length, 1, 'figures outlive the crash');
    await current.until(ready(current));
    assert.equal(current.spawned(), 2);
    await current.until(() => current.settled.length === 2);
    assert.deepEqual(current.settled, ['b.ts 3', 'b.ts 3']);
    assert.equal(current.client.model(folder, 'b.ts')?.handlers.length, 1);
  });

  it('gives up after the last wait and starts again when asked', async () => {
    current = rig([1]);
    current.client.open(folder);
    current.client.setText(folder, 'c.ts', 'crash', 1);
    await current.until(() => statusKind(current.client.state(folder)) === 'failed');
    assert.equal(current.spawned(), 2);
    current.client.setText(folder, 'c.ts', null, 2);
    current.client.restart();
    await current.until(ready(current));
  });

  it('rejects what was asked when the thread ends, and what is asked without one', async () => {
    current = rig([]);
    await assert.rejects(current.client.request('doctor', folder, null), /not running/);
    current.client.open(folder);
    await current.until(ready(current));
    const asked = current.client.request('doctor', folder, null);
    current.client.setText(folder, 'c.ts', 'crash', 1);
    await assert.rejects(asked, /stopped before it could answer/);
  });

  it('lets go of a request that is cancelled', async () => {
    current = rig([]);
    current.client.open(folder);
    await current.until(ready(current));
    const abort = new AbortController();
    const asked = current.client.request('doctor', folder, null, { signal: abort.signal });
    abort.abort();
    await assert.rejects(asked, /Cancelled/);
  });

  it('forgets a folder that was closed', async () => {
    current = rig([]);
    current.client.open(folder);
    await current.until(ready(current));
    current.client.close(folder);
    assert.deepEqual(current.client.folders(), []);
    assert.equal(current.client.model(folder, 'a.ts'), undefined);
  });
});
