import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { fingerprintOf } from '../../../src/core/detect/fingerprint.ts';

describe('fingerprint', () => {
  it('is the same for ever, as it stands in ledgers and suppressions', () => {
    const expected = createHash('sha256').update('["d","place","key"]').digest('hex').slice(0, 16);
    assert.equal(fingerprintOf('d', 'place', 'key'), expected);
  });

  it('knows where one part ends and the next begins', () => {
    assert.notEqual(fingerprintOf('d', 'a","b', 'c'), fingerprintOf('d', 'a', 'b","c'));
  });
});
