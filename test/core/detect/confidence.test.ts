import assert from 'node:assert/strict';
import { confidenceOf } from '../../../src/core/detect/confidence.ts';

describe('confidence', () => {
  it('grows from one half on the bar, by half widths of the interval, and is never certain', () => {
    const at = (margin: number): number => Number(confidenceOf(2 + margin, 1 + margin, 1).toFixed(2));
    assert.deepEqual([at(0), at(1), at(2), at(100)], [0.5, 0.82, 0.93, 0.99]);
    assert.equal(confidenceOf(1, 1, 0.5), 0.99);
  });
});
