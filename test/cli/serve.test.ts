// `suture serve` as a process, and the sample shop with the real OpenTelemetry SDK, told of it by environment variables alone.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { needs } from '../needs.ts';

const entry = path.join(import.meta.dirname, '../../src/cli/suture.ts');
const shop = path.join(import.meta.dirname, '../workspaces/shop');

interface Started {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Exit code. */
  readonly ended: Promise<number | null>;
}

function start(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Started {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  return { child, out: () => out, err: () => err, ended };
}

async function until<Answer>(what: string, ask: () => Answer | undefined): Promise<Answer> {
  for (const end = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const answer = ask();
    if (answer !== undefined) return answer;
    assert.ok(Date.now() < end, what);
  }
}

describe('suture serve', function () {
  this.timeout(90_000);
  let folder = '';
  const running: ChildProcess[] = [];
  const serve = async (...args: readonly string[]): Promise<Started & { readonly address: string }> => {
    const started = start([entry, 'serve', '-w', shop, '--port', '0', ...args], folder, {
      ...process.env,
      TMPDIR: folder,
    });
    running.push(started.child);
    const address = await until('it listens', () => /http:\/\/127\.0\.0\.1:\d+/.exec(started.err())?.[0]);
    return { ...started, address };
  };

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'suture-serve-'));
  });
  afterEach(async () => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
    await rm(folder, { recursive: true, maxRetries: 5 });
  });

  for (const protocol of ['http/json', undefined] as const) {
    it(`measures a service with the stock SDK over ${protocol ?? 'its default, protobuf'}`, async function () {
      needs(this, existsSync(path.join(shop, 'node_modules/@opentelemetry/sdk-node')), 'the installed shop');
      const receiver = await serve('--json');
      const service = start(['--import', './src/telemetry.ts', 'src/server.ts'], shop, {
        PATH: process.env['PATH'],
        PORT: '0',
        OTEL_SERVICE_NAME: 'shop',
        OTEL_BSP_SCHEDULE_DELAY: '200',
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.address.replace('127.0.0.1', 'localhost'),
        ...(protocol === undefined ? {} : { OTEL_EXPORTER_OTLP_PROTOCOL: protocol }),
      });
      running.push(service.child);
      const port = await until('the shop listens', () => /port: (\d+)/.exec(service.out())?.[1]);
      for (let index = 0; index < 7; index++) {
        const { status } = await fetch(`http://127.0.0.1:${port}/health`);
        assert.equal(status, 200);
      }
      service.child.kill('SIGTERM');
      await service.ended;
      receiver.child.kill('SIGINT');
      assert.equal(await receiver.ended, 0, receiver.err());
      const { data } = JSON.parse(receiver.out()) as {
        data: {
          receiver: { spans: number; rejected: number; refused: object };
          operations: { name: string; calls: number; handlerId: string }[];
        };
      };
      assert.ok(data.receiver.spans >= 7);
      assert.deepEqual([data.receiver.rejected, data.receiver.refused], [0, {}]);
      assert.deepEqual(
        data.operations.map(({ name, calls, handlerId }) => [name, calls, handlerId]),
        [['GET /health', 7, 'src/app.ts#<anonymous>@GET /health']],
      );
      assert.deepEqual(await readdir(folder), []);
    });
  }

  it('keeps what it received in a folder of its user, and says what it refused', async () => {
    const spool = path.join(folder, 'kept');
    const receiver = await serve('--spool', spool);
    const send = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${receiver.address}/v1/traces`, { method: 'POST', headers, body: '{"resourceSpans":[]}' });
    assert.equal((await send({ 'content-type': 'application/json' })).status, 200);
    assert.equal((await send({ 'content-type': 'application/json', origin: 'http://x' })).status, 403);
    receiver.child.kill('SIGTERM');
    assert.equal(await receiver.ended, 0, receiver.err());
    assert.match(receiver.out(), /^1 requests taken, 0 spans; refused: 1 browser\n/);
    assert.match(receiver.out(), /OPERATION/);
    assert.equal((await readdir(spool)).length, 1);
  });

  it('says who has the port', async () => {
    const { address } = await serve();
    const second = start([entry, 'serve', '-w', shop, '--port', new URL(address).port], folder, process.env);
    assert.equal(await second.ended, 2);
    assert.match(
      second.err(),
      /^suture: Port \d+ is already used by another Suture, which receives for "shop"/,
    );
    const wrong = start([entry, 'serve', '-w', shop, '--port', '70000'], folder, process.env);
    assert.equal(await wrong.ended, 2);
    assert.match(wrong.err(), /--port: 70000 is no port/);
  });
});
