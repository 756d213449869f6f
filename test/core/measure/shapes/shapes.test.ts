import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createShapes } from '../../../../src/core/measure/shapes/shapes.ts';
import type { TraceShape } from '../../../../src/core/model/shape.ts';
import type { Span } from '../../../../src/core/model/span.ts';
import type { Trace } from '../../../../src/core/model/trace.ts';
import { shop, span, T0 } from '../../assemble/spans.ts';
import { foldTraces } from './fold.ts';

const WINDOW = 300_000;

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
  it('tell the order of calls, what they were asked for and how that ended', () => {
    const shapes = createShapes();
    const boom = [
      { name: 'exception', timeMs: T0, attributes: { 'exception.type': 'E', 'exception.message': 'boom' } },
    ];
    foldTraces(shapes, [
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

  it('sum up alike whatever the order of traces and the windows they are kept in', () => {
    fc.assert(
      fc.property(anyTraces, anyTraces, (left, right) => {
        const one = createShapes();
        const other = createShapes([], { maxLive: 1 });
        foldTraces(one, [...left, ...right]);
        foldTraces(other, [...right.toReversed(), ...left]);
        assert.deepEqual(rounded(other.merged(ID, '1.0.0')), rounded(one.merged(ID, '1.0.0')));
      }),
    );
  });

  it('are the same after saving and restoring, and go on alike', () => {
    fc.assert(
      fc.property(anyTraces, anyTraces, (before, after) => {
        const kept = createShapes();
        foldTraces(kept, before);
        const restored = createShapes(kept.dirty());
        kept.markSaved();
        assert.deepEqual([kept.dirty(), restored.dirty()], [[], []]);
        assert.deepEqual(restored.merged(ID, '1.0.0'), kept.merged(ID, '1.0.0'));
        foldTraces(kept, after);
        foldTraces(restored, after);
        assert.deepEqual(restored.merged(ID, '1.0.0'), kept.merged(ID, '1.0.0'));
      }),
    );
  });

  it('answer for windows that start in a range, and forget those beyond retention', () => {
    const shapes = createShapes();
    foldTraces(
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
    foldTraces(shapes, [thing(9, [])]);
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
      foldTraces(shapes, [thing(n, children, { attributes, status: n % 3 === 0 ? 'error' : 'unset' })]);
      foldTraces(shapes, [thing(n, [], { resource: { ...shop, service: `s${n}`, release: `r${n}` } })]);
      foldTraces(shapes, [
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
