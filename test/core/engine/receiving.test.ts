import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../../src/core/engine.ts';

/** A request of one server span each for some calls of one route, newest last. */
const requestOf = (salt: number, count: number): string =>
  JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [
          {
            spans: Array.from({ length: count }, (_, index) => ({
              traceId: String(salt * 1000 + index).padStart(32, '1'),
              spanId: String(salt * 1000 + index).padStart(16, '1'),
              name: 'GET /things',
              kind: 2,
              startTimeUnixNano: `${String(1_780_000_000_000 + salt * 100_000 + index)}000000`,
              endTimeUnixNano: `${String(1_780_000_000_010 + salt * 100_000 + index)}000000`,
              attributes: [
                { key: 'http.request.method', value: { stringValue: 'GET' } },
                { key: 'http.route', value: { stringValue: '/things' } },
              ],
            })),
          },
        ],
      },
    ],
  });

describe('receiving', () => {
  let root = '';
  const engines: Engine[] = [];
  const begin = async (over: Partial<Parameters<typeof createEngine>[0]> = {}): Promise<Engine> => {
    const engine = createEngine({
      root,
      watch: true,
      ports: { log: () => {}, now: Date.now, storageFolder: join(root, 'storage') },
      ...over,
    });
    engines.push(engine);
    await engine.start();
    return engine;
  };
  const send = async (engine: Engine, body: string): Promise<void> => {
    const [address] = engine.receiving.status()?.addresses ?? [];
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`http://${address ?? ''}/v1/traces`, { method: 'POST', headers, body });
    assert.equal(status, 200);
  };
  const calls = async (engine: Engine): Promise<number> => {
    await engine.catchUp();
    return engine.status().calls;
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'suture-receiving-'));
  });
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine.close();
    await rm(root, { recursive: true });
  });

  it('turns requests into figures, over a restart exactly once, and clears what was read', async () => {
    const first = await begin();
    assert.equal(first.status().receiver, undefined);
    const { addresses } = await first.receiving.start({ port: 0 });
    assert.deepEqual((await first.receiving.start({ port: 0 })).addresses, addresses);
    await send(first, requestOf(1, 3));
    assert.equal(await calls(first), 3);
    await send(first, requestOf(2, 4));
    assert.equal(await calls(first), 7);
    assert.deepEqual(first.status().receiver?.spans, 7);
    assert.ok(first.doctor().findings.some(({ code }) => code === 'receiving'));
    assert.deepEqual(
      first.status().telemetry.map(({ path }) => path),
      ['.telemetry', '.logs'],
    );
    await first.close();
    // The last trace is still open: it has to be read again.
    assert.equal((await readdir(join(root, 'storage', 'received'))).length, 1);

    const second = await begin();
    assert.equal(await calls(second), 7);
    await second.receiving.start({ port: 0 });
    await send(second, requestOf(3, 5));
    assert.equal(await calls(second), 12);
    const last = await second.receiving.stop();
    assert.equal(last?.requests, 1);
    assert.equal(await second.receiving.stop(), null);
    await second.close();

    const third = await begin();
    assert.equal(await calls(third), 12);
    await third.close();
    assert.deepEqual(await readdir(join(root, 'storage', 'received')), []);
  });

  it('keeps what was received in a folder that a person named', async () => {
    const spool = join(root, 'mine');
    const ports = { log: () => {}, now: Date.now };
    const engine = await begin({ telemetry: [], spool: { folder: spool, keep: true }, ports });
    await engine.receiving.start({ port: 0 });
    await send(engine, requestOf(1, 3));
    assert.equal(await calls(engine), 3);
    await engine.close();
    assert.equal((await readdir(spool)).length, 1);
    const later = await begin({ telemetry: [spool], watch: false, ports });
    assert.equal(later.status().calls, 3);
  });

  it('needs a place for what it receives', async () => {
    const engine = await begin({ ports: { log: () => {}, now: Date.now } });
    await assert.rejects(engine.receiving.start({ port: 0 }), /no folder/);
  });
});
