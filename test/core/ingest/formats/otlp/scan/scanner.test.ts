import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { otlpJson } from '../../../../../../src/core/ingest/formats/otlp-json.ts';
import { createScanner } from '../../../../../../src/core/ingest/formats/otlp/scan/scanner.ts';
import { sharedAttributes, varyingAttributes } from '../../../../../../src/core/model/attribute-keys.ts';
import type { Attributes, AttributeValue, Span } from '../../../../../../src/core/model/span.ts';

const latest = 8.64e15;
const readKeys = [...sharedAttributes, ...varyingAttributes];
const recordings = [
  'express5-traces',
  'express4-traces',
  'frameworks-traces',
  'collector-traces',
  'shop/shop-1.1.0',
];

function recordsOf(name: string): readonly Buffer[] {
  const file = new URL(`../../../../../fixtures/telemetry/${name}.jsonl.gz`, import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString('latin1').split('\n');
  return lines.filter((line) => line !== '').map((line) => Buffer.from(line, 'latin1'));
}

function readOf(attributes: Attributes): Record<string, AttributeValue> {
  return Object.fromEntries(
    readKeys.flatMap((key) => {
      const value = attributes[key];
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

/** A span with the attributes that are read, and nothing of how it was made. */
function comparable(span: Span): object {
  const { traceId, spanId, parentSpanId, name, kind, startMs, durationMs, status, statusMessage } = span;
  const { events, scope, resource, attributes } = span;
  return {
    ...{ traceId, spanId, parentSpanId, name, kind, startMs, durationMs, status, statusMessage },
    ...{ events, scope, resource, attributes: readOf(attributes) },
  };
}

/** The scanner agrees with the plain decoder, or leaves the record to it; true where it did not leave it. */
function agrees(scanner: NonNullable<ReturnType<typeof createScanner>>, record: Buffer): boolean {
  const scanned = scanner.scan(record, latest);
  if (scanned === undefined) return false;
  const { spans, problems } = otlpJson.decode(record, { file: 'a', line: 1 });
  assert.deepEqual(problems, [], 'what has a problem is not for the scanner');
  assert.deepEqual(scanned.map(comparable), spans.map(comparable));
  return true;
}

const made = (): NonNullable<ReturnType<typeof createScanner>> => {
  const scanner = createScanner();
  assert.ok(scanner !== undefined);
  return scanner;
};

const id = 'eee19b7ec3c1b174';
const span = {
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: id,
  name: 'GET /a',
  kind: 2,
  startTimeUnixNano: '1795385460652000000',
  endTimeUnixNano: '1795385460653000001',
  attributes: [
    { key: 'http.request.method', value: { stringValue: 'GET' } },
    { key: 'url.path', value: { stringValue: '/a' } },
  ],
};
const requestOf = (...spans: readonly object[]): string =>
  JSON.stringify({ resourceSpans: [{ scopeSpans: [{ scope: { name: 's' }, spans }] }] });

describe('the scanner of OTLP/JSON', () => {
  for (const name of recordings) {
    it(`gives what the plain decoder gives for every record of ${name}`, () => {
      const scanner = made();
      for (const record of recordsOf(name)) assert.ok(agrees(scanner, record));
    });
  }

  it('does not depend on the order of members nor on blanks', () => {
    const scanner = made();
    const turned = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(turned)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .toReversed()
                .map(([key, each]) => [key, turned(each)]),
            )
          : value;
    for (const record of recordsOf('collector-traces')) {
      const request: unknown = JSON.parse(record.toString('utf8'));
      assert.ok(agrees(scanner, Buffer.from(JSON.stringify(turned(request)))));
      assert.ok(agrees(scanner, Buffer.from(JSON.stringify(request, undefined, 2))));
    }
  });

  it('agrees with the plain decoder, or leaves it the record, however one is changed', () => {
    const scanner = made();
    const records = [...recordsOf('express4-traces'), ...recordsOf('collector-traces')].map((record) =>
      record.subarray(0, 20_000).length === record.length ? record : smaller(record),
    );
    const snippets = ['"', '\\', '{', '}', '[', ']', ',', ':', '0', '9', '-', 'e', '.', ' ', '\n', '\u0000'];
    const bytes = [...snippets, '\\u00e4', '\\ud83d', 'ä', '"key":', '"value":{}', 'null', '1e400', 'A'];
    let taken = 0;
    fc.assert(
      fc.property(
        fc.nat(records.length - 1),
        fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...bytes)), { minLength: 1, maxLength: 3 }),
        (which, edits) => {
          let record: Buffer = records[which] ?? Buffer.alloc(0);
          for (const [place, removed, put] of edits) {
            const at = place % (record.length + 1);
            record = Buffer.concat([record.subarray(0, at), Buffer.from(put), record.subarray(at + removed)]);
          }
          if (agrees(scanner, record)) taken++;
        },
      ),
      { numRuns: 3000 },
    );
    assert.ok(taken > 0, 'some changes leave a good record');
  });

  const left: Readonly<Record<string, string>> = {
    'an id in capitals': requestOf({ ...span, traceId: span.traceId.toUpperCase() }),
    'an id of zeros': requestOf({ ...span, spanId: '0'.repeat(16) }),
    'a span that ends before it starts': requestOf({ ...span, endTimeUnixNano: '1795385460651999999' }),
    'a span without a start': requestOf({ ...span, startTimeUnixNano: undefined }),
    'a name in place of a kind': requestOf({ ...span, kind: 'SPAN_KIND_SERVER' }),
    'a member given twice': requestOf(span).replace('"kind":2', '"kind":2,"kind":3'),
    'half a character': requestOf({ ...span, name: '\ud800' }),
    'a second request on the line': requestOf(span) + requestOf(span),
    'a line that is cut off': requestOf(span).slice(0, -1),
    logs: '{"resourceLogs":[]}',
    'the older name of scopes': requestOf(span).replace('scopeSpans', 'instrumentationLibrarySpans'),
  };
  for (const [what, record] of Object.entries(left)) {
    it(`leaves ${what} to the plain decoder`, () =>
      assert.equal(made().scan(Buffer.from(record), latest), undefined));
  }

  it('leaves what lies in the future to the plain decoder', () => {
    const endMs = 1795385460653;
    assert.equal(made().scan(Buffer.from(requestOf(span)), endMs - 1), undefined);
    assert.equal(made().scan(Buffer.from(requestOf(span)), endMs + 1)?.length, 1);
  });

  it('takes the last of attributes with one key, escapes, lists and absent parents', () => {
    const attributes = [
      { key: 'url.path', value: { stringValue: '/first' } },
      { key: 'url.path', value: { stringValue: '/ä"\\\u2028' } },
      { key: 'http.route', value: { arrayValue: { values: [{ stringValue: 'a' }] } } },
      { key: 'http.response.status_code', value: { intValue: '200' } },
      { key: '__proto__', value: { stringValue: 'x' } },
      { key: 'server.port', value: {} },
    ];
    assert.ok(agrees(made(), Buffer.from(requestOf({ ...span, attributes, parentSpanId: '0'.repeat(16) }))));
    assert.ok(agrees(made(), Buffer.from(requestOf({ ...span, attributes, parentSpanId: '' }))));
    assert.ok(agrees(made(), Buffer.from(requestOf({ ...span, name: 'Stra\u00dfe "x"' }, span))));
  });

  it('goes on when there are more kinds of spans than it remembers', () => {
    const scanner = made();
    const count = 20_000;
    for (let from = 0; from < count; from += 500) {
      const spans = Array.from({ length: 500 }, (_, at) => ({ ...span, name: `job ${from + at}` }));
      const scanned = scanner.scan(Buffer.from(requestOf(...spans)), latest);
      assert.deepEqual(
        scanned?.map(({ name }) => name),
        spans.map(({ name }) => name),
      );
    }
    assert.ok(agrees(scanner, Buffer.from(requestOf(span))));
  });

  it('tells resources and scopes apart', () => {
    const entry = (service: string, scope: string): object => ({
      scopeSpans: [{ spans: [span], scope: { name: scope } }],
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
    });
    const request = { resourceSpans: [entry('a', 'x'), entry('b', 'x'), entry('a', 'y')] };
    const scanner = made();
    assert.ok(agrees(scanner, Buffer.from(JSON.stringify(request))));
    const families = scanner.scan(Buffer.from(JSON.stringify(request)), latest)?.map((each) => each.family);
    assert.equal(new Set(families).size, 3);
  });
});

/** The same request with few spans. */
function smaller(record: Buffer): Buffer {
  const request = JSON.parse(record.toString('utf8')) as {
    resourceSpans: { scopeSpans: { spans: unknown[] }[] }[];
  };
  for (const { scopeSpans } of request.resourceSpans) {
    for (const scope of scopeSpans) scope.spans = scope.spans.slice(0, 5);
  }
  return Buffer.from(JSON.stringify(request));
}
