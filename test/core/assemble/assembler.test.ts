import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createAssembler } from '../../../src/core/assemble/assembler.ts';
import type { Assembler } from '../../../src/core/assemble/assembler.ts';
import type { SourceRecord } from '../../../src/core/model/source.ts';
import type { Trace } from '../../../src/core/model/trace.ts';
import { record, span, T0 } from './spans.ts';

const tick = (atMs: number, file = 'a'): SourceRecord =>
  record([span({ traceId: `tick${atMs}${file}`, startMs: atMs, durationMs: 0 })], atMs, file);
const ids = (traces: readonly Trace[]): readonly string[] => traces.map((trace) => trace.traceId);
const shapeOf = (trace: Trace): string =>
  JSON.stringify([trace.traceId, trace.spans.map((each) => each.spanId), trace.refs]);

describe('assembler', () => {
  it('closes a trace five seconds of event time after its root ended', () => {
    const assembler = createAssembler();
    assert.deepEqual(assembler.add(record([span()])), []);
    assert.deepEqual(assembler.add(tick(T0 + 5009)), []);
    const [closed] = assembler.add(tick(T0 + 5010));
    assert.equal(closed?.traceId, 't1');
    assert.equal(closed.closed, 'root-ended');
  });

  it('closes a trace without a root after sixty seconds', () => {
    const assembler = createAssembler();
    assembler.add(record([span({ parentSpanId: 'ff' })]));
    assert.deepEqual(ids(assembler.add(tick(T0 + 60_009))), []);
    const closed = assembler.add(tick(T0 + 60_010));
    assert.equal(closed.find((trace) => trace.traceId === 't1')?.closed, 'timed-out');
  });

  it('joins spans of several records in the order start, end, parent before child', () => {
    const assembler = createAssembler();
    const root = span({ spanId: 'aa', durationMs: 10 });
    const child = span({ spanId: 'bb', parentSpanId: 'aa', durationMs: 10 });
    const grandchild = span({ spanId: 'cc', parentSpanId: 'bb', durationMs: 10 });
    const short = span({ spanId: 'dd', parentSpanId: 'aa', durationMs: 1 });
    const later = span({ spanId: 'ee', parentSpanId: 'aa', startMs: T0 + 2, durationMs: 1 });
    assembler.add(record([later, grandchild], 1));
    assembler.add(record([child, root, short], 2));
    const [trace] = assembler.flush();
    assert.deepEqual(
      trace?.spans.map((each) => each.spanId),
      ['dd', 'aa', 'bb', 'cc', 'ee'],
    );
    assert.deepEqual(
      trace.refs.map((ref) => ref.offset),
      [1, 2],
    );
    assert.equal(trace.closed, 'end-of-input');
  });

  it('survives a cycle of parents', () => {
    const assembler = createAssembler();
    assembler.add(
      record([span({ spanId: 'aa', parentSpanId: 'bb' }), span({ spanId: 'bb', parentSpanId: 'aa' })]),
    );
    assert.equal(assembler.flush()[0]?.spans.length, 2);
  });

  it('opens a new partial trace for late spans, and drops repeated ones', () => {
    const assembler = createAssembler();
    const early = span({ spanId: '00000000000000aa' });
    assembler.add(record([early]));
    assert.deepEqual(ids(assembler.add(tick(T0 + 6000))), ['t1']);
    assembler.add(record([early, span({ spanId: '00000000000000bb', parentSpanId: '00000000000000aa' })]));
    const late = assembler.open().find((trace) => trace.traceId === 't1');
    assert.deepEqual(
      late?.spans.map((each) => each.spanId),
      ['00000000000000bb'],
    );
    assert.equal(assembler.stats().duplicates, 1);
  });

  it('drops a span repeated inside an open trace', () => {
    const assembler = createAssembler();
    const once = span();
    assembler.add(record([once, once]));
    assembler.add(record([once]));
    assert.equal(assembler.stats().duplicates, 2);
    assert.equal(assembler.stats().openSpans, 1);
    const holding = assembler.pending().filter(({ traceIds }) => traceIds.includes('t1'));
    assert.equal(holding.length, 1);
  });

  it('forgets closed traces beyond its bound', () => {
    const assembler = createAssembler({ rememberedTraces: 2 });
    const first = span({ traceId: 'x0' });
    assembler.add(record([first]));
    for (let i = 1; i < 8; i++) assembler.add(record([span({ traceId: `x${i}`, startMs: T0 + i * 10_000 })]));
    assembler.add(record([first]));
    assert.equal(assembler.stats().duplicates, 0);
  });

  it('settles by the wall clock what event time does not overtake any more', () => {
    const assembler = createAssembler();
    assembler.add(record([span({ traceId: 'x1', startMs: T0, durationMs: 10 })]));
    assert.deepEqual(assembler.settle(T0 + 10 + 64_999), []);
    assert.deepEqual(
      assembler.settle(T0 + 10 + 65_000).map(({ traceId, closed }) => [traceId, closed]),
      [['x1', 'root-ended']],
    );
    assert.deepEqual(
      assembler.pending().flatMap(({ traceIds }) => traceIds.filter((id) => id === 'x1')),
      [],
    );
  });

  it('closes the oldest traces when too many spans are open', () => {
    const assembler = createAssembler({ maxOpenSpans: 2 });
    const closed = ['x1', 'x2', 'x3'].flatMap((traceId) => assembler.add(record([span({ traceId })])));
    assert.deepEqual(
      closed.map((trace) => [trace.traceId, trace.closed]),
      [['x1', 'overflow']],
    );
    assert.equal(assembler.stats().overflowed, 1);
    assert.equal(assembler.stats().openSpans, 2);
  });

  it('leaves out spans of impossible times and says so', () => {
    const assembler = createAssembler({ now: () => T0 });
    assembler.add(
      record(
        [span({ startMs: T0 + 3_600_001 }), span({ startMs: NaN }), span({ startMs: -1 }), span()],
        1,
        'f',
      ),
    );
    assert.equal(assembler.stats().openSpans, 1);
    assert.deepEqual(
      assembler.problems().map((problem) => [problem.file, problem.count]),
      [['f', 3]],
    );
    assert.deepEqual(ids(assembler.add(tick(T0 + 5000))), []);
  });

  it('does not tear traces of a file that is read after a newer one', () => {
    const assembler = createAssembler();
    assembler.add(tick(T0 + 3_600_000, 'newer'));
    const server = span({ spanId: '00000000000000aa' });
    const closed = [
      ...assembler.add(record([span({ parentSpanId: '00000000000000aa' })], 1, 'older')),
      ...assembler.add(record([server], 2, 'older')),
      ...assembler.add(tick(T0 + 5010, 'older')),
    ];
    assert.deepEqual(
      closed.map((trace) => trace.spans.length),
      [2],
    );
  });

  it('does not tear a trace whose old spans are appended behind newer ones, nor hold it for ever', () => {
    const assembler = createAssembler();
    assembler.add(tick(T0 + 3_600_000));
    assert.deepEqual(assembler.add(record([span({ parentSpanId: 'aa' })], 1)), []);
    assert.deepEqual(assembler.add(record([span({ spanId: 'aa' })], 2)), []);
    const closed = Array.from({ length: 8 }, (_, i) => assembler.add(tick(T0 + 3_600_001 + i))).flat();
    assert.deepEqual(
      closed.map((trace) => [trace.traceId, trace.spans.length]),
      [['t1', 2]],
    );
  });

  it('closes what a rotated file left open once the next file has moved on', () => {
    const assembler = createAssembler();
    assembler.add(record([span()], 1, 'rotated'));
    assert.deepEqual(ids(assembler.add(tick(T0 + 5010, 'next'))), ['t1']);
  });

  it('keeps a provisional view until its trace changes', () => {
    const assembler = createAssembler();
    assembler.add(record([span({ traceId: 'x1' }), span({ traceId: 'x2' })]));
    const [first, second] = assembler.open();
    assembler.add(record([span({ traceId: 'x2' })]));
    const again = assembler.open();
    assert.equal(again[0], first);
    assert.notEqual(again[1], second);
    assert.equal(again[0]?.closed, 'open');
  });

  it('is the same after a kill at any record', () => {
    const arbitrary = fc.array(
      fc.array(fc.record({ trace: fc.nat(5), id: fc.nat(40), at: fc.nat(30_000), root: fc.boolean() }), {
        maxLength: 6,
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(arbitrary, fc.nat(), (plan, seed) => {
        const records = plan.map((spans, index) =>
          record(
            spans.map(({ trace, id, at, root }) =>
              span({
                traceId: `x${trace}`,
                spanId: `${trace}${id}`.padStart(16, '0'),
                startMs: T0 + index * 2000 + at / 10,
                ...(root ? {} : { parentSpanId: '00000000000000ff' }),
              }),
            ),
            index,
          ),
        );
        const killedAt = seed % (records.length + 1);
        const straight = createAssembler();
        const before = records.slice(0, killedAt).flatMap((each) => straight.add(each));
        const restarted = createAssembler();
        for (const { ref, traceIds } of straight.pending()) {
          const again = records.find((each) => each.ref.offset === ref.offset);
          assert.ok(again);
          restarted.restore(again, traceIds);
        }
        assert.deepEqual(restarted.open().map(shapeOf).toSorted(), straight.open().map(shapeOf).toSorted());
        assert.deepEqual(restarted.pending(), straight.pending());
        assert.equal(restarted.stats().openSpans, straight.stats().openSpans);
        assert.ok(before.every((trace) => trace.closed !== 'open'));
        assert.ok(finish(restarted, records.slice(killedAt)).every((trace) => trace.closed !== 'open'));
      }),
    );
  });

  it('closes the same traces in the same order after a kill', () => {
    const arbitrary = fc.array(
      fc.tuple(
        fc.constantFrom('a', 'b'),
        fc.array(fc.record({ trace: fc.nat(8), at: fc.nat(90_000), root: fc.boolean() }), { maxLength: 6 }),
      ),
      { minLength: 1, maxLength: 25 },
    );
    fc.assert(
      fc.property(arbitrary, fc.nat(), (plan, seed) => {
        const records = plan.map(([file, spans], index) =>
          record(
            spans.map(({ trace, at, root }) =>
              span({
                traceId: `x${trace}`,
                startMs: T0 + at,
                ...(root ? {} : { parentSpanId: '00000000000000ff' }),
              }),
            ),
            index,
            file,
          ),
        );
        const killedAt = seed % (records.length + 1);
        const straight = createAssembler();
        for (const each of records.slice(0, killedAt)) straight.add(each);
        const restarted = createAssembler();
        for (const { ref, traceIds } of straight.pending()) {
          const again = records[ref.offset];
          assert.ok(again);
          restarted.restore(again, traceIds);
        }
        assert.deepEqual(
          finish(restarted, records.slice(killedAt)).map(shapeOf),
          finish(straight, records.slice(killedAt)).map(shapeOf),
        );
      }),
      { numRuns: 500 },
    );
  });
});

function finish(assembler: Assembler, records: readonly SourceRecord[]): readonly Trace[] {
  const closed = [...records.flatMap((each) => assembler.add(each)), ...assembler.flush()];
  assert.equal(assembler.stats().openSpans, 0);
  return closed;
}
