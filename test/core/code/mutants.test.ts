import assert from 'node:assert/strict';
import { mutantsOf } from '../../../src/core/code/mutants.ts';

const text = `export function other() { return 1 > 0; }
export function show(req, res) {
  const shown = lamps.filter((lamp) => lamp.watts > 40);
  if (shown.length === 0) return res.json({ lamps: [] });
  res.json({ lamps: shown, count: shown.length });
}
`;

describe('mutants of a function', () => {
  it('are of several kinds, in that function alone, each with one change', async () => {
    const mutants = await mutantsOf(text, { line: 2, column: 17 }, 6);
    assert.deepEqual(
      mutants.map(({ what }) => what),
      [
        'line 4: answers with nothing in it',
        'line 4: condition negated',
        'line 3: filter() dropped',
        'line 3: `>` made `>=`',
        'line 4: field lamps left out',
        'line 3: 40 made one more',
      ],
    );
    const before = text.split('\n');
    for (const { newText } of mutants)
      assert.equal(newText.split('\n').filter((line, i) => line !== before[i]).length, 1);
  });

  it('are none where no function starts', async () => {
    assert.deepEqual(await mutantsOf(text, { line: 99, column: 1 }, 6), []);
  });
});
