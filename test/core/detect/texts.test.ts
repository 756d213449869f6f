import assert from 'node:assert/strict';
import { counted, milliseconds, percent, times } from '../../../src/core/detect/texts.ts';

describe('figures in messages', () => {
  it('have two digits that mean something', () => {
    assert.deepEqual([0.304, 9.26, 48.4, 999.4, 1234].map(milliseconds), [
      '0.3 ms',
      '9.3 ms',
      '48 ms',
      '999 ms',
      '1.2 s',
    ]);
    assert.deepEqual([1.06, 2.44, 12.4].map(times), ['1.1x', '2.4x', '12x']);
    assert.deepEqual([0.0042, 0.276].map(percent), ['0.42 %', '28 %']);
    assert.deepEqual(
      [counted(1, 'call'), counted(0, 'time'), counted(11.0649, 'time')],
      ['1 call', '0 times', '11.1 times'],
    );
  });
});
