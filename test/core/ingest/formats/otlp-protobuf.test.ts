import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { headOf } from '../../../../src/core/ingest/format.ts';
import { otlpJson } from '../../../../src/core/ingest/formats/otlp-json.ts';
import { otlpProtobuf } from '../../../../src/core/ingest/formats/otlp-protobuf.ts';
import type { Span } from '../../../../src/core/model/span.ts';

const at = { file: 'a.pb', line: 3 };
const fixture = (name: string): Buffer =>
  gunzipSync(readFileSync(new URL(`../../../fixtures/telemetry/${name}`, import.meta.url)));

/** The messages of a file in which each stands behind its length. */
function messages(bytes: Buffer): readonly Buffer[] {
  const list: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const to = from + 4 + bytes.readUInt32BE(from);
    list.push(bytes.subarray(from + 4, to));
    from = to;
  }
  return list;
}

const recorded = messages(fixture('frameworks-traces.pb.gz'));

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, value); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}
function field(number: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([varint(BigInt(number * 8 + 2)), varint(BigInt(content.length)), content]);
}
const integer = (number: number, value: bigint): Buffer =>
  Buffer.concat([varint(BigInt(number * 8)), varint(value)]);
function fixed(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([varint(BigInt(number * 8 + 1)), bytes]);
}
function double(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint(BigInt(number * 8 + 1)), bytes]);
}
const pair = (number: number, key: string, value: Buffer): Buffer =>
  field(number, field(1, key), field(2, value));

const traceId = '5b8efff798038103d269b633813fc60c';
const spanId = 'eee19b7ec3c1b174';
const ids = Buffer.concat([field(1, Buffer.from(traceId, 'hex')), field(2, Buffer.from(spanId, 'hex'))]);
const start = 1795385460652000000n;
const good = Buffer.concat([ids, field(5, 'ok'), fixed(7, start), fixed(8, start + 1_000_000n)]);
const request = (...spans: readonly Buffer[]): Buffer =>
  field(1, field(1), field(2, field(1, field(1, 's')), ...spans.map((span) => field(2, span))));

function one(...more: readonly Buffer[]): Span {
  const { spans, problems } = otlpProtobuf.decode(request(Buffer.concat([good, ...more])), at);
  assert.deepEqual(problems, []);
  assert.equal(spans.length, 1);
  return spans[0] as Span;
}

/** Codes with counts, of a request in which one good span stands before and one behind what is bad. */
function complaints(bad: Buffer, nowMs?: number): Record<string, number> {
  const decoded = otlpProtobuf.decode(request(good, bad, good), nowMs === undefined ? at : { ...at, nowMs });
  assert.equal(decoded.spans.filter((span) => span.name === 'ok').length, 2);
  for (const problem of decoded.problems) assert.deepEqual([problem.file, problem.line], ['a.pb', 3]);
  return Object.fromEntries(decoded.problems.map((problem) => [problem.code, problem.count]));
}

