import assert from 'node:assert/strict';
import { duration, percent, printable, table } from '../../src/cli/table.ts';

describe('terminal table', () => {
  it('aligns columns, numbers to the right, and trims line ends', () => {
    assert.equal(
      table(
        ['NAME', '>N', 'X'],
        [
          ['a', '12', ''],
          ['long', '3', 'y'],
        ],
      ),
      'NAME   N  X\na     12\nlong   3  y\n',
    );
  });

  it('shows control and bidirectional characters as ?', () => {
    assert.equal(printable('\u001b[31mred\u202e\n'), '?[31mred??');
  });

  it('gives durations three significant digits', () => {
    assert.deepEqual([0.1234, 48.26, 999.4, 12_345, null].map(duration), [
      '0.123 ms',
      '48.3 ms',
      '999 ms',
      '12.3 s',
      '-',
    ]);
  });

  it('gives rates two significant digits', () => {
    assert.deepEqual([0, 0.0244, 1].map(percent), ['0 %', '2.4 %', '100 %']);
  });
});
