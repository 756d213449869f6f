import assert from 'node:assert/strict';
import { ratioOf, scaled } from '../../../../src/core/detect/statistics/ratio.ts';

describe('ratio of two estimates', () => {
  it('recovers the interval from both', () => {
    const { value, low, high } = ratioOf({ value: 20, low: 10, high: 40 }, { value: 10, low: 5, high: 20 });
    const spread = Math.exp(Math.hypot(Math.LN2, Math.LN2));
    assert.ok(Math.abs(value - 2) < 1e-12);
    assert.ok(Math.abs(low - 2 / spread) < 1e-12 && Math.abs(high - 2 * spread) < 1e-12);
  });

  it('stays finite over nothing, and scales as a whole', () => {
    const still = ratioOf({ value: 1, low: 1, high: 1 }, { value: 0, low: 0, high: 0 });
    assert.ok(Number.isFinite(still.value));
    assert.deepEqual(scaled({ value: 4, low: 2, high: 8 }, 0.5), { value: 2, low: 1, high: 4 });
  });
});
