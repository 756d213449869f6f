import assert from 'node:assert/strict';
import { appendFile, cp, mkdir, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEngine, type Engine, type EngineOptions } from '../../src/core/engine.ts';
import type { FileModel } from '../../src/core/model/read-model.ts';

const fixture = path.join(import.meta.dirname, '../fixtures/telemetry/express5-traces.jsonl.gz');
const t0 = Date.UTC(2026, 10, 20, 12);

const app = `import express from 'express';
const app = express();
app.get('/users/:id', showUser);
app.post('/users', (req, res) => res.status(201).end());
export function showUser(req, res) { res.json({ id: req.params.id }); }
app.listen(3000);
`;

interface Sample {
  readonly method: string;
  readonly route: string;
  readonly ms: number;
  readonly status?: number;
  readonly service?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

let serial = 0;

/** One export request with a trace for each sample, a second apart. */
function request(samples: readonly Sample[]): string {
  const spans = samples.map((sample) => {
    const id = (++serial).toString(16).padStart(16, '0');
    const startNs = BigInt(t0 + serial * 1000) * 1_000_000n;
    const attributes = {
      'http.request.method': sample.method,
      'http.route': sample.route,
      ...sample.attributes,
    };
    return {
      traceId: id.padStart(32, 'a'),
      spanId: id,
      name: `${sample.method} ${sample.route}`,
      kind: 2,
      startTimeUnixNano: String(startNs),
      endTimeUnixNano: String(startNs + BigInt(Math.round(sample.ms * 1e6))),
      attributes: [
        ...Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } })),
        { key: 'http.response.status_code', value: { intValue: sample.status ?? 200 } },
      ],
      status: {},
    };
  });
  const resource = {
    attributes: [{ key: 'service.name', value: { stringValue: samples[0]?.service ?? 'app' } }],
  };
  return `${JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'test' }, spans }] }] })}\n`;
}

const user = (ms: number, more: Partial<Sample> = {}): Sample => ({
  method: 'GET',
  route: '/users/:id',
  ms,
  ...more,
});

