import assert from 'node:assert/strict';
import { compareRuns, median } from '../../../src/core/validate/ratio.ts';

describe('the ratio of two medians', () => {
  it('is that of the middle values', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 2, 3]), 2.5);
    assert.ok(Number.isNaN(median([])));
  });

  it('has an interval that is the same for the same seed and holds one for equal runs', () => {
    const runs = [1, 2, 3].map((n) =>
      Array.from({ length: 20 }, (_, i) => 10 + ((i * 7 + n * 3) % 11) + i * 0.017 + n * 0.11),
    );
    const same = compareRuns(runs, runs, 7);
    assert.deepEqual(compareRuns(runs, runs, 7), same);
    assert.notDeepEqual(compareRuns(runs, runs, 8), same);
    assert.equal(same.ratio, 1);
    assert.ok(same.low < 1 && same.high > 1, JSON.stringify(same));
  });

  it('is below one with all of its interval for runs of half the time', () => {
    const slow = [1, 2, 3].map((n) => Array.from({ length: 20 }, (_, i) => 20 + ((i + n) % 5)));
    const fast = slow.map((run) => run.map((value) => value / 2));
    const { low, ratio, high, before, after } = compareRuns(slow, fast, 1);
    assert.deepEqual([before, after, ratio], [22, 11, 0.5]);
    assert.ok(low > 0.4 && low <= 0.5 && high >= 0.5 && high < 0.6);
  });

  it('is unsure of runs that differ more among themselves than before from after', () => {
    // Many values of three runs of a moody machine: a bootstrap of the values alone would be sure.
    const run = (ms: number): readonly number[] => Array.from({ length: 50 }, (_, i) => ms + (i % 3));
    const { high } = compareRuns([run(100), run(180), run(120)], [run(95), run(170), run(110)], 3);
    assert.ok(high > 1, String(high));
  });
});
