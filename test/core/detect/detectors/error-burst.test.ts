import assert from 'node:assert/strict';
import { errorBurst } from '../../../../src/core/detect/detectors/error-burst.ts';
import { exampleComparison, exampleInput } from '../../../../src/core/detect/example.ts';
import type { OperationComparison } from '../../../../src/core/model/comparison.ts';

const exemplar = { traceId: 't', spanId: 's', startMs: 0, durationMs: 1 };
const failing = (count: number, calls: number, key = 'Error: outage') => {
  const [type = '', message = ''] = key.split(': ');
  return { calls, errors: count, errorGroups: count ? [{ key, type, message, count, exemplar }] : [] };
};
const found = (...comparisons: readonly OperationComparison[]) =>
  errorBurst.detect(exampleInput(comparisons));

/** Failures among `n` calls by a seeded generator. */
function drawer(seed: number): (n: number, rate: number) => number {
  let state = seed;
  return (n, rate) => {
    let count = 0;
    for (let call = 0; call < n; call++) {
      state = (state * 48_271) % 2_147_483_647;
      if (state / 2_147_483_647 < rate) count++;
    }
    return count;
  };
}

describe('error-burst', () => {
  it('failures that come and go by chance stay silent in nearly all of a thousand pairs of recordings', () => {
    for (const [rate, seed] of [
      [0.001, 11],
      [0.01, 12],
      [0.03, 13],
    ] as const) {
      const draw = drawer(seed);
      let alarms = 0;
      for (let run = 0; run < 1000; run++) {
        const sides = [failing(draw(370, rate), 370), failing(draw(370, rate), 370)] as const;
        alarms += found(exampleComparison('/orders', ...sides)).length;
      }
      assert.ok(alarms <= 5, `${alarms} at ${rate}`);
    }
  });

  it('a new failure needs five, a known one a clear rise', () => {
    assert.equal(found(exampleComparison('/a', failing(4, 300), failing(0, 300))).length, 0);
    assert.equal(found(exampleComparison('/a', failing(6, 300), failing(0, 300))).length, 1);
    assert.equal(found(exampleComparison('/a', failing(9, 300), failing(3, 300))).length, 0);
    assert.equal(found(exampleComparison('/a', failing(30, 300), failing(3, 300))).length, 1);
    assert.equal(found(exampleComparison('/a', failing(60, 300), failing(40, 300))).length, 0);
  });

  it('what failed so elsewhere before is not new', () => {
    const elsewhere = exampleComparison('/b', failing(0, 300), failing(1, 300));
    assert.equal(found(elsewhere, exampleComparison('/a', failing(6, 300), failing(0, 300))).length, 0);
  });

  it('each way to fail is a finding of its own, with the same fingerprint whatever its count or stack', () => {
    const both = (count: number, stack: string) => ({
      calls: 100,
      errorGroups: [
        ...failing(count, 100, 'TypeError: x').errorGroups.map((group) => ({ ...group, stack })),
        ...failing(count, 100, 'RangeError: y').errorGroups,
      ],
    });
    const first = found(exampleComparison('/a', both(20, 'at a (a.ts:1:1)'), {}));
    const second = found(exampleComparison('/a', both(30, 'at a (a.ts:9:1)'), {}));
    assert.equal(new Set(first.map(({ fingerprint }) => fingerprint)).size, 2);
    assert.deepEqual(
      first.map(({ fingerprint }) => fingerprint),
      second.map(({ fingerprint }) => fingerprint),
    );
  });

  it('an earlier release that is no baseline is named with its figures, and its few calls can refute', () => {
    const sample = (failures: number, calls: number) =>
      exampleComparison('/a', {}, failing(failures, calls)).before;
    const after = (before: OperationComparison['before']) => {
      const comparison = exampleComparison('/a', failing(30, 30));
      return found(before === null ? comparison : { ...comparison, passedOver: before });
    };
    assert.match(after(null)[0]?.message ?? '', /; there is nothing to compare with\.$/);
    const [ill] = after(sample(40, 40));
    assert.match(ill?.message ?? '', /; 40 of 40 in 1\.0\.0, which was no healthy release either\.$/);
    assert.deepEqual([ill?.effect.before, ill?.severity], [null, 'medium']);
    const [few] = after(sample(0, 27));
    assert.match(few?.message ?? '', /; 0 of 27 in 1\.0\.0, too few calls to compare with\.$/);
    assert.deepEqual(after(sample(27, 27)), [], 'it failed as often before');
  });

  it('with nothing to compare with, only what fails all the time, and never grave', () => {
    assert.equal(found(exampleComparison('/a', failing(8, 294))).length, 0);
    assert.deepEqual(
      found(exampleComparison('/a', failing(60, 294))).map(({ severity, effect }) => [
        severity,
        effect.before,
      ]),
      [['low', null]],
    );
  });

  it('too few calls before still tell that a failure is nothing new; else the message counts them', () => {
    assert.equal(found(exampleComparison('/a', failing(8, 51), failing(4, 27))).length, 0);
    assert.deepEqual(
      found(exampleComparison('/a', failing(20, 51), failing(0, 27))).map(({ message, baselineRelease }) => [
        /; 0 of 27 in 1\.0\.0, too few calls/.test(message),
        baselineRelease,
      ]),
      [[true, null]],
    );
  });

  it('says nothing of seven calls that all fail', () => {
    assert.equal(found(exampleComparison('/a', failing(7, 7), {})).length, 0);
  });
});
