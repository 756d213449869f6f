import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ERROR_RATE, LATENCY, bucketOf, settledBucket } from '../../../src/core/document/buckets.ts';
import type { Scale } from '../../../src/core/document/buckets.ts';

const latency = fc.double({ min: 0, max: 5_000_000, noNaN: true });
const rate = fc.double({ min: 0, max: 1, noNaN: true });

function bounds(scale: Scale, label: string): { low: number; high: number } {
  const bucket = scale.find((one) => one.label === label);
  assert.ok(bucket, label);
  return bucket;
}

describe('buckets', () => {
  it('name latencies in a 1-2-5 series', () => {
    const named = [0, 0.4, 1, 42, 100, 99.9, 700, 1000, 3000, 2_000_000].map((ms) => bucketOf(LATENCY, ms));
    assert.deepEqual(named, [
      'under 1 ms',
      'under 1 ms',
      '1-2 ms',
      '20-50 ms',
      '100-200 ms',
      '50-100 ms',
      '500-1000 ms',
      '1-2 s',
      '2-5 s',
      'over 1000 s',
    ]);
  });

  it('tell no error from few errors and have clean labels', () => {
    assert.equal(bucketOf(ERROR_RATE, 0), 'none');
    assert.equal(bucketOf(ERROR_RATE, 1e-6), 'under 0.1 %');
    assert.equal(bucketOf(ERROR_RATE, 8 / 294), '2-5 %');
    assert.equal(bucketOf(ERROR_RATE, 1), '50-100 %');
    for (const { label } of ERROR_RATE) assert.ok(label.length < 12, label);
  });

  it('survive what is not a number', () => {
    assert.equal(bucketOf(LATENCY, NaN), 'under 1 ms');
    assert.equal(bucketOf(LATENCY, -5), 'under 1 ms');
    assert.equal(settledBucket(LATENCY, 'a label of nobody', 7), '5-10 ms');
  });

  for (const [name, scale, value] of [
    ['latency', LATENCY, latency],
    ['error rate', ERROR_RATE, rate],
  ] as const) {
    it(`hold their value (${name})`, () => {
      fc.assert(
        fc.property(value, (v) => {
          const { low, high } = bounds(scale, bucketOf(scale, v));
          assert.ok(low <= v && (v < high || v === 0));
        }),
      );
    });

    it(`change exactly when the value is a tenth past a boundary (${name})`, () => {
      fc.assert(
        fc.property(value, value, (first, second) => {
          const before = bucketOf(scale, first);
          const { low, high } = bounds(scale, before);
          const after = settledBucket(scale, before, second);
          const near = second >= low * 0.9 && second <= high * 1.1;
          assert.equal(after, near ? before : bucketOf(scale, second));
        }),
      );
    });

    it(`settle: the same value again changes nothing (${name})`, () => {
      fc.assert(
        fc.property(value, value, (first, second) => {
          const once = settledBucket(scale, bucketOf(scale, first), second);
          assert.equal(settledBucket(scale, once, second), once);
        }),
      );
    });

    it(`do not chatter under 9 % of noise (${name})`, () => {
      const noise = fc.array(fc.double({ min: -0.09, max: 0.09, noNaN: true }), { maxLength: 20 });
      fc.assert(
        fc.property(value, noise, (v, shakes) => {
          const first = bucketOf(scale, v);
          const last = shakes.reduce((label, shake) => settledBucket(scale, label, v * (1 + shake)), first);
          assert.equal(last, first);
        }),
      );
    });
  }
});
