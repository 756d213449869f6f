import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commandLink, escapeLabel, escapeMarkdown, oneLine } from '../../../src/vscode/render/escape.ts';
import { hostileTexts } from './samples.ts';

/** Every ASCII punctuation mark must stand behind a backslash of its own. */
function assertInert(markdown: string): void {
  assert.equal(markdown.replace(/\\[!-/:-@[-`{-~]/g, '').search(/[!-/:-@[-`{-~]/), -1, markdown);
  assert.doesNotMatch(markdown, /[\u0000-\u001f\u007f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/);
  assert.ok(markdown.isWellFormed());
}

declare global {
  interface String {
    /** ES2024; in every Node that runs the tests. */
    isWellFormed(): boolean;
  }
}

describe('render/escape', () => {
  it('leaves no mark of Markdown or HTML alive in hostile texts', () => {
    for (const text of hostileTexts) assertInert(escapeMarkdown(text));
  });

  it('leaves none alive in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        assertInert(escapeMarkdown(text));
      }),
    );
  });

  it('keeps what is harmless readable', () => {
    assert.equal(escapeMarkdown('Grüße, 日本 😀 abc 123'), 'Grüße\\, 日本 😀 abc 123');
    assert.equal(oneLine('a\r\n\tb'), 'a b');
    assert.equal(oneLine('x'.repeat(500)).length, 200);
    assert.equal(oneLine('\u202eabc'), '\ufffdabc');
  });

  it('cuts without splitting a character', () => {
    const cut = oneLine('😀'.repeat(200), 100);
    assert.ok(cut.length <= 100 && cut.isWellFormed());
  });

  it('keeps icons out of labels', () => {
    assert.doesNotMatch(escapeLabel('$(flame) $$(x)'), /\$\(/);
  });

  it('builds command links that their arguments cannot leave', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 100 }).filter((text) => text.isWellFormed()),
        (id) => {
          const link = commandLink('Details', 'suture.doctor', [{ id }]);
          const match = /^\[Details\]\(command:suture\.doctor\?([\w.%~-]*)\)$/.exec(link);
          assert.ok(match, link);
          assert.deepEqual(JSON.parse(decodeURIComponent(match[1] ?? '')), [{ id }]);
        },
      ),
    );
  });
});
