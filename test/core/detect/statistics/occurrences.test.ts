import assert from 'node:assert/strict';
import { exampleChild } from '../../../../src/core/detect/example.ts';
import {
  callsWith,
  meanPerCall,
  overlapShare,
  usualPerCall,
} from '../../../../src/core/detect/statistics/occurrences.ts';

const child = {
  ...exampleChild('/stock', 1),
  counts: [
    [1, 10],
    [12, 30],
  ] as const,
  total: 370,
};

describe('occurrences of a child', () => {
  it('mean over all calls, median over those that make any', () => {
    const { value, low, high } = meanPerCall(child, 100);
    assert.equal(value, 3.7);
    // Variance 0.1 * 1 + 0.3 * 144 - 3.7 ** 2 = 29.61.
    assert.ok(Math.abs(high - 3.7 - 1.96 * Math.sqrt(0.2961)) < 1e-9);
    assert.ok(Math.abs(3.7 - low - 1.96 * Math.sqrt(0.2961)) < 1e-9);
    assert.equal(usualPerCall(child), 12);
    assert.equal(callsWith(child), 40);
    assert.deepEqual(meanPerCall(undefined, 100), { value: 0, low: 0, high: 0 });
  });

  it('overlap is a share of the second and later ones', () => {
    assert.equal(overlapShare({ ...child, overlapping: 165 }), 0.5);
    assert.equal(overlapShare(exampleChild('/stock', 1, true)), 0);
    assert.equal(overlapShare(exampleChild('/stock', 5, true)), 1);
  });
});
