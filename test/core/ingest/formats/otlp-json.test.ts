import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { headOf } from '../../../../src/core/ingest/format.ts';
import { otlpJson } from '../../../../src/core/ingest/formats/otlp-json.ts';
import type { Span } from '../../../../src/core/model/span.ts';

const at = { file: 'a.jsonl', line: 3 };
const traceId = '5b8efff798038103d269b633813fc60c';
const spanId = 'eee19b7ec3c1b174';
const good = {
  traceId,
  spanId,
  name: 'ok',
  startTimeUnixNano: '1795385460652000000',
  endTimeUnixNano: '1795385460653000000',
};

const fixture = (name: string): readonly string[] =>
  gunzipSync(readFileSync(new URL(`../../../fixtures/telemetry/${name}`, import.meta.url)))
    .toString('utf8')
    .trimEnd()
    .split('\n');

const request = (spans: readonly unknown[], more: object = {}): string =>
  JSON.stringify({ resourceSpans: [{ scopeSpans: [{ scope: { name: 's' }, spans }], ...more }] });

/** One span of which only some fields matter, as it comes out. */
function one(fields: object): Span {
  const { spans, problems } = otlpJson.decode(Buffer.from(request([{ ...good, ...fields }])), at);
  assert.deepEqual(problems, []);
  assert.equal(spans.length, 1);
  return spans[0] as Span;
}

/** Codes with counts, of a request in which one good span stands beside what is bad. */
function complaints(bad: unknown, nowMs?: number): Record<string, number> {
  const { spans, problems } = otlpJson.decode(
    Buffer.from(request([bad, good])),
    nowMs === undefined ? at : { ...at, nowMs },
  );
  assert.ok(spans.some((span) => span.name === 'ok'));
  for (const problem of problems) assert.deepEqual([problem.file, problem.line], ['a.jsonl', 3]);
  return Object.fromEntries(problems.map((problem) => [problem.code, problem.count]));
}

