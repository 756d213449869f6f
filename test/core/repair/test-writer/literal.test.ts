import assert from 'node:assert/strict';
import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { literalOf, valueOf } from '../../../../src/core/repair/test-writer/literal.ts';

const hostile = [
  "'); process.exit(1); ('",
  '`${process.exit(1)}`',
  '*/ throw 1 /*',
  'line\u2028separator\u2029 and \r\n breaks',
  '\\',
  '\\"',
  "\\'",
  '\u202Egnirts\u202C',
  '</script>',
  '\u0000\u001B[31m',
  '\uD800 alone',
];

describe('literals of untrusted text', () => {
  it('mean the text, on one line, with nothing invisible in it', () => {
    const check = (text: string): void => {
      for (const quote of ["'", '"'] as const) {
        const source = literalOf(text, quote);
        assert.equal(runInThisContext(source), text);
        assert.doesNotMatch(source, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }
    };
    hostile.forEach(check);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), check));
  });

  it('keep values of JSON as they are, `__proto__` included', () => {
    const check = (value: unknown): void => {
      const read = runInThisContext(`JSON.stringify(${valueOf(value, "'")})`) as string;
      assert.deepEqual(JSON.parse(read), JSON.parse(JSON.stringify(value)));
    };
    check(JSON.parse('{"__proto__": 1, "a-b": [null, true, {"c": "\'"}]}'));
    fc.assert(fc.property(fc.jsonValue(), check));
  });
});
