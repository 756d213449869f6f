import assert from 'node:assert/strict';
import fc from 'fast-check';
import { maskMessage, maskType } from '../../../src/core/document/mask.ts';

describe('maskMessage', () => {
  const cases: readonly (readonly [raw: string, masked: string])[] = [
    ['user 4711 not found', 'user <*> not found'],
    ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED <*>'],
    ['no such user "Alice Smith"', 'no such user "<*>"'],
    ["can't find 'x' or 'y'", "can't find '<*>' or '<*>'"],
    [
      "Cannot read properties of undefined (reading 'id')",
      "Cannot read properties of undefined (reading 'id')",
    ],
    ['mail to alice@example.com failed', 'mail to <*> failed'],
    ['Authorization: Bearer abcdefgh', 'Authorization: <*>'],
    ['bad password=hunter', 'bad password=<*>'],
    ['rejected Bearer eyJhbGciOiJ.abc.def', 'rejected Bearer <*>'],
    ['GET https://h.example/u?key=v failed', 'GET <*> failed'],
    ["ENOENT: no such file, open '/home/alice/x'", "ENOENT: no such file, open '<*>'"],
    ['cannot open /home/alice/app now', 'cannot open <*> now'],
    ['body {"name":"Bob","card":"4111"} refused', 'body {<*>} refused'],
    ['first line\n  at secret stack', 'first line'],
    ['key b3f1a2c4-0000-4000-8000-1234567890ab gone', 'key <*> gone'],
    ['ids 1, 2, 3 clash', 'ids <*> clash'],
  ];
  for (const [raw, masked] of cases) {
    it(JSON.stringify(raw), () => assert.equal(maskMessage(raw), masked));
  }

  it('leaves no digit outside V8 quotes and stays on one short line, whatever comes in', () => {
    const text = fc.string({ unit: 'binary', maxLength: 2000 });
    fc.assert(
      fc.property(text, (raw) => {
        const masked = maskMessage(raw);
        assert.doesNotMatch(masked, /[0-9\n\r\u2028\u2029]|\p{Surrogate}/u);
        assert.ok(Array.from(masked).length <= 200);
      }),
    );
  });

  it('gives one class for messages that differ only in their values', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) =>
        assert.equal(
          maskMessage(`order ${a} of cart "${a}" is gone`),
          maskMessage(`order ${b} of cart "${b}" is gone`),
        ),
      ),
    );
  });
});

describe('maskType', () => {
  it('keeps names of code', () => {
    for (const type of [
      'TypeError',
      'pg.DatabaseError',
      'ERR_HTTP_HEADERS_SENT',
      'java.lang.Error',
      'Http404',
    ]) {
      assert.equal(maskType(type), type);
    }
  });
  it('masks what is not a name', () => {
    assert.equal(maskType('error of "Bob" 12'), 'error of "<*>" <*>');
    assert.equal(maskType('x9876543210'), '<*>');
  });
});
