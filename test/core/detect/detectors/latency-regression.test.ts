import assert from 'node:assert/strict';
import { latencyRegression } from '../../../../src/core/detect/detectors/latency-regression.ts';
import { exampleComparison, exampleInput, latencyAround } from '../../../../src/core/detect/example.ts';
import type { LatencyBins } from '../../../../src/core/model/comparison.ts';

const steady = ['/a', '/b', '/c', '/d'].map((route) => exampleComparison(route, {}, {}));

/** 200 calls around 10 ms, a share of which take 100 ms. */
const partly = (share: number): LatencyBins => [
  ...latencyAround(10).map(([ms, calls]) => [ms, 2 * calls * (1 - share)] as const),
  [100, 200 * share] as const,
];
const found = (now: LatencyBins, before: LatencyBins, calls = 200): readonly string[] =>
  latencyRegression
    .detect(
      exampleInput([...steady, exampleComparison('/x', { calls, latency: now }, { calls, latency: before })]),
    )
    .map(({ effect }) => effect.measure);

describe('latency-regression', () => {
  it('sees when a part of the calls became slow', () => {
    assert.deepEqual(found(partly(0.7), partly(0)), ['p50 latency']);
    assert.deepEqual(found(partly(0.4), partly(0)), ['p75 latency']);
    assert.deepEqual(found(partly(0.2), partly(0)), ['p90 latency']);
  });

  it('leaves a tail alone, and a part of few calls', () => {
    assert.deepEqual(found(partly(0.1), partly(0)), []);
    assert.deepEqual(found(partly(0.2), partly(0), 50), []);
  });

  it('does not report less than five milliseconds, however many times as long', () => {
    assert.deepEqual(found(latencyAround(4), latencyAround(1)), []);
    assert.deepEqual(found(latencyAround(6.5), latencyAround(1)), ['p50 latency']);
  });
});
