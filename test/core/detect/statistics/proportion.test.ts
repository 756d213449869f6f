import assert from 'node:assert/strict';
import { newcombe, shareRatio, wilson } from '../../../../src/core/detect/statistics/proportion.ts';

const near = (actual: number, expected: number, within = 0.00006): void => {
  assert.ok(Math.abs(actual - expected) <= within, `${actual}, expected ${expected}`);
};

describe('shares', () => {
  it('Wilson: as published, and not empty at its ends', () => {
    // Newcombe 1998 (two-sided intervals for a single proportion), table I, method 3.
    const some = wilson(81, 263);
    near(some.low, 0.2553);
    near(some.high, 0.3662);
    near(wilson(15, 148).low, 0.0624);
    near(wilson(15, 148).high, 0.1605);
    near(wilson(0, 20).high, 0.1611);
    near(wilson(29, 29).low, 0.883);
    assert.deepEqual(wilson(0, 0), { value: 0, low: 0, high: 1 });
  });

  it('Newcombe: as published', () => {
    // Newcombe 1998 (interval estimation for the difference between independent proportions), table II, method 10.
    const some = newcombe({ k: 56, n: 70 }, { k: 48, n: 80 });
    near(some.value, 0.2);
    near(some.low, 0.0524);
    near(some.high, 0.3339);
    const none = newcombe({ k: 0, n: 10 }, { k: 0, n: 20 });
    near(none.low, -0.1611);
    near(none.high, 0.2775);
  });

  it('ratios are finite at zero and the inverse of each other', () => {
    const up = shareRatio({ k: 20, n: 100 }, { k: 0, n: 100 });
    const down = shareRatio({ k: 0, n: 100 }, { k: 20, n: 100 });
    near(up.value, 41, 1e-9);
    near(up.low * down.high, 1, 1e-9);
    assert.ok(up.low > 1 && Number.isFinite(up.high));
  });
});
