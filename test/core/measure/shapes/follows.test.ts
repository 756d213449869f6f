import assert from 'node:assert/strict';
import type { Child } from '../../../../src/core/measure/shapes/children.ts';
import { eachFollowing } from '../../../../src/core/measure/shapes/follows.ts';

const child = (key: string, startMs: number, durationMs: number): Child => ({
  key,
  name: key,
  kind: 'client',
  startMs,
  durationMs,
  endMs: startMs + durationMs,
});
function pairs(...children: readonly Child[]): readonly string[] {
  const found: string[] = [];
  eachFollowing(children, (from, to) => found.push(`${from}>${to}`));
  return found.sort();
}

describe('order of children', () => {
  it('is that of the partial order, with nothing between', () => {
    assert.deepEqual(pairs(child('a', 0, 5), child('b', 5, 5), child('c', 12, 1)), [
      '>a',
      'a>b',
      'b>c',
      'c>',
    ]);
    assert.deepEqual(pairs(child('a', 0, 5)), ['>a', 'a>']);
    assert.deepEqual(pairs(), []);
  });

  it('leaves out pairs that overlap or began in the same millisecond', () => {
    const fork = pairs(child('a', 0, 2), child('b', 3, 9), child('c', 4, 9), child('d', 20, 1));
    assert.deepEqual(fork, ['>a', 'a>b', 'a>c', 'b>d', 'c>d', 'd>']);
    for (const tied of [
      [child('b', 3, 0.2), child('c', 3, 0.4)],
      [child('c', 3, 0.2), child('b', 3, 0.4)],
    ])
      assert.deepEqual(pairs(child('a', 0, 2), ...tied), ['>a', 'a>b', 'a>c', 'b>', 'c>']);
  });

  it('takes starts as exact to a millisecond: a sequence stays one', () => {
    assert.deepEqual(pairs(child('a', 0, 4.9), child('b', 4, 3)), ['>a', 'a>b', 'b>']);
  });
});
