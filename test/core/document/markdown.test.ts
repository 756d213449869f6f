import assert from 'node:assert/strict';
import fc from 'fast-check';
import { code, count, fenced, linkTo, plural, quoted, text } from '../../../src/core/document/markdown.ts';
import { HOSTILE } from './samples.ts';

const foreign = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
);

describe('markdown', () => {
  it('text leaves no sign that means something', () => {
    fc.assert(
      fc.property(foreign, (raw) => {
        const out = text(raw);
        assert.doesNotMatch(out, /[\p{Cc}<>|@]|:\/\/|\p{Surrogate}/u);
        // Every sign of markup stands behind a backslash of its own.
        assert.doesNotMatch(
          out.replace(/\\[\\`*_[\]~$#!+=.)-]/g, '').replace(/&(?:lt|gt|amp|#\d+);/g, ''),
          /[\\`*_[\]~$#!&]/,
        );
        assert.doesNotMatch(out, /^(?:[-+=]|\d+[.)](?:\s|$))/);
      }),
    );
  });

  it('text leaves usual names readable', () => {
    assert.equal(text('release 1.0.0 of my-app (beta)'), 'release 1.0.0 of my-app (beta)');
    assert.equal(text('<b>x</b> | `y`'), '&lt;b&gt;x&lt;/b&gt; &#124; \\`y\\`');
  });

  it('code cannot be left and never splits a table cell', () => {
    fc.assert(
      fc.property(foreign, (raw) => {
        const out = code(raw);
        assert.doesNotMatch(out, /[\p{Cc}|]/u);
        const fence = /^`+/.exec(out)?.[0];
        if (fence === undefined) return assert.match(out, /^(?:<code>[^<]*<\/code>|\(empty\))$/);
        assert.ok(out.endsWith(fence));
        const inner = out.slice(fence.length, -fence.length);
        for (const run of inner.match(/`+/g) ?? []) assert.notEqual(run.length, fence.length);
      }),
    );
    assert.equal(code('GET /a'), '`GET /a`');
    assert.equal(code('a`b'), '`` a`b ``');
  });

  it('fenced stays in its fence and never begins a line', () => {
    fc.assert(
      fc.property(foreign, (raw) => {
        const lines = fenced(raw, 'ts', '  ').split('\n');
        const fence = lines.at(-1)?.trim() ?? '';
        assert.equal(lines[0], `  ${fence}ts`);
        for (const line of lines.slice(1, -1))
          assert.ok((line === '' || line.startsWith('  ')) && !line.includes(fence));
      }),
    );
  });

  it('quoted keeps lines, each behind its sign', () => {
    assert.equal(
      quoted('one\r\ntwo\n\n- three\n1. four\n=== five'),
      '> one\\\n> two\n>\n> \\- three\\\n> 1\\. four\\\n> \\=== five',
    );
    fc.assert(
      fc.property(foreign, (raw) => {
        for (const line of quoted(raw).split('\n')) assert.match(line, /^>(?: \S.*)?$/);
      }),
    );
  });

  it('linkTo is relative, posix and encoded', () => {
    assert.equal(linkTo('docs/suture', 'src/a b/[id].ts'), '../../src/a%20b/%5Bid%5D.ts');
    assert.equal(linkTo('docs', 'docs/x(1).ts'), 'x%281%29.ts');
    assert.equal(linkTo('.', 'src/#x?.ts'), 'src/%23x%3F.ts');
    fc.assert(fc.property(foreign, (raw) => assert.match(linkTo('docs', raw), /^[\w.~%/-]*$/)));
  });

  it('counts are the same in every locale', () => {
    assert.deepEqual([0, 999, 1000, 1234567].map(count), ['0', '999', '1,000', '1,234,567']);
    assert.deepEqual([plural(1, 'handler'), plural(1200, 'handler')], ['1 handler', '1,200 handlers']);
  });
});
