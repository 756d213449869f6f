import assert from 'node:assert/strict';
import fc from 'fast-check';
import { blobQuantile, createSketch } from '../../../src/core/measure/sketch.ts';
import type { Sketch } from '../../../src/core/measure/sketch.ts';

const QUANTILES = [0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];
const sketchOf = (values: readonly number[]): Sketch => {
  const sketch = createSketch();
  for (const value of values) sketch.add(value);
  return sketch;
};
const nearestRank = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? NaN;
};
const binsOf = (sketch: Sketch): readonly number[] => {
  const bins: number[] = [];
  sketch.eachBin((bin, count) => bins.push(bin, count));
  return bins;
};
const seen = (sketch: Sketch): unknown => [
  sketch.count(),
  sketch.min(),
  sketch.max(),
  binsOf(sketch),
  QUANTILES.map((q) => sketch.quantile(q)),
];
/** From nanoseconds to days, evenly over the orders of magnitude. */
const duration = fc.double({ min: -6, max: 8, noNaN: true }).map((exponent) => 10 ** exponent);
const durations = fc.array(fc.oneof(duration, fc.constant(0), fc.nat(100)), { minLength: 1, maxLength: 300 });

describe('sketch', () => {
  it('is within half a percent of a plain sort', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const sketch = sketchOf(values);
        for (const q of QUANTILES) {
          const exact = nearestRank(values, q);
          const estimate = sketch.quantile(q) ?? NaN;
          // Under a microsecond only the absolute error is bounded.
          assert.ok(
            Math.abs(estimate - exact) <= Math.max(0.001, exact * 0.005),
            `q${q}: ${estimate} for ${exact}`,
          );
        }
        assert.deepEqual(
          QUANTILES.map((q) => blobQuantile(sketch.toBlob(), q)),
          QUANTILES.map((q) => sketch.quantile(q)),
        );
        assert.equal(sketch.min(), Math.min(...values));
        assert.equal(sketch.max(), Math.max(...values));
      }),
    );
  });

  it('merges to the sketch of the union, as object and as blob', () => {
    fc.assert(
      fc.property(durations, durations, (left, right) => {
        const union = seen(sketchOf([...left, ...right]));
        const merged = sketchOf(left);
        merged.merge(sketchOf(right));
        assert.deepEqual(seen(merged), union);
        const fromBlobs = createSketch();
        assert.ok(fromBlobs.mergeBlob(sketchOf(right).toBlob()));
        assert.ok(fromBlobs.mergeBlob(sketchOf(left).toBlob()));
        assert.deepEqual(seen(fromBlobs), union);
      }),
    );
  });

  it('answers nothing when empty, and survives its blob', () => {
    const empty = createSketch();
    assert.deepEqual(
      [empty.count(), empty.quantile(0.5), empty.min(), empty.max()],
      [0, undefined, undefined, undefined],
    );
    assert.equal(empty.toBlob().length, 0);
    assert.ok(empty.mergeBlob(empty.toBlob()));
    assert.equal(empty.count(), 0);
  });

  it('takes durations that cannot be as zero', () => {
    const sketch = sketchOf([NaN, -1, Infinity]);
    assert.deepEqual([sketch.count(), sketch.max()], [3, 0]);
    const huge = sketchOf([Number.MAX_VALUE, 1, 1]);
    assert.equal(huge.quantile(1), Number.MAX_VALUE);
  });

  it('never crashes on hostile bytes, and then keeps what it had', () => {
    const good = sketchOf([1, 2, 3]).toBlob();
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.nat(good.length - 1).map((length) => good.slice(0, length)),
      fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => good.with(at, byte)),
    );
    fc.assert(
      fc.property(hostile, (blob) => {
        assert.ok((blobQuantile(blob, 0.5) ?? 0) >= 0);
        const sketch = sketchOf([5]);
        const before = seen(sketch);
        if (!sketch.mergeBlob(blob)) assert.deepEqual(seen(sketch), before);
        else assert.ok(sketch.count() >= 1 && sketch.quantile(0.5) !== undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it('stays small', () => {
    assert.ok(sketchOf(Array.from({ length: 20 }, (_, i) => 10 + i)).toBlob().length < 64);
  });
});
