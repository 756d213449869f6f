import assert from 'node:assert/strict';
import fc from 'fast-check';
import { serializeEvidence } from '../../../src/core/document/evidence-file.ts';
import { MOST_ERROR_CLASSES, evidenceFrom } from '../../../src/core/document/evidence.ts';
import type { Measured } from '../../../src/core/document/evidence.ts';
import { DAY, errorGroup, metricsOf, modelOf } from './samples.ts';

function one(
  models: Parameters<typeof evidenceFrom>[0],
  previous?: Parameters<typeof evidenceFrom>[1],
): Measured {
  const [entry] = evidenceFrom(models, previous).handlers.values();
  const first = entry?.measured[0];
  assert.ok(first);
  return first;
}

describe('evidenceFrom', () => {
  it('rounds to buckets, two digits and days', () => {
    const metrics = metricsOf({ calls: 743, errorRate: 8 / 294, p50: 7, p95: 43, fromMs: 0, toMs: 3 * DAY });
    assert.deepEqual(one([modelOf('a', [metrics])]), {
      environment: '',
      errorClasses: [],
      errorRate: '2-5 %',
      from: '1970-01-01',
      n: 740,
      operation: 'GET /a',
      p50: '5-10 ms',
      p95: '20-50 ms',
      release: '1.0.0',
      service: 'shop',
      to: '1970-01-04',
    });
  });

  it('has no entry for a handler that nothing ever measured', () => {
    assert.equal(evidenceFrom([modelOf('a', [])]).handlers.size, 0);
  });

  it('says null under five calls, but keeps what more calls of the same release said', () => {
    const few = modelOf('a', [metricsOf({ calls: 3, percentiles: null })]);
    assert.equal(one([few]).p95, null);
    const many = evidenceFrom([modelOf('a', [metricsOf({ calls: 500 })])]);
    assert.deepEqual(evidenceFrom([few], many), many);
  });

  it('masks messages and counts those that are then alike once', () => {
    const errorGroups = [errorGroup('user 1 is gone'), errorGroup('user 2 is gone')];
    assert.deepEqual(one([modelOf('a', [metricsOf({ errorGroups })])]).errorClasses, [
      { message: 'user <*> is gone', type: 'Error' },
    ]);
  });

  it('keeps an error class through its release and drops it with the next', () => {
    const failing = evidenceFrom([
      modelOf('a', [metricsOf({ errorRate: 0.01, errorGroups: [errorGroup('gone')] })]),
    ]);
    const quiet = one([modelOf('a', [metricsOf({})])], failing);
    assert.equal(quiet.errorClasses.length, 1);
    const next = one([modelOf('a', [metricsOf({ release: '1.1.0' })])], failing);
    assert.deepEqual([next.errorClasses, next.errorRate], [[], 'none']);
  });

  it('forgets a rare failure with a new release, not within one', () => {
    const rare = evidenceFrom([modelOf('a', [metricsOf({ errorRate: 0.0005 })])]);
    assert.equal(one([modelOf('a', [metricsOf({})])], rare).errorRate, 'under 0.1 %');
    assert.equal(one([modelOf('a', [metricsOf({ release: '1.1.0' })])], rare).errorRate, 'none');
  });

  it('bounds the error classes that telemetry can invent', () => {
    const errorGroups = Array.from({ length: 500 }, (_, i) =>
      errorGroup(`gone ${'ab'.repeat(i % 19)} ${'x'.repeat(i / 19)}`),
    );
    assert.equal(one([modelOf('a', [metricsOf({ errorGroups })])]).errorClasses.length, MOST_ERROR_CLASSES);
  });

  it('keeps what was said of a service that this telemetry does not speak of', () => {
    const committed = evidenceFrom([
      modelOf('a', [metricsOf({ service: 'shop' })]),
      modelOf('b', [metricsOf({ service: 'stock' })]),
    ]);
    const mine = evidenceFrom([modelOf('a', []), modelOf('b', [metricsOf({ service: 'stock' })])], committed);
    assert.equal(serializeEvidence(mine), serializeEvidence(committed));
    const none = evidenceFrom([modelOf('a', []), modelOf('b', [])], committed);
    assert.equal(serializeEvidence(none), serializeEvidence(committed));
  });

  it('remembers when a handler was last called, and forgets one without code', () => {
    const committed = evidenceFrom(['a', 'b', 'c'].map((id) => modelOf(id, [metricsOf({ toMs: 9 * DAY })])));
    const fresh = evidenceFrom([modelOf('a', []), modelOf('b', [metricsOf({})])], committed);
    assert.deepEqual(fresh.handlers.get('a'), { lastSeen: '1970-01-10', measured: [] });
    assert.equal(fresh.handlers.has('c'), false);
    assert.deepEqual(evidenceFrom([modelOf('a', []), modelOf('b', [metricsOf({})])], fresh), fresh);
  });

  it('keeps both live releases, the newest first', () => {
    const live = [metricsOf({ release: '2.0.0' }), metricsOf({ release: '10.0.0' })];
    const { handlers } = evidenceFrom([modelOf('a', live)]);
    assert.deepEqual(
      handlers.get('a')?.measured.map((entry) => entry.release),
      ['2.0.0', '10.0.0'],
    );
  });

  it('writes the same bytes for any order of the handlers', () => {
    const models = Array.from({ length: 20 }, (_, i) => modelOf(`h${i}`, [metricsOf({ p95: i + 1 })]));
    const expected = serializeEvidence(evidenceFrom(models));
    fc.assert(
      fc.property(fc.shuffledSubarray(models, { minLength: 20 }), (shuffled) =>
        assert.equal(serializeEvidence(evidenceFrom(shuffled)), expected),
      ),
    );
  });

  it('gives no diff for measuring again: other days, up to twice the calls, latencies within 9 %', () => {
    const shake = fc.double({ min: -0.09, max: 0.09, noNaN: true });
    const value = fc.double({ min: 0.01, max: 100_000, noNaN: true });
    const again = fc.record({
      p50: shake,
      p95: shake,
      rate: shake,
      more: fc.integer({ min: 1000, max: 1990 }),
      days: fc.nat(29),
    });
    fc.assert(
      fc.property(
        value,
        value,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(again, { maxLength: 5 }),
        (p50, p95, errorRate, runs) => {
          const first = evidenceFrom([
            modelOf('a', [metricsOf({ calls: 1000, p50, p95, errorRate, toMs: 0 })]),
          ]);
          const last = runs.reduce((evidence, run) => {
            const metrics = metricsOf({
              calls: run.more,
              p50: p50 * (1 + run.p50),
              p95: p95 * (1 + run.p95),
              errorRate: errorRate * (1 + run.rate),
              toMs: run.days * DAY,
            });
            return evidenceFrom([modelOf('a', [metrics])], evidence);
          }, first);
          assert.equal(serializeEvidence(last), serializeEvidence(first));
        },
      ),
    );
  });

  it('is written anew when a fact changes, the calls double or a month has gone', () => {
    const first = evidenceFrom([modelOf('a', [metricsOf({ calls: 1000, toMs: 0 })])]);
    const next = (more: Parameters<typeof metricsOf>[0]) =>
      one([modelOf('a', [metricsOf({ calls: 1000, toMs: DAY, ...more })])], first);
    assert.equal(next({}).to, '1970-01-01');
    assert.equal(next({ p95: 56 }).to, '1970-01-02');
    assert.equal(next({ calls: 2400 }).n, 2400);
    assert.equal(next({ toMs: 40 * DAY }).to, '1970-02-10');
  });

  it('survives figures and names that no clock or tool would give', () => {
    const metrics = metricsOf({
      calls: NaN,
      errorRate: NaN,
      p50: NaN,
      p95: Infinity,
      fromMs: 1e300,
      toMs: NaN,
      release: '\uD800\n',
    });
    const entry = one([modelOf('a', [metrics])]);
    assert.deepEqual([entry.from, entry.to, entry.release], [null, null, '\uFFFD']);
    assert.equal(entry.n, 0);
  });
});
