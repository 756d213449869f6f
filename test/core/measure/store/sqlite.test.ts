import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore } from '../../../../src/core/measure/store/open.ts';
import type { StoredState } from '../../../../src/core/measure/store/store.ts';
import { Ingest, smallRecords } from './ingest.ts';

const KILLS = 15;
const script = fileURLToPath(new URL('ingest-process.ts', import.meta.url));

/** Kills the child this long after it began to ingest; 'done' if it was faster. */
async function run(file: string, killAfterMs: number | null): Promise<'done' | 'killed'> {
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let timer: NodeJS.Timeout | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (killAfterMs !== null) timer ??= setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  });
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return output.includes('done') ? 'done' : 'killed';
}

describe('a store whose process is killed', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'suture-kill-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it(`counts every call exactly once over ${KILLS} kills`, async function () {
    this.timeout(120_000);
    const seed = Number(process.env['SUTURE_SEED'] ?? Date.now() % 1_000_000);
    const random = mulberry(seed);
    const killed = path.join(folder, 'killed.db');
    const outcomes: string[] = [];
    for (let i = 0; i < KILLS; i++) outcomes.push(await run(killed, Math.floor(random() * 60)));
    assert.equal(await run(killed, null), 'done', `seed ${seed}`);
    const straight = path.join(folder, 'straight.db');
    const store = openStore(straight, { now: Date.now });
    const ingest = new Ingest(store, smallRecords());
    while (ingest.step());
    store.close();
    const expected = totals(straight);
    assert.ok(expected.windows.length > 20);
    assert.ok(outcomes.includes('killed'), `no child was slow enough to be killed, seed ${seed}`);
    assert.deepEqual(totals(killed), expected, `seed ${seed}`);
  });

  it('is not written by a second process while the first holds the lease', function () {
    this.timeout(60_000);
    const file = path.join(folder, 'shared.db');
    // A heartbeat nine seconds ahead stays fresh for nineteen, however slow this machine is.
    const store = openStore(file, { now: () => Date.now() + 9000, owner: 'first' });
    assert.ok(new Ingest(store, smallRecords()).step());
    const before = store.load();
    const second = spawnSync(process.execPath, [script, file, 'second'], { encoding: 'utf8' });
    assert.match(second.stderr, /not the writer/);
    assert.equal(store.changed(), false);
    assert.deepEqual(store.load(), before);
    store.close();
    assert.equal(
      spawnSync(process.execPath, [script, file, 'second'], { encoding: 'utf8' }).stdout,
      'begun\ndone\n',
    );
  });
});

function totals(file: string): StoredState {
  const store = openStore(file, { now: Date.now });
  const { windows, operations, ...rest } = store.load();
  store.close();
  return {
    ...rest,
    windows: windows.toSorted((a, b) => a.startMs - b.startMs || (a.operationId < b.operationId ? -1 : 1)),
    operations: operations.toSorted((a, b) => (a.operation.id < b.operation.id ? -1 : 1)),
  };
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