describe('otlp-json', () => {
  it('reads every span of the Express 5 recording (SDK form) without a problem', () => {
    const decoded = fixture('express5-traces.jsonl.gz').map((line) =>
      otlpJson.decode(Buffer.from(line), { ...at, nowMs: 1795385460652 }),
    );
    assert.equal(decoded.flatMap(({ problems }) => problems).length, 0);
    const spans = decoded.flatMap((item) => item.spans);
    assert.equal(spans.length, 13515);
    const servers = spans.filter((span) => span.kind === 'server');
    assert.equal(servers.filter((span) => span.attributes['http.route'] === '/api/users/:id').length, 743);
    assert.ok(
      spans.every((span) => span.resource.service === 'shop-api' && span.resource.release === 'unversioned'),
    );
  });

  it('reads the Collector form, in which integers are text', () => {
    const lines = fixture('collector-traces.jsonl.gz');
    const spans = lines.flatMap((line) => otlpJson.decode(Buffer.from(line), at).spans);
    const expected = lines.flatMap((line) =>
      [...line.matchAll(/"spanId":"(\w+)"/g)].map((match) => match[1]),
    );
    assert.ok(spans.length > 500);
    assert.deepEqual(new Set(spans.map((span) => span.spanId)), new Set(expected));
    assert.equal(typeof spans[0]?.resource.attributes['process.pid'], 'number');
  });

  it('does not mind the order of keys, the older name of scopes, or numbers for names', () => {
    const older = JSON.stringify({
      resourceSpans: [
        {
          instrumentationLibrarySpans: [
            {
              spans: [{ ...good, kind: '3', status: { code: 2, message: 'no' } }],
              instrumentationLibrary: { name: 'lib' },
            },
          ],
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'old' } }] },
        },
      ],
    });
    const span = otlpJson.decode(Buffer.from(older), at).spans[0];
    assert.deepEqual(
      [span?.scope, span?.kind, span?.status, span?.statusMessage],
      ['lib', 'client', 'error', 'no'],
    );
    assert.equal(span?.resource.service, 'old');
  });

  it('takes ids as hex of any case and as base64', () => {
    const base64 = Buffer.from(traceId, 'hex').toString('base64');
    assert.equal(one({ traceId: traceId.toUpperCase() }).traceId, traceId);
    assert.equal(
      one({ traceId: base64, spanId: Buffer.from(spanId, 'hex').toString('base64') }).traceId,
      traceId,
    );
    assert.equal(one({ parentSpanId: '' }).parentSpanId, undefined);
    assert.equal(one({ parentSpanId: '0000000000000000' }).parentSpanId, undefined);
  });

  it('computes durations exact to the nanosecond, also from bare numbers beyond 2^53', () => {
    const nanos = fc.bigInt({ min: 1n << 60n, max: (1n << 61n) - 1n });
    const length = fc.bigInt({ min: 0n, max: 1n << 52n });
    fc.assert(
      fc.property(nanos, length, fc.boolean(), (start, duration, bare) => {
        const [from, to] = bare ? [start, start + duration] : [`"${start}"`, `"${start + duration}"`];
        const text = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${traceId}","spanId":"${spanId}","startTimeUnixNano": ${from},"endTimeUnixNano":${to}}]}]}]}`;
        const span = otlpJson.decode(Buffer.from(text), at).spans[0];
        assert.equal(span?.durationMs, Number(duration) / 1e6);
        assert.ok(Math.abs(span.startMs - Number(start / 1000n) / 1000) < 0.002);
      }),
    );
    assert.equal(
      one({ startTimeUnixNano: 1.795e18, endTimeUnixNano: '1795000000000000001' }).durationMs,
      0.000001,
    );
  });

  it('leaves text alone that only looks like a bare time', () => {
    const name = 'x "startTimeUnixNano": 1795385460652000000, \\"endTimeUnixNano":1795385460652000000';
    assert.equal(one({ name }).name, name);
  });

  it('keeps attributes of every kind in a record without prototype', () => {
    const list = [
      ['__proto__', { stringValue: 'x' }],
      ['int', { intValue: '12' }],
      ['big', { intValue: '9223372036854775807' }],
      ['half', { doubleValue: 0.5 }],
      ['nan', { doubleValue: 'NaN' }],
      ['yes', { boolValue: false }],
      [
        'list',
        { arrayValue: { values: [{ intValue: 1 }, { arrayValue: { values: [{ stringValue: 'a' }] } }] } },
      ],
      [
        'map',
        { kvlistValue: { values: [{ key: 'k', value: { arrayValue: { values: [{ intValue: '1' }] } } }] } },
      ],
      ['bytes', { bytesValue: 'AAEC' }],
      ['nothing', {}],
    ] as const;
    const { attributes } = one({ attributes: list.map(([key, value]) => ({ key, value })) });
    assert.equal(Object.getPrototypeOf(attributes), null);
    assert.deepEqual(Object.entries(attributes), [
      ['__proto__', 'x'],
      ['int', 12],
      ['big', '9223372036854775807'],
      ['half', 0.5],
      ['nan', 'NaN'],
      ['yes', false],
      ['list', [1, ['a']]],
      ['map', '{"k":[1]}'],
      ['bytes', '"AAEC"'],
    ]);
  });

  it('names environment and release by the first attribute that has one', () => {
    const of = (pairs: Record<string, string>): readonly string[] => {
      const attributes = Object.entries(pairs).map(([key, value]) => ({
        key,
        value: { stringValue: value },
      }));
      const { resource } = otlpJson.decode(Buffer.from(request([good], { resource: { attributes } })), at)
        .spans[0] as Span;
      return [resource.service, resource.environment, resource.release];
    };
    assert.deepEqual(of({}), ['unknown_service', '', 'unversioned']);
    assert.deepEqual(of({ 'deployment.environment': 'old', 'vcs.ref.head.revision': 'abc' }), [
      'unknown_service',
      'old',
      'abc',
    ]);
    assert.deepEqual(of({ 'service.version': '2', 'vcs.ref.head.revision': 'abc' })[2], '2');
  });

  it('rejects bad spans one by one and says why', () => {
    assert.deepEqual(complaints({ ...good, name: 'x', traceId: undefined }), { 'bad-id': 1 });
    assert.deepEqual(complaints({ ...good, name: 'x', traceId: '0'.repeat(32) }), { 'bad-id': 1 });
    assert.deepEqual(complaints({ ...good, name: 'x', spanId: 'zz' }), { 'bad-id': 1 });
    assert.deepEqual(complaints({ ...good, name: 'x', startTimeUnixNano: '-5' }), { 'bad-time': 1 });
    assert.deepEqual(complaints({ ...good, name: 'x', startTimeUnixNano: null }), { 'bad-time': 1 });
    assert.deepEqual(complaints({ ...good, name: 'x', endTimeUnixNano: 'NaN' }), { 'bad-time': 1 });
    assert.deepEqual(
      complaints({ ...good, name: 'x', endTimeUnixNano: '99999999999999999999' }, 1795385460652),
      { 'future-time': 1 },
    );
    assert.deepEqual(complaints(null), { 'bad-shape': 1 });
    assert.deepEqual(complaints({ ...good, attributes: 'x', events: 3 }), { 'bad-shape': 2 });
  });

  it('takes spans up to one hour ahead of the clock', () => {
    assert.deepEqual(complaints(good, 1795385460653 - 3_600_000), {});
    assert.equal(
      otlpJson.decode(Buffer.from(request([good])), { ...at, nowMs: 1795385460652 - 3_600_000 }).problems[0]
        ?.code,
      'future-time',
    );
  });

  it('counts a negative duration as 0 ms', () => {
    const { spans, problems } = otlpJson.decode(
      Buffer.from(request([{ ...good, endTimeUnixNano: '1795385460651999999' }])),
      at,
    );
    assert.equal(spans[0]?.durationMs, 0);
    assert.equal(problems[0]?.code, 'negative-duration');
  });

  it('drops what is nested too deep and mends lone surrogates', () => {
    const list = '{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"k","value":';
    const deep = `${list.repeat(20_000)}{"intValue":1}${'}]}}]}}'.repeat(20_000)}`;
    const text = request([{ ...good, attributes: [{ key: 'deep', value: 'DEEP' }] }, good]).replace(
      '"DEEP"',
      deep,
    );
    const decoded = otlpJson.decode(Buffer.from(text), at);
    assert.equal(decoded.spans.length, 2);
    assert.deepEqual(
      decoded.problems.map(({ code, count }) => [code, count]),
      [['too-deep', 1]],
    );
    assert.deepEqual(complaints({ ...good, name: 'half \ud83d' }), { 'lone-surrogate': 1 });
    assert.equal(one({ name: 'whole \ud83d\ude00 \\ud83d' }).name, 'whole \ud83d\ude00 \\ud83d');
  });

  it('knows logs and metrics and passes them over in silence', () => {
    for (const text of ['{"resourceLogs":[{}]}', '{"resourceMetrics":[]}']) {
      assert.ok(otlpJson.recognises(headOf(Buffer.from(text))));
      assert.deepEqual(otlpJson.decode(Buffer.from(text), at), { spans: [], problems: [] });
    }
    for (const text of ['{"level":30,"msg":"x"}', '[]', '3', 'null']) {
      assert.equal(otlpJson.decode(Buffer.from(text), at).problems[0]?.code, 'unknown-schema');
    }
  });

  it('survives 10,000 mutations of real requests', () => {
    const sources = [
      ...fixture('collector-traces.jsonl.gz').map((line) => line.slice(0, 3000)),
      otlpJson.example.input,
    ];
    const pieces = [
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      '\\',
      '\\ud800',
      'null',
      '-1',
      '1e999',
      '9'.repeat(30),
      '{"__proto__":1}',
      '\u0000',
    ];
    let outcomes = 0;
    const mutation = fc.record({
      source: fc.constantFrom(...sources),
      cuts: fc.array(fc.tuple(fc.nat(3000), fc.nat(12), fc.constantFrom(...pieces)), {
        minLength: 1,
        maxLength: 4,
      }),
    });
    fc.assert(
      fc.property(mutation, ({ source, cuts }) => {
        let text = source;
        for (const [index, length, piece] of cuts)
          text = text.slice(0, index) + piece + text.slice(index + length);
        const { spans, problems } = otlpJson.decode(Buffer.from(text), { ...at, nowMs: 1795385460652 });
        for (const span of spans) {
          assert.ok(span.durationMs >= 0 && Number.isFinite(span.startMs));
          assert.match(span.traceId, /^[0-9a-f]{32}$/);
        }
        outcomes += spans.length > 0 && problems.length > 0 ? 1 : 0;
      }),
      { numRuns: 10_000 },
    );
    assert.ok(outcomes > 0, 'no mutation left something to survive');
  });
});
