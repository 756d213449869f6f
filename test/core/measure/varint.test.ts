import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readVarint, writeVarint } from '../../../src/core/measure/varint.ts';

describe('varint', () => {
  it('round-trips every safe integer', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat()), (values) => {
        const bytes: number[] = [];
        for (const value of values) writeVarint(bytes, value);
        const cursor = { at: 0 };
        assert.deepEqual(
          values.map(() => readVarint(Uint8Array.from(bytes), cursor)),
          values,
        );
        assert.equal(cursor.at, bytes.length);
      }),
    );
  });

  it('refuses cut and over-long numbers', () => {
    assert.equal(readVarint(Uint8Array.of(128), { at: 0 }), undefined);
    assert.equal(readVarint(new Uint8Array(20).fill(255), { at: 0 }), undefined);
  });
});