describe('engine', function () {
  this.timeout(30_000);
  let root: string;
  let engines: Engine[];

  beforeEach(async () => {
    engines = [];
    root = await mkdtemp(path.join(tmpdir(), 'suture-engine-'));
    await writeFile(path.join(root, 'package.json'), '{"name":"app","dependencies":{"express":"5"}}');
    await writeFile(path.join(root, 'app.js'), app);
    await mkdir(path.join(root, '.telemetry'));
  });

  afterEach(async () => {
    for (const engine of engines) await engine.close();
    await rm(root, { recursive: true, force: true });
  });

  const telemetryFile = (name = 'spans.jsonl'): string => path.join(root, '.telemetry', name);

  async function start(more: Partial<EngineOptions> = {}): Promise<Engine> {
    const { ports, ...rest } = more;
    const engine = createEngine({
      root,
      watch: false,
      ports: { log: () => undefined, now: () => t0 + 86_400_000, ...ports },
      ...rest,
    });
    engines.push(engine);
    await engine.start();
    return engine;
  }

  const calls = (engine: Engine): Record<string, number> =>
    Object.fromEntries(
      engine.operations().operations.map((row) => [row.metrics.operation.name, row.metrics.calls]),
    );

  async function until(what: string, holds: () => boolean): Promise<void> {
    for (let tries = 0; tries < 400; tries++) {
      if (holds()) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    assert.fail(`never came true: ${what}`);
  }

  const storage = (): Partial<EngineOptions> => ({
    ports: { log: () => undefined, now: Date.now, storageFolder: path.join(root, '.store') },
  });

  it('gives each call of the Express 5 recording to its operation once', async () => {
    await cp(fixture, telemetryFile('express5.jsonl.gz'));
    const engine = await start({ ports: { log: () => undefined, now: Date.now } });
    const rows = engine
      .operations()
      .operations.map(({ metrics }) => [metrics.operation.name, metrics.calls, metrics.errors]);
    assert.deepEqual(rows, [
      ['GET /api/users/:id', 743, 0],
      ['POST /api/orders', 312, 0],
      ['GET /api/search', 294, 8],
      ['GET /health', 118, 0],
      ['GET /proxy/:id', 72, 0],
      ['GET', 33, 0],
    ]);
  });

  it('links operations to handlers and measures like a plain sort', async () => {
    const samples = Array.from({ length: 200 }, (_, i) => user(1 + ((i * 7919) % 997) / 10));
    await writeFile(telemetryFile(), request(samples));
    const engine = await start();
    const [row] = engine.operations().operations;
    assert.deepEqual(row?.correlation, { handlerId: 'app.js#showUser@GET /users/:id', rung: 2 });
    const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
    for (const [share, measured] of [
      [0.5, row.metrics.percentiles?.p50Ms],
      [0.95, row.metrics.percentiles?.p95Ms],
      [0.99, row.metrics.percentiles?.p99Ms],
    ] as const) {
      const exact = sorted[Math.ceil(share * sorted.length) - 1]!;
      assert.ok(Math.abs(measured! / exact - 1) <= 0.005, `p${share * 100}: ${measured} is not ${exact}`);
    }
  });

  it('tells a handler without calls why it has no figures', async () => {
    await writeFile(telemetryFile(), request([user(5)]));
    const engine = await start();
    const post = engine.fileModels()[0]?.handlers.find((model) => model.handler.method === 'POST');
    assert.equal(post?.emptyReason, 'No call of POST /users in the telemetry read so far.');
  });

  it('follows appended telemetry and edited source without a restart', async () => {
    await writeFile(telemetryFile(), request([user(5)]));
    const pushed: FileModel[] = [];
    const engine = await start({ watch: true, onFiles: (models) => pushed.push(...models) });
    assert.equal(calls(engine)['GET /users/:id'], 1);
    await appendFile(telemetryFile(), request([user(6), user(7)]));
    const shown = () => pushed.at(-1)?.handlers.find((model) => model.handler.method === 'GET');
    await until('three calls', () => shown()?.metrics[0]?.calls === 3);
    await engine.setText('app.js', app.replace('/users/:id', '/people/:id'));
    assert.deepEqual([shown()?.handler.route, shown()?.metrics.length], ['/people/:id', 0]);
    await engine.setText('app.js', null);
    assert.equal(shown()?.metrics[0]?.calls, 3);
    await rm(path.join(root, 'app.js'));
    await engine.filesChanged(['app.js']);
    assert.deepEqual(pushed.at(-1), { path: 'app.js', handlers: [], unresolved: [] });
  });

  it('marks figures as measured before an edit of the function, not of its neighbours', async () => {
    await writeFile(telemetryFile(), request([user(5), { method: 'POST', route: '/users', ms: 3 }]));
    const engine = await start();
    const edited = (): Record<string, boolean> =>
      Object.fromEntries(
        engine.fileModels()[0]!.handlers.map((model) => [model.handler.method!, model.editedSinceMeasured]),
      );
    assert.deepEqual(edited(), { GET: false, POST: false });
    await engine.setText('app.js', app.replace('{ res.json(', '{ console.log(1); res.json('));
    assert.deepEqual(edited(), { GET: true, POST: false });
    await engine.setText('app.js', app.replace('{ res.json(', '{ /* a comment */ res.json('));
    assert.deepEqual(edited(), { GET: false, POST: false });
  });

  it('has the same figures after a restart and reads only what is new', async () => {
    await writeFile(telemetryFile(), request([user(5), user(50)]));
    const first = await start(storage());
    const before = first.operations();
    await first.close();
    const second = await start(storage());
    assert.deepEqual(second.operations(), before);
    assert.equal(second.status().spans, 0);
    await second.close();
    await appendFile(telemetryFile(), request([user(7)]));
    const third = await start(storage());
    assert.equal(calls(third)['GET /users/:id'], 3);
    assert.equal(third.status().spans, 1);
  });

  it('lets a second window read along and take over when the first is gone', async () => {
    await writeFile(telemetryFile(), request([user(5)]));
    const first = await start({ ...storage(), watch: true, onStatus: () => undefined });
    const second = await start({ ...storage(), watch: true, onStatus: () => undefined });
    assert.equal(first.status().readOnlyStore, false);
    assert.equal(second.status().readOnlyStore, true);
    await appendFile(telemetryFile(), request([user(6)]));
    await until('the second window shows what the first stored', () => calls(second)['GET /users/:id'] === 2);
    await first.close();
    await until('the second window writes', () => !second.status().readOnlyStore);
    await appendFile(telemetryFile(), request([user(7)]));
    await until('the second window reads', () => calls(second)['GET /users/:id'] === 3);
  });

  it('counts on through rotation, truncation, deletion and a half-written last line', async () => {
    await writeFile(telemetryFile(), request([user(1)]));
    const engine = await start({ watch: true, onStatus: () => undefined });
    await rename(telemetryFile(), telemetryFile('spans-2026-11-20.jsonl'));
    await writeFile(telemetryFile(), request([user(2)]));
    await until('rotated', () => calls(engine)['GET /users/:id'] === 2);
    await truncate(telemetryFile(), 0);
    await appendFile(telemetryFile(), request([user(3)]));
    await until('truncated', () => calls(engine)['GET /users/:id'] === 3);
    const line = request([user(4)]);
    await appendFile(telemetryFile(), line.slice(0, 100));
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(engine.status().problemCount, 0);
    await appendFile(telemetryFile(), line.slice(100));
    await until('completed', () => calls(engine)['GET /users/:id'] === 4);
    await rm(telemetryFile('spans-2026-11-20.jsonl'));
    await appendFile(telemetryFile(), request([user(5)]));
    await until('deleted', () => calls(engine)['GET /users/:id'] === 5);
  });

  describe('bad input', () => {
    const codesOf = (engine: Engine): string[] => engine.doctor().problems.map((problem) => problem.code);

    it('survives each kind of broken telemetry, says where it is, and keeps the rest', async () => {
      await writeFile(
        telemetryFile('a-torn.jsonl'),
        request([user(1)]) + request([user(1)]).slice(0, 150) + '\n' + request([user(2)]),
      );
      await writeFile(telemetryFile('b-binary.jsonl'), Buffer.from([0, 1, 2, 3, 0, 255, 254, 0, 7]));
      await writeFile(telemetryFile('c-other.jsonl'), '{"level":"info","unrelated":true}\n');
      await writeFile(telemetryFile('d-deep.jsonl'), `{"resourceSpans":${'['.repeat(50_000)}\n`);
      await writeFile(
        telemetryFile('e-far.jsonl'),
        request([user(3)]).replaceAll(/"(start|end)TimeUnixNano":"\d{10}/g, '"$1TimeUnixNano":"9795385460'),
      );
      await writeFile(telemetryFile('f-last.jsonl'), request([user(4)]));
      const engine = await start();
      assert.equal(calls(engine)['GET /users/:id'], 3);
      const problems = engine.doctor().problems;
      for (const file of ['a-torn', 'b-binary', 'c-other', 'd-deep', 'e-far']) {
        assert.ok(
          problems.some((problem) => problem.file === `.telemetry/${file}.jsonl`),
          `${file}: ${JSON.stringify(problems)}`,
        );
      }
      assert.equal(problems.find((problem) => problem.file.includes('a-torn'))?.line, 2);
    });

    it('never links a code path that climbs out of the workspace', async () => {
      const attributes = { 'code.file.path': '../../etc/app.js', 'code.function.name': 'showUser' };
      await writeFile(telemetryFile(), request([user(1, { route: '/else', attributes })]));
      const engine = await start();
      const [row] = engine.operations().operations;
      assert.equal(row?.correlation.handlerId, null);
      assert.equal(row.correlation.reason, 'outside-workspace');
    });

    it('keeps a hostile name as data', async () => {
      const route = '/[x](command:workbench.action.terminal.new)<img src=x>';
      await writeFile(telemetryFile(), request([user(1, { route })]));
      const engine = await start();
      assert.equal(engine.operations().operations[0]?.metrics.operation.route, route);
    });

    it('works without package.json, with broken sources and with a telemetry path that is a file', async () => {
      await rm(path.join(root, 'package.json'));
      await writeFile(path.join(root, 'broken.ts'), 'export const x = {{{ ;;; app.get("/');
      await rm(path.join(root, '.telemetry'), { recursive: true });
      await writeFile(path.join(root, '.telemetry'), request([user(1)]));
      const engine = await start();
      assert.equal(engine.index().handlers.length, 2);
      assert.ok(codesOf(engine).includes('syntax-errors'));
      assert.equal(engine.doctor().findings.find((finding) => finding.code === 'no-package')?.level, 'info');
    });

    it('says what is missing when there is neither code nor telemetry', async () => {
      await rm(path.join(root, 'app.js'));
      await rm(path.join(root, '.telemetry'), { recursive: true });
      const engine = await start();
      const codes = engine.doctor().findings.map((finding) => finding.code);
      assert.ok(codes.includes('no-source-files') && codes.includes('no-telemetry-folder'), codes.join());
      assert.deepEqual(codesOf(engine), []);
    });

    it('reports a service of suture.json whose package is not there', async () => {
      await writeFile(path.join(root, 'suture.json'), '{"services":{"app":"app","api":"nowhere"}}');
      const engine = await start();
      const found = engine.doctor().problems.filter((problem) => problem.code === 'unknown-package');
      assert.deepEqual(
        found.map(({ file, message }) => [file, message.includes('"nowhere"')]),
        [['suture.json', true]],
      );
    });

    it('reports a broken suture.json and goes on with the defaults', async () => {
      await writeFile(path.join(root, 'suture.json'), '{"telemetry": 5}');
      await writeFile(telemetryFile(), request([user(1)]));
      const engine = await start();
      assert.equal(calls(engine)['GET /users/:id'], 1);
      assert.ok(codesOf(engine).includes('config-invalid'));
    });
  });
});
