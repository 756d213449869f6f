import assert from 'node:assert/strict';
import { slotsOf, sparkline } from '../../../src/vscode/render/sparkline.ts';
import { noonMs } from './samples.ts';

const point = (window: number, p95Ms: number | null) => ({
  startMs: noonMs + window * 300_000,
  calls: 1,
  errors: 0,
  p50Ms: p95Ms,
  p95Ms,
});

describe('render/sparkline', () => {
  it('grows from zero to the greatest value and shows gaps', () => {
    assert.equal(sparkline([0, 50, null, 100]), '▁▅·█');
    assert.equal(sparkline([0, 0]), '▁▁');
    assert.equal(sparkline([]), '');
  });

  it('keeps time equal: a window without calls is a gap', () => {
    assert.deepEqual(slotsOf([point(0, 5), point(3, 7)]), [5, null, null, 7]);
  });

  it('keeps the worst value of windows that share a slot', () => {
    const series = Array.from({ length: 288 }, (_, window) => point(window, window === 100 ? 900 : 5));
    const slots = slotsOf(series, 32);
    assert.ok(slots.length <= 32);
    assert.equal(Math.max(...slots.map((value) => value ?? 0)), 900);
  });
});
