import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { createAssembler } from '../../../../src/core/assemble/assembler.ts';
import { otlpJson } from '../../../../src/core/ingest/formats/otlp-json.ts';
import { callsOf } from '../../../../src/core/measure/calls.ts';
import { createShapes } from '../../../../src/core/measure/shapes/shapes.ts';
import type { Shapes } from '../../../../src/core/measure/shapes/shapes.ts';
import { createSketch } from '../../../../src/core/measure/sketch.ts';
import type { TraceShape } from '../../../../src/core/model/shape.ts';
import type { Span } from '../../../../src/core/model/span.ts';
import type { Trace } from '../../../../src/core/model/trace.ts';
import { shop, span, T0 } from '../../assemble/spans.ts';
import { recordsOf, tracesOf } from '../recording.ts';

const recording = new URL('../../../workspaces/shop/.telemetry/shop-1.0.0.jsonl.gz', import.meta.url);
const WINDOW = 300_000;

function fold(shapes: Shapes, traces: readonly Trace[]): ReadonlyMap<string, string> {
  const operations = new Map<string, string>();
  for (const trace of traces) {
    const calls = callsOf(trace);
    for (const { operation } of calls)
      if (operation.kind !== 'middleware')
        operations.set(`${operation.service} ${operation.name}`, operation.id);
    shapes.fold(trace, calls);
  }
  return operations;
}

