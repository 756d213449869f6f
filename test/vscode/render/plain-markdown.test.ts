import assert from 'node:assert/strict';
import { escapeMarkdown } from '../../../src/vscode/render/escape.ts';
import { plainMarkdown } from '../../../src/vscode/render/plain-markdown.ts';

describe('plain Markdown', () => {
  it('drops the signs of headings, weight, code and links', () => {
    assert.equal(
      plainMarkdown('# Fix it\n\n- **passed**: `tsc` at [a.ts:3](command:x)'),
      'Fix it\n======\n\n- passed: tsc at a.ts:3',
    );
  });

  it('gives escaped text back as it was', () => {
    for (const text of ['GET /a?b=*c* [x](y) <b> `q` # 1', '**not bold**', 'a_b \\ c & d']) {
      assert.equal(plainMarkdown(`- ${escapeMarkdown(text)}`), `- ${text}`);
    }
  });
});
