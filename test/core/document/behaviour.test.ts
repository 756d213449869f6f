import assert from 'node:assert/strict';
import { behaviourDrift } from '../../../src/core/document/behaviour.ts';
import { evidenceFrom } from '../../../src/core/document/evidence.ts';
import { errorGroup, metricsOf, modelOf } from './samples.ts';
import type { MetricsSample } from './samples.ts';

const committed = evidenceFrom([
  modelOf('a', [metricsOf({})]),
  modelOf('b', [metricsOf({ name: 'GET /b' })]),
]);

function drifts(a: MetricsSample | null, b: MetricsSample | null): readonly (readonly unknown[])[] {
  const models = [
    modelOf('a', a ? [metricsOf(a)] : []),
    modelOf('b', b ? [metricsOf({ name: 'GET /b', ...b })] : []),
  ];
  const found = behaviourDrift(committed, evidenceFrom(models, committed));
  return found.map(({ handlerId, kind, was, is }) => [handlerId, kind, was, is]);
}

describe('behaviourDrift', () => {
  it('is silent about other counts, days, releases and noise', () => {
    assert.deepEqual(drifts({ calls: 9000, toMs: 9e12, release: '2.0.0', p95: 47 }, {}), []);
  });
  it('names a changed bucket', () => {
    assert.deepEqual(drifts({ p95: 130, errorRate: 0.03 }, {}), [
      ['a', 'latency-bucket', '20-50 ms', '100-200 ms'],
      ['a', 'error-rate-bucket', 'none', '2-5 %'],
    ]);
  });
  it('names a new error class, in the same and in a newer release', () => {
    for (const release of ['1.0.0', '1.1.0']) {
      assert.deepEqual(drifts({}, { release, errorGroups: [errorGroup('item 7 is gone')] }), [
        ['b', 'new-error-class', null, 'Error: item <*> is gone'],
      ]);
    }
  });
  it('names what is never called any more and what is newly called', () => {
    assert.deepEqual(drifts({}, null), [['b', 'never-called', 'GET /b', null]]);
    const more = [modelOf('a', [metricsOf({})]), modelOf('b', [metricsOf({ name: 'GET /b' })])];
    const fresh = evidenceFrom([...more, modelOf('c', [metricsOf({ name: 'GET /c' })])], committed);
    assert.deepEqual(
      behaviourDrift(committed, fresh).map(({ handlerId, kind }) => [handlerId, kind]),
      [['c', 'newly-called']],
    );
  });
  it('is silent about a service that the telemetry does not speak of, and about code that is gone', () => {
    assert.deepEqual(drifts(null, null), []);
    const without = evidenceFrom([modelOf('a', [metricsOf({})])], committed);
    assert.deepEqual(behaviourDrift(committed, without), []);
  });
});