describe('otlp-protobuf', () => {
  it('gives for every recorded request what its JSON gives', () => {
    const lines = fixture('frameworks-traces.jsonl.gz').toString('utf8').trimEnd().split('\n');
    assert.equal(recorded.length, lines.length);
    let spans = 0;
    recorded.forEach((bytes, index) => {
      assert.ok(otlpProtobuf.recognises(headOf(bytes)));
      assert.ok(
        !otlpJson.recognises(headOf(bytes)) &&
          !otlpProtobuf.recognises(headOf(Buffer.from(lines[index] ?? ''))),
      );
      const decoded = otlpProtobuf.decode(bytes, at);
      assert.deepEqual(decoded, otlpJson.decode(Buffer.from(lines[index] ?? ''), at));
      spans += decoded.spans.length;
    });
    assert.ok(spans > 2000);
  });

  it('keeps attributes of every kind by the rules of OTLP/JSON', () => {
    const { attributes } = one(
      pair(9, '__proto__', field(1, 'x')),
      pair(9, 'int', integer(3, 12n)),
      pair(9, 'minus', integer(3, -3n)),
      pair(9, 'big', integer(3, 9223372036854775807n)),
      pair(9, 'nan', double(4, NaN)),
      pair(9, 'half', double(4, -0.5)),
      pair(9, 'no', integer(2, 0n)),
      pair(9, 'list', field(5, field(1, integer(3, 1n)), field(1, field(5, field(1, field(1, 'a')))))),
      pair(
        9,
        'map',
        field(
          6,
          field(
            1,
            field(1, 'k'),
            field(2, field(5, field(1, integer(3, 1n)), field(1, field(7, Buffer.from([0, 1, 2]))))),
          ),
        ),
      ),
      pair(9, 'bytes', field(7, Buffer.from([0, 1, 2]))),
      pair(9, 'empty', field(1)),
      pair(9, 'nothing', Buffer.alloc(0)),
    );
    assert.equal(Object.getPrototypeOf(attributes), null);
    assert.deepEqual(
      { ...attributes },
      Object.fromEntries([
        ['__proto__', 'x'],
        ['int', 12],
        ['minus', -3],
        ['big', '9223372036854775807'],
        ['nan', 'NaN'],
        ['half', -0.5],
        ['no', false],
        ['list', [1, ['a']]],
        ['map', '{"k":[1,"AAEC"]}'],
        ['bytes', '"AAEC"'],
        ['empty', ''],
      ]),
    );
  });

  it('computes times exact to the nanosecond', () => {
    const nanos = fc.bigInt({ min: 1_000_000n, max: (1n << 61n) - 1n });
    fc.assert(
      fc.property(nanos, fc.bigInt({ min: 0n, max: 1n << 52n }), (from, length) => {
        const binary = otlpProtobuf.decode(
          request(Buffer.concat([ids, fixed(7, from), fixed(8, from + length)])),
          at,
        );
        const text = otlpJson.decode(
          Buffer.from(
            `{"resourceSpans":[{"scopeSpans":[{"scope":{"name":"s"},"spans":[{"traceId":"${traceId}","spanId":"${spanId}","startTimeUnixNano":"${from}","endTimeUnixNano":"${from + length}"}]}]}]}`,
          ),
          at,
        );
        assert.deepEqual(binary, text);
      }),
    );
  });

  it('skips and counts what is no span, and keeps its neighbours', () => {
    assert.deepEqual(complaints(Buffer.concat([fixed(7, start)])), { 'bad-id': 1 });
    assert.deepEqual(
      complaints(Buffer.concat([field(1, Buffer.alloc(16)), field(2, Buffer.alloc(8)), fixed(7, start)])),
      { 'bad-id': 1 },
    );
    assert.deepEqual(complaints(ids), { 'bad-time': 1 });
    assert.deepEqual(complaints(Buffer.concat([ids, fixed(7, start), fixed(8, 5n)])), {
      'negative-duration': 1,
    });
    assert.deepEqual(complaints(Buffer.concat([ids, fixed(7, start * 2n)]), 1795385460652), {
      'future-time': 1,
    });
    assert.deepEqual(complaints(Buffer.concat([good.subarray(0, -1)])), { 'torn-record': 1 });
    assert.deepEqual(complaints(Buffer.concat([ids, Buffer.from([0x80])])), { 'torn-record': 1 });
    assert.deepEqual(complaints(Buffer.concat([ids, fixed(7, start), integer(5, 1n)])), { 'bad-shape': 1 });
  });

  it('mends text that is not UTF-8, and counts it', () => {
    const bad = Buffer.concat([
      ids,
      fixed(7, start),
      field(5, Buffer.from([0x61, 0xff])),
      pair(9, 'k', field(1, '\uFFFD')),
    ]);
    const { spans, problems } = otlpProtobuf.decode(request(bad), at);
    assert.deepEqual([spans[0]?.name, spans[0]?.attributes['k']], ['a\uFFFD', '\uFFFD']);
    assert.deepEqual(
      problems.map(({ code, count }) => [code, count]),
      [['invalid-utf8', 1]],
    );
  });

  it('passes over unknown fields and groups, and reads a message behind a length that lies', () => {
    const group = Buffer.concat([varint(8n * 99n + 3n), integer(7, 5n), varint(8n * 99n + 4n)]);
    assert.equal(one(group, field(4000, 'x')).name, 'ok');
    const whole = request(good, good, good);
    const cut = otlpProtobuf.decode(whole.subarray(0, -3), at);
    assert.equal(cut.spans.length, 2);
    assert.ok(cut.problems.every(({ code }) => code === 'torn-record'));
  });

  it('takes metrics for what they are: no spans and no problem', () => {
    const metrics = field(
      1,
      field(2, field(2, field(1, 'http.server.duration'), field(3, 's'), field(9, field(1)))),
    );
    for (const bytes of [metrics]) {
      assert.ok(otlpProtobuf.recognises(headOf(bytes)));
      assert.deepEqual(otlpProtobuf.decode(bytes, at), { spans: [], problems: [] });
    }
  });

  it('cuts off what is nested too deep', () => {
    let value = field(1, 'x');
    for (let depth = 0; depth < 3000; depth += 1) value = field(5, field(1, value));
    assert.deepEqual(complaints(Buffer.concat([ids, fixed(7, start), pair(9, 'deep', value)])), {
      'too-deep': 1,
    });
  });

  it('never throws, however the bytes are changed, and finds everything before the change', () => {
    const sample = recorded.slice(0, 3);
    const change = fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'cut', 'insert', 'drop'));
    fc.assert(
      fc.property(
        fc.nat(sample.length - 1),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (which, changes) => {
          let bytes: Buffer = Buffer.from(sample[which] ?? '');
          for (const [where, byte, how] of changes) {
            const place = where % Math.max(1, bytes.length);
            if (how === 'set') bytes[place] = byte;
            else if (how === 'cut') bytes = bytes.subarray(0, place);
            else if (how === 'insert')
              bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from([byte]), bytes.subarray(place)]);
            else bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1)]);
          }
          otlpProtobuf.recognises(headOf(bytes));
          const { spans } = otlpProtobuf.decode(bytes, at);
          assert.ok(spans.length <= bytes.length / 26);
        },
      ),
      { numRuns: 300 },
    );
  });
});