interface Plain {
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly service: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Calls of each client beneath each operation, counted without any of our own parts: `shop POST /orders` -> child -> [times, calls]. */
function plainCounts(
  lines: readonly string[],
): Readonly<Record<string, Record<string, Record<number, number>>>> {
  const spans: Plain[] = [];
  for (const line of lines) {
    for (const { resource, scopeSpans } of JSON.parse(line).resourceSpans) {
      const service = resource.attributes.find(({ key }: { key: string }) => key === 'service.name').value
        .stringValue;
      for (const each of scopeSpans.flatMap((scope: { spans: unknown[] }) => scope.spans)) {
        const attributes = Object.fromEntries(
          each.attributes.map(({ key, value }: { key: string; value: object }) => [
            key,
            Object.values(value)[0],
          ]),
        );
        spans.push({ ...each, service, attributes });
      }
    }
  }
  const byId = new Map(spans.map((each) => [each.spanId, each]));
  const servers = spans.filter(({ kind }) => kind === 2);
  const nameOf = ({ service, attributes }: Plain, between: string): string =>
    [attributes['http.request.method'], between, attributes['http.route']]
      .filter(Boolean)
      .join(' ')
      .replace(/^/u, between === '' ? `${service} ` : '');
  const perCall = new Map<string, Record<string, number>>();
  for (const server of servers) {
    const client = byId.get(server.parentSpanId ?? '');
    if (client?.kind !== 3) continue;
    let owner = byId.get(client.parentSpanId ?? '');
    while (owner !== undefined && owner.kind !== 2) owner = byId.get(owner.parentSpanId ?? '');
    if (owner === undefined) continue;
    const of = perCall.get(owner.spanId) ?? {};
    perCall.set(owner.spanId, of);
    const child = `client ${nameOf(server, server.service)}`;
    of[child] = (of[child] ?? 0) + 1;
  }
  const counts: Record<string, Record<string, Record<number, number>>> = {};
  for (const [spanId, children] of perCall) {
    const of = (counts[nameOf(byId.get(spanId)!, '')] ??= {});
    for (const [child, times] of Object.entries(children)) {
      const histogram = (of[child] ??= {});
      histogram[times] = (histogram[times] ?? 0) + 1;
    }
  }
  return counts;
}

/** One call of `GET /things/:id` with children `[key, start, duration]`. */
function thing(
  number: number,
  children: readonly (readonly [string, number, number])[],
  more: Partial<Span> = {},
): Trace {
  const id = number.toString(16).padStart(15, '0');
  const attributes = {
    'http.request.method': 'GET',
    'http.route': '/things/:id',
    'url.path': `/things/${number % 40}`,
  };
  const root = span({ traceId: id, spanId: `a${id}`, kind: 'server', durationMs: 50, attributes, ...more });
  const spans = children.map(([name, at, durationMs], index) =>
    span({
      traceId: id,
      spanId: `${id}${index}`,
      parentSpanId: root.spanId,
      name,
      startMs: root.startMs + at,
      durationMs,
    }),
  );
  return { traceId: id, spans: [root, ...spans], refs: [], closed: 'root-ended' };
}
const ID = JSON.stringify(['shop', '', 'http', 'GET', '/things/:id', 'GET /things/:id']);
const NAMES = ['load', 'check', 'save', 'tell'];
const anyTrace = fc
  .tuple(
    fc.nat(1_000_000),
    fc.array(
      fc.tuple(
        fc.constantFrom(...NAMES),
        fc.nat(40),
        fc.integer({ min: 0, max: 160 }).map((n) => n / 8),
      ),
      { maxLength: 6 },
    ),
    fc.nat(3),
    fc.constantFrom<Span['status']>('unset', 'error'),
  )
  .map(([number, children, window, status]) =>
    thing(number, children, { startMs: T0 + window * WINDOW, status }),
  );
const anyTraces = fc.array(anyTrace, { maxLength: 30 });

/** Sums of durations may differ in the last bit by the order of adding. */
function rounded(shape: TraceShape | null): unknown {
  if (shape === null) return null;
  const children = shape.children.map((child) => ({
    ...child,
    durationSumMs: Math.round(child.durationSumMs * 1e6),
  }));
  return { ...shape, children };
}

describe('shapes', () => {
  it('count what calls of the shop ask of inventory as a plain count does', () => {
    const lines = gunzipSync(readFileSync(recording))
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    const assembler = createAssembler();
    const shapes = createShapes();
    const read = lines.flatMap((line, at) => {
      const { spans } = otlpJson.decode!(line, { file: 'f', line: at + 1 });
      return assembler.add({ ref: { file: 'f', offset: at, length: 1 }, spans });
    });
    const operations = fold(shapes, [...read, ...assembler.flush()]);
    const found: Record<string, Record<string, unknown>> = {};
    for (const [name, id] of operations) {
      const { children = [], calls = 0, follows = [], droppedChildren } = shapes.merged(id, '1.0.0') ?? {};
      assert.equal(droppedChildren, 0);
      if (children.length > 0)
        found[name] = Object.fromEntries(
          children.map(({ key, counts }) => [key, Object.fromEntries(counts)]),
        );
      for (const child of children) {
        assert.equal(
          child.counts.reduce((sum, [times, count]) => sum + times * count, 0),
          child.total,
        );
        const sketch = createSketch();
        assert.ok(sketch.mergeBlob(child.latency));
        assert.equal(sketch.count(), child.total);
        assert.ok(child.total <= calls);
        assert.ok(follows.some(({ from, to }) => from === child.key || to === child.key));
      }
    }
    const expected = plainCounts(lines);
    assert.deepEqual(found, expected);
    assert.ok((expected['shop POST /api/orders']?.['client POST inventory /stock/query']?.[1] ?? 0) > 300);
  });

  it('tell the order of calls, what they were asked for and how that ended', () => {
    const shapes = createShapes();
    const boom = [
      { name: 'exception', timeMs: T0, attributes: { 'exception.type': 'E', 'exception.message': 'boom' } },
    ];
    fold(shapes, [
      thing(1, [
        ['load', 0, 4],
        ['check', 5, 4],
        ['check', 6, 4],
      ]),
      thing(1, [
        ['load', 0, 4],
        ['check', 5, 4],
        ['check', 9, 4],
      ]),
      thing(2, [['check', 1, 4]], { status: 'error', events: boom }),
    ]);
    const shape = shapes.merged(ID, '1.0.0');
    assert.deepEqual(
      shape?.children.map(({ name, total, counts, overlapping }) => [name, total, counts, overlapping]),
      [
        [
          'check',
          5,
          [
            [1, 1],
            [2, 2],
          ],
          1,
        ],
        ['load', 2, [[1, 2]], 0],
      ],
    );
    const follows = Object.fromEntries(shape.follows.map(({ from, to, count }) => [`${from}>${to}`, count]));
    assert.deepEqual(follows, {
      '>internal load': 2,
      'internal load>internal check': 3,
      'internal check>': 4,
      'internal check>internal check': 1,
      '>internal check': 1,
    });
    assert.deepEqual(shape.attributes, [
      {
        key: 'path.id',
        values: [
          { value: '2', good: 0, failed: 1 },
          { value: '1', good: 2, failed: 0 },
        ],
      },
    ]);
    assert.deepEqual(
      shape.samples.map(({ path, outcome, exception }) => [path, outcome, exception?.message]),
      [
        ['/things/1', 'ok', undefined],
        ['/things/2', 'error', 'boom'],
      ],
    );
  });

  it('name in every real recording no layer of a framework as a child', () => {
    for (const fixture of ['express4', 'express5', 'frameworks', 'collector']) {
      const shapes = createShapes();
      const operations = fold(shapes, tracesOf(recordsOf(`${fixture}-traces.jsonl.gz`)));
      const keys = [...operations.values()].flatMap(
        (id) => shapes.merged(id, 'unversioned')?.children.map(({ key }) => key) ?? [],
      );
      assert.deepEqual(
        keys.filter((key) => /middleware|request handler|router|route-handler|patched/u.test(key)),
        [],
      );
      if (fixture === 'express5') {
        const proxied = shapes.merged(operations.get('shop-api GET /proxy/:id') ?? '', 'unversioned');
        assert.deepEqual(
          proxied?.children.map(({ key, total, counts }) => [key, total, counts]),
          [['client GET shop-api /api/users/:id', 72, [[1, 72]]]],
        );
      }
    }
  });

  it('sum up alike whatever the order of traces and the windows they are kept in', () => {
    fc.assert(
      fc.property(anyTraces, anyTraces, (left, right) => {
        const one = createShapes();
        const other = createShapes([], { maxLive: 1 });
        fold(one, [...left, ...right]);
        fold(other, [...right.toReversed(), ...left]);
        assert.deepEqual(rounded(other.merged(ID, '1.0.0')), rounded(one.merged(ID, '1.0.0')));
      }),
    );
  });

  it('are the same after saving and restoring, and go on alike', () => {
    fc.assert(
      fc.property(anyTraces, anyTraces, (before, after) => {
        const kept = createShapes();
        fold(kept, before);
        const restored = createShapes(kept.dirty());
        kept.markSaved();
        assert.deepEqual([kept.dirty(), restored.dirty()], [[], []]);
        assert.deepEqual(restored.merged(ID, '1.0.0'), kept.merged(ID, '1.0.0'));
        fold(kept, after);
        fold(restored, after);
        assert.deepEqual(restored.merged(ID, '1.0.0'), kept.merged(ID, '1.0.0'));
      }),
    );
  });

  it('answer for windows that start in a range, and forget those beyond retention', () => {
    const shapes = createShapes();
    fold(
      shapes,
      [0, 1, 2].map((window) => thing(window, [['load', 0, 1]], { startMs: T0 + window * WINDOW })),
    );
    const calls = (fromMs: number, toMs: number): number | undefined =>
      shapes.merged(ID, '1.0.0', { fromMs, toMs })?.calls;
    assert.deepEqual(
      [calls(T0, T0 + WINDOW), calls(T0 + 1, T0 + WINDOW), calls(T0 + 3 * WINDOW, Infinity)],
      [2, 1, undefined],
    );
    assert.equal(shapes.merged(ID, '2.0.0'), null);
    shapes.dropBefore(T0 + WINDOW);
    fold(shapes, [thing(9, [])]);
    assert.equal(shapes.merged(ID, '1.0.0')?.calls, 2);
    assert.equal(shapes.merged(ID, '1.0.0')?.startMs, T0 + WINDOW);
    assert.equal(shapes.dirty().length, 2);
    shapes.dropBefore(Infinity);
    assert.equal(shapes.merged(ID, '1.0.0'), null);
  });

  it('stay within their bounds under hostile input, and lose no call', () => {
    const shapes = createShapes([], { maxOperations: 3 });
    const words = Array.from({ length: 400 }, (_, i) =>
      String(i).replace(/\d/gu, (digit) => 'abcdefghij'.charAt(Number(digit))),
    );
    const calls = 300;
    for (let n = 0; n < calls; n++) {
      const attributes = {
        'http.request.method': 'GET',
        'http.route': '/things/:id',
        'url.path': `/things/${n}\ud800`,
        'url.query': words
          .slice(0, 90)
          .map((word) => `${word}${n % 5}=${n}&toString=${n}`)
          .join('&'),
      };
      const children = words.slice(n % 100, (n % 100) + 280).map((word, at) => [word, at * 2, 1] as const);
      fold(shapes, [thing(n, children, { attributes, status: n % 3 === 0 ? 'error' : 'unset' })]);
      fold(shapes, [thing(n, [], { resource: { ...shop, service: `s${n}`, release: `r${n}` } })]);
      fold(shapes, [
        thing(
          n,
          Array.from({ length: 150 }, (_, at) => ['again', at, 0.5] as const),
          { resource: { ...shop, release: '2' } },
        ),
      ]);
    }
    const shape = shapes.merged(ID, '1.0.0')!;
    assert.equal(shape.calls, calls);
    assert.equal(shape.children.length, 64);
    assert.equal(
      shape.children.reduce((sum, { total }) => sum + total, 0) + shape.droppedChildren,
      calls * 280,
    );
    assert.ok(shape.follows.length <= 256 && shape.attributes.length === 24);
    assert.equal(shape.samples.length, 16);
    for (const { key, values } of shape.attributes) {
      assert.ok(values.length <= 34, key);
      assert.equal(
        values.reduce((sum, { good, failed }) => sum + good + failed, 0),
        calls,
        key,
      );
    }
    assert.deepEqual(
      shapes.merged(ID, '2')?.children.map(({ counts }) => counts),
      [[[100, calls]]],
    );
    assert.ok(shapes.dirty().every(({ blob }) => blob.length < 40_000));
    assert.equal(new Set(shapes.dirty().map(({ operationId }) => operationId)).size, 3);
    assert.deepEqual(createShapes(shapes.dirty()).merged(ID, '1.0.0'), shape);
  });
});
