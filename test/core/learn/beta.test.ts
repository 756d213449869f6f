import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { betaBelow, betaQuantile } from '../../../src/core/learn/beta.ts';

const near = (actual: number, expected: number, within = 1e-8): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual}, expected ${expected}`);

describe('beta distribution', () => {
  it('has its closed forms', () => {
    near(betaBelow({ alpha: 1, beta: 1 }, 0.3), 0.3);
    near(betaBelow({ alpha: 1, beta: 6 }, 0.2), 1 - 0.8 ** 6);
    near(betaBelow({ alpha: 4, beta: 1 }, 0.7), 0.7 ** 4);
    // 3 x^2 - 2 x^3.
    near(betaBelow({ alpha: 2, beta: 2 }, 0.25), 0.15625);
    near(betaQuantile({ alpha: 1, beta: 6 }, 0.95), 1 - 0.05 ** (1 / 6));
    near(betaQuantile({ alpha: 3, beta: 3 }, 0.5), 0.5);
  });

  it('agrees with counting: a share below x of the binomial', () => {
    // I_x(3, 2) = P(at least 3 of 4) = 4 x^3 (1 - x) + x^4.
    const x = 0.6;
    near(betaBelow({ alpha: 3, beta: 2 }, x), 4 * x ** 3 * (1 - x) + x ** 4);
  });

  it('its quantile undoes it, and it is symmetric, for every count', () => {
    const count = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(count, count, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (alpha, beta, p) => {
        near(betaBelow({ alpha, beta }, betaQuantile({ alpha, beta }, p)), p, 1e-6);
        near(betaQuantile({ alpha, beta }, p) + betaQuantile({ alpha: beta, beta: alpha }, 1 - p), 1, 1e-8);
      }),
    );
  });
});
