import assert from 'node:assert/strict';
import { tellingInput } from '../../../src/core/diagnose/telling-input.ts';

const values = (...rows: readonly (readonly [string, number, number])[]) =>
  rows.map(([value, good, failed]) => ({ value, good, failed }));

describe('the input that tells failing calls', () => {
  it('is the one whose values explain most failures and fewest good calls', () => {
    const found = tellingInput([
      { key: 'user_agent.original', values: values(['browser', 200, 20]) },
      { key: 'query.page', values: values(['(absent)', 150, 12], ['2', 50, 8]) },
      { key: 'path.id', values: values(['a', 0, 12], ['b', 0, 7], ['c', 0, 1], ['(other)', 200, 0]) },
    ]);
    assert.equal(found?.key, 'path.id');
    assert.deepEqual(
      found.values.map(({ value }) => value),
      ['a', 'b', 'c'],
    );
    assert.deepEqual([found.failed, found.good, found.allFailed, found.allGood], [20, 0, 20, 200]);
  });

  it('can be that an input is missing', () => {
    const found = tellingInput([{ key: 'query.q', values: values(['(absent)', 0, 9], ['lamp', 90, 0]) }]);
    assert.deepEqual(
      found?.values.map(({ value }) => value),
      ['(absent)'],
    );
  });

  it('is none where every value fails once, all calls fail, or too few do', () => {
    const once = Array.from({ length: 20 }, (_, i) => [`v${i}`, 0, 1] as const);
    assert.equal(tellingInput([{ key: 'path.id', values: values(...once, ['(other)', 100, 0]) }]), null);
    assert.equal(tellingInput([{ key: 'path.id', values: values(['a', 0, 50]) }]), null);
    assert.equal(tellingInput([{ key: 'path.id', values: values(['a', 0, 2], ['b', 90, 0]) }]), null);
  });

  it('is none where failures are spread like good calls', () => {
    assert.equal(tellingInput([{ key: 'path.id', values: values(['a', 50, 5], ['b', 50, 6]) }]), null);
  });
});
