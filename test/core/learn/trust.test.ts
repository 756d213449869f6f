import assert from 'node:assert/strict';
import { isMuted, orderByTrust, trustOf } from '../../../src/core/learn/trust.ts';
import { decision, outcome } from './entries.ts';

const summary = (ledger: Parameters<typeof trustOf>[0]): readonly string[] =>
  trustOf(ledger).map(
    ({ subject, worked, tried, alpha, beta }) =>
      `${subject.k} ${subject.id}: ${worked} of ${tried}, Beta(${alpha}, ${beta})`,
  );

describe('trust', () => {
  it('of a recipe: worked 2 of 3 times here', () => {
    const [mend] = trustOf([outcome('fixed', 'x1'), outcome('fixed', 'x2'), outcome('no-effect', 'x3')]);
    assert.deepEqual([mend?.worked, mend?.tried, mend?.alpha, mend?.beta, mend?.mean], [2, 3, 3, 2, 0.6]);
    // Quantiles of Beta(3, 2), from 4 x^3 - 3 x^4 = 0.05 and 0.95.
    assert.ok(Math.abs(mend!.low - 0.248_60) < 1e-4 && Math.abs(mend!.high - 0.902_39) < 1e-4);
  });

  it('the newest outcome of a fix counts', () => {
    const ledger = [outcome('fixed'), outcome('reopened')];
    assert.deepEqual(summary(ledger), ['recipe mend: 0 of 1, Beta(1, 2)']);
    assert.deepEqual(summary([...ledger, outcome('fixed')]), ['recipe mend: 1 of 1, Beta(2, 1)']);
    assert.deepEqual(summary([outcome('worse')]), ['recipe mend: 0 of 1, Beta(1, 2)']);
  });

  it('a refused fix speaks against its recipe without being a try of it', () => {
    assert.deepEqual(summary([decision({ decision: 'rejected' })]), [
      'recipe mend: 0 of 0, Beta(1, 2)',
      'detector latency-regression: 0 of 1, Beta(1, 2)',
    ]);
  });

  it('of a detector: by the newest decision about each anomaly', () => {
    const ledger = [
      decision({ fingerprint: 'f1', decision: 'rejected', fixId: 'x1' }),
      decision({ fingerprint: 'f1', decision: 'branched', fixId: 'x2' }),
      decision({ fingerprint: 'f2', decision: 'dismissed' }),
      decision({ fingerprint: 'f3', decision: 'suppressed' }),
      decision({ fingerprint: 'f4', detector: 'error-burst' }),
    ].map((entry, index) => (index < 2 ? entry : { ...entry, fixId: `y${index}` }));
    assert.deepEqual(summary(ledger), [
      'recipe mend: 0 of 0, Beta(1, 2)',
      'detector error-burst: 1 of 1, Beta(2, 1)',
      'detector latency-regression: 1 of 3, Beta(2, 3)',
    ]);
    assert.deepEqual(trustOf([]), []);
  });

  it('reorders: what worked first, then what was never tried, then what did not; else as given', () => {
    const trust = trustOf([outcome('fixed', 'x1', 'good'), outcome('no-effect', 'x2', 'bad')]);
    const ids = (members: readonly string[], kind?: 'recipe' | 'detector') =>
      orderByTrust(
        members.map((id) => ({ id })),
        trust,
        kind,
      ).map(({ id }) => id);
    assert.deepEqual(ids(['bad', 'b', 'a', 'good']), ['good', 'b', 'a', 'bad']);
    assert.deepEqual(ids(['bad', 'good'], 'detector'), ['bad', 'good']);
  });

  it('mutes after five refusals in a row, not after four, nor where it was right once in a while', () => {
    const muted = (wrong: number, right: number): boolean | undefined => {
      const entries = Array.from({ length: wrong + right }, (_, index) =>
        decision({
          fingerprint: `f${index}`,
          fixId: `x${index}`,
          decision: index < wrong ? 'dismissed' : 'applied',
        }),
      );
      return trustOf(entries)
        .filter(({ subject }) => subject.k === 'detector')
        .map(isMuted)[0];
    };
    assert.deepEqual([muted(4, 0), muted(5, 0), muted(5, 1), muted(5, 5)], [false, true, false, false]);
  });
});
