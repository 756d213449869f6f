import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  formatCount,
  formatDuration,
  formatPercent,
  formatPeriod,
  formatRate,
  formatRatio,
  primaryMetrics,
} from '../../../src/vscode/render/figures.ts';
import { noonMs, sampleMetrics } from './samples.ts';

const unitMs: Readonly<Record<string, number>> = { µs: 1e-3, ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

describe('render/figures', () => {
  it('writes durations with three significant digits', () => {
    const cases: readonly [number, string][] = [
      [0, '0 ms'],
      [0.0004, '0.4 µs'],
      [0.4123, '412 µs'],
      [0.9996, '1 ms'],
      [1, '1 ms'],
      [48.23, '48.2 ms'],
      [48, '48 ms'],
      [999.4, '999 ms'],
      [999.6, '1 s'],
      [1234, '1.23 s'],
      [59_990, '1 min'],
      [90_000, '1.5 min'],
      [7_200_000, '2 h'],
    ];
    for (const [ms, text] of cases) assert.equal(formatDuration(ms), text, String(ms));
    assert.equal(formatDuration(Number.NaN), '–');
  });

  it('writes every duration within half a percent of its value, with a number from 1 to 1000 in front', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 3_500_000, noNaN: true }), (ms) => {
        const [number = '', unit = ''] = formatDuration(ms).split(' ');
        assert.ok(
          Math.abs(Number(number) * (unitMs[unit] ?? 0) - ms) <= ms * 0.00501,
          `${String(ms)} is ${number} ${unit}`,
        );
        assert.ok(Number(number) >= 0.99 && Number(number) < 1000);
      }),
    );
  });

  it('writes counts, shares, rates and ratios', () => {
    assert.deepEqual([0, 7, 999, 1000, 1234, 999_999, 3_450_000].map(formatCount), [
      '0',
      '7',
      '999',
      '1k',
      '1.23k',
      '1M',
      '3.45M',
    ]);
    assert.deepEqual([0, 0.024, 0.02417, 1 / 3, 0.00001, 0.99999, 1].map(formatPercent), [
      '0 %',
      '2.4 %',
      '2.42 %',
      '33.3 %',
      '<0.01 %',
      '>99.9 %',
      '100 %',
    ]);
    assert.equal(formatRate(2400, noonMs, noonMs + 7_200_000), '1.2k/h');
    assert.equal(formatRate(100_000, noonMs, noonMs + 3_600_000), '27.8/s');
    assert.equal(formatRate(4, noonMs, noonMs + 86_400_000), '4/day');
    assert.equal(formatRate(12, noonMs, noonMs + 2000), null, 'two seconds are no rate');
    assert.equal(formatRatio(48.23, 15.5), '3.1x');
    assert.equal(formatRatio(1, 0), null);
  });

  it('names the day once in a period of one day', () => {
    assert.equal(formatPeriod(noonMs, noonMs + 60_000), '2026-11-22 12:00 to 12:01 UTC');
    assert.equal(formatPeriod(noonMs, noonMs + 86_400_000), '2026-11-22 12:00 to 2026-11-23 12:00 UTC');
    assert.equal(formatPeriod(noonMs, noonMs), '2026-11-22 12:00 UTC');
  });

  it('takes the busiest operation of the newest release', () => {
    const quiet = sampleMetrics({ calls: 5 });
    const busy = sampleMetrics({ calls: 50 });
    const old = sampleMetrics({ calls: 5000, release: '1.0.0' });
    assert.equal(primaryMetrics([quiet, busy, old]), busy);
    assert.equal(primaryMetrics([]), undefined);
  });
});
