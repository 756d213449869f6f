import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { quantileEstimate, quantileOf } from '../../../../src/core/detect/statistics/quantile.ts';

const one = (values: readonly number[]) => values.map((ms) => [ms, 1] as const);
const upTo = (n: number) => one(Array.from({ length: n }, (_, index) => index + 1));

describe('quantiles of bins', () => {
  it('are nearest ranks, and null of nothing', () => {
    assert.equal(quantileOf(upTo(100), 0.5), 50);
    assert.equal(quantileOf(upTo(101), 0.5), 51);
    assert.equal(
      quantileOf(
        [
          [3, 9],
          [8, 1],
        ],
        0.9,
      ),
      3,
    );
    assert.equal(
      quantileOf(
        [
          [3, 9],
          [8, 1],
        ],
        0.95,
      ),
      8,
    );
    assert.equal(quantileOf([], 0.5), null);
    assert.equal(quantileEstimate([], 0.5), null);
  });

  it('have the order statistics of the textbook as their interval', () => {
    // 1.96 * sqrt(100 / 4) = 9.8: the 40th and the 61st of a hundred.
    assert.deepEqual(quantileEstimate(upTo(100), 0.5), { value: 50, low: 40, high: 61 });
    assert.deepEqual(quantileEstimate(one([7]), 0.5), { value: 7, low: 7, high: 7 });
  });

  it('cover the true median in about 95 of 100 samples', () => {
    let state = 1;
    const random = (): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    let covered = 0;
    for (let run = 0; run < 2000; run++) {
      const sample = one(Array.from({ length: 60 }, random).toSorted((a, b) => a - b));
      const { low, high } = quantileEstimate(sample, 0.5)!;
      if (low <= 0.5 && 0.5 <= high) covered++;
    }
    assert.ok(covered / 2000 >= 0.94 && covered / 2000 <= 0.985, String(covered / 2000));
  });

  it('lie inside their interval whatever the bins', () => {
    const bins = fc
      .uniqueArray(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1 })
      .chain((ms) =>
        fc
          .array(fc.integer({ min: 1, max: 50 }), { minLength: ms.length, maxLength: ms.length })
          .map((counts) => ms.toSorted((a, b) => a - b).map((value, i) => [value, counts[i]!] as const)),
      );
    fc.assert(
      fc.property(bins, fc.constantFrom(0.5, 0.75, 0.9), (latency, q) => {
        const { value, low, high } = quantileEstimate(latency, q)!;
        assert.ok(low <= value && value <= high);
      }),
    );
  });
});
