import assert from 'node:assert/strict';
import { escapeMarkdown } from '../../../src/vscode/render/escape.ts';
import { markdownTable } from '../../../src/vscode/render/table.ts';
import { plainMarkdown } from '../../../src/vscode/render/plain-markdown.ts';

describe('plain Markdown', () => {
  it('drops the signs of headings, weight, code and links', () => {
    assert.equal(
      plainMarkdown('# Fix it\n\n- **passed**: `tsc` at [a.ts:3](command:x)'),
      'Fix it\n======\n\n- passed: tsc at a.ts:3',
    );
  });

  it('sets the columns of a table anew', () => {
    const table = markdownTable(
      [escapeMarkdown('GET /stock/:sku'), 'n'],
      [
        [escapeMarkdown('1.0.0'), '320'],
        [escapeMarkdown('a|b_c'), '7'],
      ],
    );
    assert.equal(
      plainMarkdown(`Before\n\n${table}\n\nAfter`),
      [
        'Before',
        '',
        '| GET /stock/:sku |   n |',
        '| --------------- | --- |',
        '| 1.0.0           | 320 |',
        '| a|b_c           |   7 |',
        '',
        'After',
      ].join('\n'),
    );
  });

  it('gives escaped text back as it was', () => {
    for (const text of ['GET /a?b=*c* [x](y) <b> `q` # 1', '**not bold**', 'a_b \\ c & d']) {
      assert.equal(plainMarkdown(`- ${escapeMarkdown(text)}`), `- ${text}`);
    }
  });
});
