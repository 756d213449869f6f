import assert from 'node:assert/strict';
import fc from 'fast-check';
import { format } from 'prettier';
import { renderDocuments } from '../../../src/core/document/documents.ts';
import type { RenderedDocument } from '../../../src/core/document/documents.ts';
import { exampleInput } from '../../../src/core/document/example.ts';
import { mergePage } from '../../../src/core/document/merge.ts';

const [older, newer] = ['Shop', 'Shop again'].map((workspaceName): RenderedDocument => {
  const found = renderDocuments({ ...exampleInput, workspaceName }).find(({ id }) => id === 'INDEX');
  assert.ok(found);
  return found;
}) as [RenderedDocument, RenderedDocument];

const page = mergePage(null, older).text;
const before = '# Our own words\n\nBefore the page.\n\n';
const after = '\nAfter the page.\n\n- kept\n';

function edited(text: string, from: string, to: string): string {
  assert.ok(text.includes(from), from);
  return text.replace(from, to);
}

describe('mergePage', () => {
  it('creates a page with its markers', () => {
    const { state, text, write } = mergePage(null, older);
    assert.deepEqual([state, write], ['created', true]);
    assert.match(text, /^<!-- suture:begin INDEX sha256=[0-9a-f]{64} -->\n/);
    assert.ok(text.endsWith('<!-- suture:end INDEX -->\n'));
    assert.equal(mergePage(' \n', older).state, 'created');
  });

  it('is idempotent, with and without prose, in every kind of line end', () => {
    const prose = fc.string({ unit: fc.constantFrom('a', ' ', '#', '\n', '<', '|', 'é') });
    fc.assert(
      fc.property(prose, prose, fc.boolean(), fc.boolean(), (head, tail, crlf, bom) => {
        const joined = `${head}\n${page}${tail}`;
        const existing = (bom ? '\uFEFF' : '') + (crlf ? joined.replaceAll('\n', '\r\n') : joined);
        const same = mergePage(existing, older);
        assert.deepEqual([same.state, same.write, same.text], ['unchanged', false, existing]);
        const next = mergePage(existing, newer);
        assert.deepEqual([next.state, next.write], ['updated', true]);
        assert.equal(mergePage(next.text, newer).state, 'unchanged');
        assert.equal(mergePage(next.text, older).text, existing);
      }),
    );
  });

  it('keeps a byte order mark right before its marker', () => {
    assert.equal(mergePage(`\uFEFF${page}`, older).state, 'unchanged');
    assert.equal(mergePage(`\uFEFF${page}`, newer).text, `\uFEFF${mergePage(null, newer).text}`);
    assert.equal(mergePage('\uFEFF', older).text, `\uFEFF${page}`);
  });

  it('keeps prose before and after', () => {
    const { text } = mergePage(before + page + after, newer);
    assert.ok(text.startsWith(before) && text.endsWith(after) && text.includes('Shop again'));
  });

  it('does not write over what was edited inside, unless forced', () => {
    const existing = before + edited(page, '## Counts', '## My counts') + after;
    for (const generated of [older, newer]) {
      const { state, text, write, message } = mergePage(existing, generated);
      assert.deepEqual([state, text, write], ['edited-inside', existing, false]);
      assert.match(message, /by hand/);
      const forced = mergePage(existing, generated, { force: true });
      assert.deepEqual([forced.state, forced.write], ['edited-inside', true]);
      assert.equal(forced.text, before + mergePage(null, generated).text + after);
    }
  });

  it('notices any edit inside', () => {
    const lines = page.split('\n');
    for (let i = 1; i < lines.length - 2; i += 1) {
      const changed = lines.with(i, `${lines[i] ?? ''}x`).join('\n');
      assert.equal(mergePage(changed, newer).state, 'edited-inside', lines[i]);
      const cut = lines.toSpliced(i, 1).join('\n');
      assert.equal(mergePage(cut, newer).state, 'edited-inside', lines[i]);
    }
  });

  it('mends a hash that does not fit when the text between is right', () => {
    const existing = page.replace(/sha256=\w+/, `sha256=${'0'.repeat(64)}`);
    const { state, text } = mergePage(existing, older);
    assert.deepEqual([state, text], ['updated', page]);
    assert.equal(mergePage(existing, newer).state, 'edited-inside');
    assert.equal(mergePage(page.replace(/ sha256=\w+/, ''), newer).state, 'edited-inside');
  });

  it('does not take an edit for its own when all line ends were changed', () => {
    const windows = edited(page, '## Counts', '## My counts').replaceAll('\n', '\r\n');
    assert.equal(mergePage(windows, newer).state, 'edited-inside');
    assert.doesNotMatch(mergePage(windows, newer, { force: true }).text, /[^\r]\n/);
  });

  it('leaves a file without markers alone; force puts the page behind its text', () => {
    const { state, write } = mergePage(before, older);
    assert.deepEqual([state, write], ['broken-markers', false]);
    const forced = mergePage(before, older, { force: true }).text;
    assert.equal(forced, before + page);
    assert.equal(mergePage(forced, older).state, 'unchanged');
  });

  it('reports markers that do not pair', () => {
    const end = '<!-- suture:end INDEX -->\n';
    const whole = before + page + after;
    for (const broken of [
      whole.replace(end, ''),
      whole.replace(/<!-- suture:begin.*\n/, ''),
      whole + page,
      whole.replace(end, end + end),
    ]) {
      const { state, text, write } = mergePage(broken, newer);
      assert.deepEqual([state, text, write], ['broken-markers', broken, false]);
      const forced = mergePage(broken, newer, { force: true }).text;
      assert.equal(mergePage(forced, newer).state, 'unchanged');
    }
  });

  it('takes markers only at the start of a line and only its own', () => {
    const prose =
      'See `<!-- suture:end INDEX -->` and\n <!-- suture:begin INDEX -->\n<!-- suture:end HANDLER_SPECS -->\n';
    assert.equal(mergePage(prose + page, older).state, 'unchanged');
  });

  describe('with conflict markers', () => {
    const ours = page;
    const theirs = mergePage(null, newer).text;
    const conflict = (a: string, b: string) => `<<<<<<< HEAD\n${a}=======\n${b}>>>>>>> theirs\n`;

    it('reports where, and resolves only its own part when forced', () => {
      const [first = '', ...rest] = page.split(/(?<=\n)/);
      const [other = ''] = theirs.split(/(?<=\n)/);
      const existing = before + conflict(first, other) + rest.join('') + after;
      const { state, text, write, message } = mergePage(existing, newer);
      assert.deepEqual([state, text, write], ['conflict-markers', existing, false]);
      assert.match(message, /line 5/);
      assert.equal(mergePage(existing, newer, { force: true }).text, before + theirs + after);
    });

    it('resolves a conflict inside and one around the whole page', () => {
      const inside = edited(page, '## Counts\n', conflict('## Counts\n', '## Other\n'));
      assert.equal(mergePage(before + inside + after, newer, { force: true }).text, before + theirs + after);
      const around = before + conflict(ours, theirs) + after;
      assert.equal(mergePage(around, newer, { force: true }).text, before + theirs + after);
    });

    it('resolves one around the end of the page', () => {
      const end = '<!-- suture:end INDEX -->\n';
      const existing = before + edited(page, end, conflict(end, `one more line\n\n${end}`)) + after;
      assert.equal(mergePage(existing, newer, { force: true }).text, before + theirs + after);
    });

    it('never resolves one that holds prose', () => {
      for (const existing of [
        conflict('my words\n', 'your words\n') + page,
        conflict(`my words\n${ours}`, theirs),
        page + conflict('my words\n', ''),
        conflict(`${ours}my words\n`, theirs),
      ]) {
        const forced = mergePage(existing, newer, { force: true });
        assert.deepEqual([forced.state, forced.text, forced.write], ['conflict-markers', existing, false]);
      }
    });
  });

  it('makes pages that a formatter leaves as they are', async () => {
    for (const document of renderDocuments(exampleInput)) {
      const { text } = mergePage(null, document);
      assert.equal(await format(text, { parser: 'markdown', proseWrap: 'always', printWidth: 40 }), text);
    }
  });
});
