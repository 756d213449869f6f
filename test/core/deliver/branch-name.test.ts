import assert from 'node:assert/strict';
import fc from 'fast-check';
import { branchName } from '../../../src/core/deliver/branch-name.ts';

describe('the name of a branch', () => {
  it('is made of the fingerprint and the words of the title', () => {
    const fix = {
      fingerprint: '0123456789abcdef',
      title: 'Ask for the stock of all products at once, für Ärzte',
    };
    assert.equal(branchName(fix), 'suture/01234567-ask-for-the-stock-of-all-products-at');
    assert.equal(branchName({ ...fix, title: '商品 @{-1}..~^:?*[\\ .lock' }), 'suture/01234567-1-lock');
    assert.equal(branchName({ ...fix, title: '…' }), 'suture/01234567');
  });

  it('is one that git takes, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (title, fingerprint) =>
        assert.match(branchName({ title, fingerprint }), /^suture\/[a-z0-9]+(-[a-z0-9]+)*$/),
      ),
    );
  });
});
