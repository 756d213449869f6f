import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as send, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { otlpJson, otlpProtobuf } from '../../../../../src/core/ingest/formats/registry.ts';
import type { ReceiverLimits } from '../../../../../src/core/ingest/sources/receiver/limits.ts';
import { askWho } from '../../../../../src/core/ingest/sources/receiver/listen.ts';
import { openReceiver, type Receiver } from '../../../../../src/core/ingest/sources/receiver/receiver.ts';

const nowMs = Date.UTC(2026, 10, 24);
const example = otlpJson.example.input.toString();
/** In bytes. */
const size = Buffer.byteLength(example);
const json = { 'content-type': 'application/json' };

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

describe('the receiver', () => {
  let folder = '';
  let receiver: Receiver;
  let spooled: string[] = [];

  const begin = async (limits: Partial<ReceiverLimits> = {}): Promise<void> => {
    spooled = [];
    receiver = await openReceiver({
      port: 0,
      spool: folder,
      folder: 'shop',
      now: () => nowMs,
      onSpooled: (path) => spooled.push(path),
      onCounts: () => {},
      limits,
    });
  };
  const port = (): number => Number(receiver.status().addresses[0]?.split(':').at(-1));
  const post = (path: string, body: Buffer | string, headers: OutgoingHttpHeaders = json): Promise<Got> =>
    ask({ method: 'POST', path, headers }, body);
  const ask = (
    options: { method: string; path: string; headers?: OutgoingHttpHeaders; host?: string },
    body: Buffer | string = '',
  ): Promise<Got> =>
    new Promise((resolve, reject) => {
      const asking = send({ host: '127.0.0.1', port: port(), agent: false, ...options }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts),
          }),
        );
      });
      asking.on('error', reject);
      asking.end(body);
    });
  /** What comes back for raw bytes until the connection ends. */
  const raw = (text: string): Promise<string> =>
    new Promise((resolve) => {
      let got = '';
      const socket = connect(port(), '127.0.0.1', () => socket.write(text));
      socket.on('data', (part) => (got += part.toString()));
      socket.on('error', () => resolve(got));
      socket.on('close', () => resolve(got));
    });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'suture-receiver-'));
  });
  afterEach(async () => {
    await receiver.close();
    await rm(folder, { recursive: true });
  });

  it('keeps JSON as a line of a file, then answers', async () => {
    await begin();
    const broken = JSON.stringify(JSON.parse(example), null, 2).replaceAll('\n', '\r\n');
    const { status, headers, body } = await post('/v1/traces', broken);
    assert.deepEqual([status, body.toString(), headers['content-type']], [200, '{}', 'application/json']);
    await post('/v1/traces/', example);
    const [path] = spooled;
    assert.ok(path !== undefined && path.startsWith(folder));
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      [JSON.parse(example), JSON.parse(example)],
    );
    const { spans, requests, refused, spoolBytes } = receiver.status();
    assert.equal(spans, 2 * otlpJson.example.spans.length);
    assert.deepEqual([requests, refused, spoolBytes], [2, {}, readFileSync(path).length]);
    await receiver.close();
    assert.deepEqual(await readdir(folder), [path.slice(folder.length + 1).replace('.open', '')]);
  });

  for (const [packing, pack] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['zstd', zstdCompressSync],
  ] as const) {
    it(`unpacks ${packing}, up to its limit`, async () => {
      await begin({ unpackedBytes: size });
      const headers = { ...json, 'content-encoding': packing };
      assert.equal((await post('/v1/traces', pack(example), headers)).status, 200);
      assert.equal((await post('/v1/traces', pack(`${example} `), headers)).status, 413);
      assert.equal((await post('/v1/traces', pack(Buffer.alloc(50_000_000)), headers)).status, 413);
      assert.equal((await post('/v1/traces', pack(example).subarray(0, 40), headers)).status, 400);
      assert.equal((await post('/v1/traces', 'nothing packed', headers)).status, 400);
      assert.deepEqual(receiver.status().refused, { 'too-large': 2, malformed: 2 });
      assert.deepEqual(JSON.parse(readFileSync(spooled[0] ?? '', 'utf8')), JSON.parse(example));
      assert.equal(spooled.length, 1);
    });
  }

  it('says how many spans it could not take, and keeps the others', async () => {
    await begin();
    const request = JSON.parse(example) as {
      resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[];
    };
    const spans = request.resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
    const [span] = spans;
    assert.ok(span);
    spans.push({ ...span, traceId: 'no id' }, { ...span, startTimeUnixNano: '0' });
    const { status, body } = await post('/v1/traces', JSON.stringify(request));
    const answer = JSON.parse(body.toString()) as {
      partialSuccess: { rejectedSpans: string; errorMessage: string };
    };
    assert.equal(status, 200);
    assert.equal(answer.partialSuccess.rejectedSpans, '2');
    assert.match(answer.partialSuccess.errorMessage, /no valid trace id/);
    assert.equal(receiver.status().rejected, 2);
    assert.equal(spooled.length, 1);
  });

  it('keeps protobuf behind its length, and answers in protobuf', async () => {
    await begin();
    const proto = { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' };
    const body = Buffer.from(otlpProtobuf.example.input);
    const first = await post('/v1/traces', gzipSync(body), proto);
    assert.equal(first.status, 200);
    assert.equal(receiver.status().spans, otlpProtobuf.example.spans.length);
    const kept = readFileSync(spooled[0] ?? '');
    assert.deepEqual([kept.readUInt32BE(0), kept.subarray(4)], [body.length, body]);
    for (const bad of [body.subarray(0, 100), Buffer.from('no protobuf'), Buffer.from(example)])
      assert.equal((await post('/v1/traces', gzipSync(bad), proto)).status, 400);
    assert.equal(spooled.length, 1);
  });

  it('answers what is no request with a google.rpc.Status in the encoding of the request', async () => {
    await begin();
    const bad = await post('/v1/traces', '{"resourceSpans": [');
    assert.equal(bad.status, 400);
    const told = JSON.parse(bad.body.toString()) as { code: number; message: string };
    assert.equal(told.code, 3);
    assert.equal((await post('/v1/traces', '{"some":"thing"}')).status, 400);
    const headers = { 'content-type': 'application/x-protobuf' };
    const proto = await post('/v1/none', '', headers);
    assert.equal(proto.headers['content-type'], 'application/x-protobuf');
    // code 5 (NOT_FOUND) as field 1, then the message as field 2.
    assert.deepEqual([...proto.body.subarray(0, 3)], [0x08, 5, 0x12]);
    assert.equal(proto.body.subarray(4).toString().length, proto.body[3]);
    assert.equal(spooled.length, 0);
  });

  it('takes empty requests without keeping them, and metrics without reading them', async () => {
    await begin();
    assert.equal((await post('/v1/traces', ' {} ')).status, 200);
    const proto = { 'content-type': 'application/x-protobuf' };
    const { status, body } = await post('/v1/traces', '', proto);
    assert.deepEqual([status, body.length], [200, 0]);
    assert.equal((await post('/v1/metrics', 'whatever', proto)).status, 200);
    assert.deepEqual([receiver.status().requests, receiver.status().metricRequests], [3, 1]);
    assert.equal(spooled.length, 0);
  });

  it('refuses web pages and strange hosts, whatever they ask for', async () => {
    await begin();
    for (const headers of [
      { ...json, origin: 'http://localhost:4318' },
      { ...json, origin: 'null' },
      { ...json, 'sec-fetch-site': 'same-origin' },
      { ...json, host: 'evil.example' },
      { ...json, host: `evil.example:${port()}` },
      { ...json, host: 'localhost.evil.example' },
      { ...json, host: '127.0.0.1.evil.example' },
    ]) {
      assert.equal((await post('/v1/traces', example, headers)).status, 403, JSON.stringify(headers));
      const who = await ask({ method: 'GET', path: '/suture', headers });
      assert.equal(who.status, 403);
    }
    const preflight = await ask({ method: 'OPTIONS', path: '/v1/traces', headers: { origin: 'http://a' } });
    assert.equal(preflight.status, 403);
    assert.equal(preflight.headers['access-control-allow-origin'], undefined);
    for (const host of [
      'localhost',
      'LOCALHOST:4318',
      '127.0.0.1:1',
      '[::1]:4318',
      'host.docker.internal:4318',
    ])
      assert.equal((await post('/v1/traces', example, { ...json, host })).status, 200, host);
    assert.deepEqual(receiver.status().refused, { browser: 7, host: 8 });
  });

  it('knows three paths, one method, two types', async () => {
    await begin();
    const status = async (options: Parameters<typeof ask>[0]): Promise<number> => (await ask(options)).status;
    assert.equal(await status({ method: 'GET', path: '/v1/traces' }), 405);
    assert.equal(await status({ method: 'POST', path: '/', headers: json }), 404);
    assert.equal(await status({ method: 'POST', path: '/v1/__proto__', headers: json }), 404);
    assert.equal(
      await status({ method: 'POST', path: '/v1/logs', headers: { 'content-type': 'text/plain' } }),
      415,
    );
    assert.equal(await status({ method: 'POST', path: '/v1/logs' }), 415);
    const brotli = { ...json, 'content-encoding': 'br' };
    assert.equal(await status({ method: 'POST', path: '/v1/logs', headers: brotli }), 415);
  });

  it('limits bodies with and without a length, and says so to their sender', async () => {
    await begin({ bodyBytes: 100_000 });
    assert.equal((await post('/v1/traces', Buffer.alloc(100_001))).status, 413);
    const chunked = { ...json, 'transfer-encoding': 'chunked' };
    assert.equal((await post('/v1/traces', Buffer.alloc(300_000), chunked)).status, 413);
    assert.equal((await post('/v1/traces', example, chunked)).status, 200);
    assert.deepEqual(receiver.status().refused, { 'too-large': 2 });
  });

  it('is full at its limit and says when to come again, until there is room', async () => {
    let time = nowMs;
    receiver = await openReceiver({
      ...{ port: 0, spool: folder, folder: 'shop', now: () => time, onSpooled: (path) => spooled.push(path) },
      onCounts: () => {},
      limits: { spoolBytes: 3 * (size + 1), segmentBytes: size + 1 },
    });
    spooled = [];
    for (let index = 0; index < 3; index++) assert.equal((await post('/v1/traces', example)).status, 200);
    assert.equal(new Set(spooled).size, 3);
    const full = await post('/v1/traces', example);
    assert.deepEqual([full.status, full.headers['retry-after']], [503, '5']);
    await rm((spooled[0] ?? '').replace('.open', ''));
    time += 2000;
    assert.equal((await post('/v1/traces', example)).status, 200);
  });

  it('limits how many requests come in a second', async () => {
    await begin({ requestsPerSecond: 2 });
    const all = [];
    for (let index = 0; index < 5; index++) all.push(await post('/v1/traces', '{}'));
    assert.deepEqual(
      all.map(({ status }) => status),
      [200, 200, 200, 200, 429],
    );
    assert.equal(all.at(-1)?.headers['retry-after'], '1');
  });

  it('survives broken uploads, bad requests, pipelining and silence', async () => {
    await begin({ headersMs: 300, requestMs: 600 });
    const head = 'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    const socket = connect(port(), '127.0.0.1', () => {
      socket.write(`${head}Content-Length: 1000\r\n\r\n{"resource`);
      setTimeout(() => socket.destroy(), 50);
    });
    assert.match(await raw('nonsense\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.match(await raw(`${head}X: ${'x'.repeat(20_000)}\r\n\r\n`), /^HTTP\/1\.1 431 /);
    assert.match(await raw(head), /^HTTP\/1\.1 408 /);
    assert.match(await raw(`${head}Content-Length: 10\r\n\r\n{`), /^HTTP\/1\.1 408 /);
    const one = `${head}Content-Length: 2\r\n\r\n{}`;
    const both = await raw(`${one}${one.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')}`);
    assert.equal(both.match(/HTTP\/1\.1 200 OK/g)?.length, 2);
    assert.equal((await post('/v1/traces', example)).status, 200);
    const { refused } = receiver.status();
    assert.ok((refused['aborted'] ?? 0) >= 1, JSON.stringify(refused));
    assert.equal(spooled.length, 1);
  });

  it('answers what is under way when it closes', async () => {
    await begin();
    const socket = connect(port(), '127.0.0.1');
    let got = '';
    socket.on('data', (part) => (got += part.toString()));
    const ended = new Promise((resolve) => socket.on('close', resolve));
    const head = `POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(example)}\r\n\r\n`;
    await new Promise<void>((resolve) => socket.write(head + example.slice(0, 50), () => resolve()));
    // Until the server has seen the head the connection counts as idle.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closed = receiver.close();
    await assert.rejects(post('/v1/traces', example));
    socket.write(example.slice(50));
    await Promise.all([closed, ended]);
    assert.match(got, /^HTTP\/1\.1 200 OK[^]*connection: close/i);
    assert.equal((await readdir(folder)).length, 1);
  });

  it('says who it is, and a second one who has the port', async () => {
    await begin();
    assert.deepEqual(await askWho('127.0.0.1', port()), { suture: true, folder: 'shop', pid: process.pid });
    await assert.rejects(
      openReceiver({
        ...{ port: port(), spool: folder, folder: 'other', now: () => nowMs },
        ...{ onSpooled: () => {}, onCounts: () => {} },
      }),
      /already used by another Suture, which receives for "shop" \(process \d+\)/,
    );
  });
});
