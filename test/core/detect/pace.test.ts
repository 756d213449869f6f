import assert from 'node:assert/strict';
import { latencyRegression } from '../../../src/core/detect/detectors/latency-regression.ts';
import {
  exampleChild,
  exampleComparison,
  exampleInput,
  exampleShape,
  latencyAround,
} from '../../../src/core/detect/example.ts';
import { paceOf } from '../../../src/core/detect/pace.ts';
import type { OperationComparison } from '../../../src/core/model/comparison.ts';

const op = (route: string, factor: number, usual = 20): OperationComparison =>
  exampleComparison(route, { latency: latencyAround(usual * factor) }, { latency: latencyAround(usual) });
const routes = ['/a', '/b', '/c', '/d', '/e'];
const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 0.001, String(actual));

describe('pace of the machine', () => {
  it('is the median of what the other operations say', () => {
    const comparisons = routes.map((route, index) => op(route, index === 4 ? 10 : 2));
    near(paceOf(comparisons, 0.5)(comparisons[0]!.operation.id).factor, 2);
    near(paceOf(comparisons, 0.5)(comparisons[4]!.operation.id).factor, 2);
    near(paceOf(comparisons, 0.5)(comparisons[4]!.operation.id).spread, 0);
  });

  it('is never taken from one operation and what it calls', () => {
    const latency = (ms: number) => [{ key: exampleChild('/x', 1).key, latency: latencyAround(ms) }];
    const shape = exampleShape([exampleChild('/x', 1)]);
    const slow = exampleComparison(
      '/a',
      { latency: latencyAround(40), shape, childLatency: latency(30) },
      { latency: latencyAround(20), shape, childLatency: latency(10) },
    );
    const pace = paceOf([slow, op('/b', 1)], 0.5);
    assert.deepEqual(pace(op('/b', 1).operation.id), { factor: 1, spread: 0, voices: 2, known: false });
    // Two operations and a child speak for a third.
    assert.equal(paceOf([slow, op('/b', 1), op('/c', 1)], 0.5)(op('/c', 1).operation.id).known, true);
    near(paceOf([slow, op('/b', 2)], 0.5)('other').factor, 2);
  });

  it('operations with few calls and middleware say nothing', () => {
    const few = exampleComparison('/f', { calls: 29, latency: latencyAround(900) }, {});
    const middleware = op('/m', 50);
    const comparisons = [
      ...routes.map((route) => op(route, 1)),
      few,
      { ...middleware, operation: { ...middleware.operation, kind: 'middleware' as const } },
    ];
    assert.equal(paceOf(comparisons, 0.5)('other').voices, 5);
  });

  it('excuses a slow machine, not a slow operation on it', () => {
    const all = (factor: number, last: number) =>
      exampleInput(routes.map((route, index) => op(route, index === 4 ? last : factor)));
    for (const factor of [0.5, 1, 1.5, 2, 3]) {
      assert.deepEqual(latencyRegression.detect(all(factor, factor)), []);
    }
    for (const factor of [1, 1.5, 2, 3]) {
      const found = latencyRegression.detect(all(factor, 2 * factor));
      assert.deepEqual(
        found.map(({ operation }) => operation?.route),
        ['/e'],
      );
      near(found[0]!.effect.ratio, 2);
    }
    // On a machine twice as fast, one that takes as long as before has kept nobody waiting.
    assert.deepEqual(latencyRegression.detect(all(0.5, 1)), []);
  });

  it('where operations disagree, one must stand out from all of them', () => {
    const uneven = [0.6, 0.8, 1, 1.3, 1.7].map((factor, index) => op(`/${index}`, factor));
    assert.deepEqual(latencyRegression.detect(exampleInput([...uneven, op('/x', 1.6)])), []);
    assert.equal(latencyRegression.detect(exampleInput([...uneven, op('/x', 6)])).length, 1);
  });

  it('alone on its service, an operation must be twice as slow', () => {
    assert.deepEqual(latencyRegression.detect(exampleInput([op('/a', 1.9)])), []);
    assert.equal(latencyRegression.detect(exampleInput([op('/a', 3)])).length, 1);
  });
});
