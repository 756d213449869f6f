import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createSketch, latencyBins } from '../../../src/core/measure/sketch.ts';
import { createWindows } from '../../../src/core/measure/windows.ts';
import { T0 } from '../assemble/spans.ts';
import { call, operation, series } from './call.ts';

const WINDOW = 300_000;
const { id } = operation();

describe('figures of a release', () => {
  it('sum the folded windows that start in the range', () => {
    const windows = createWindows();
    windows.fold([
      ...series(30),
      ...series(10, { startMs: T0 + WINDOW, outcome: 'client-error' }),
      ...series(5, { startMs: T0 + 2 * WINDOW, outcome: 'error', errorType: 'E' }),
      call({ release: '2.0.0', startMs: T0 + WINDOW }),
    ]);
    windows.setProvisional(series(99));
    const all = windows.sampleOf(id, '1.0.0');
    assert.deepEqual([all?.calls, all?.errors, all?.clientErrors], [45, 5, 10]);
    assert.deepEqual([all?.fromMs, all?.toMs], [T0, T0 + 2 * WINDOW + 4000]);
    assert.deepEqual(
      all?.errorGroups.map(({ type, count }) => [type, count]),
      [['E', 5]],
    );
    const part = windows.sampleOf(id, '1.0.0', { fromMs: T0 + 1, toMs: T0 + WINDOW });
    assert.deepEqual([part?.calls, part?.errors], [10, 0]);
    assert.equal(windows.sampleOf(id, '1.0.0', { fromMs: T0 + 9 * WINDOW, toMs: Infinity }), null);
    assert.equal(windows.sampleOf(id, '3.0.0'), null);
    assert.equal(windows.sampleOf('nothing', '1.0.0'), null);
  });

  it('name releases in the order of their first event, with their windows', () => {
    const windows = createWindows();
    windows.fold([
      call({ release: 'b', startMs: T0 + WINDOW }),
      ...series(2, { release: 'c', startMs: T0 + 2 * WINDOW }),
    ]);
    windows.fold([
      call({ release: 'c', startMs: T0 + WINDOW + 5 }),
      call({ release: 'a', startMs: T0 + 7 * WINDOW }),
    ]);
    assert.deepEqual(windows.releasesOf(id), [
      { release: 'b', fromMs: T0 + WINDOW, toMs: T0 + WINDOW, windows: [{ startMs: T0 + WINDOW, calls: 1 }] },
      {
        release: 'c',
        fromMs: T0 + WINDOW + 5,
        toMs: T0 + 2 * WINDOW + 1000,
        windows: [
          { startMs: T0 + WINDOW, calls: 1 },
          { startMs: T0 + 2 * WINDOW, calls: 2 },
        ],
      },
      {
        release: 'a',
        fromMs: T0 + 7 * WINDOW,
        toMs: T0 + 7 * WINDOW,
        windows: [{ startMs: T0 + 7 * WINDOW, calls: 1 }],
      },
    ]);
    assert.deepEqual(windows.releasesOf('nothing'), []);
  });

  it('give latencies whose quantiles are those of the sketch', () => {
    assert.deepEqual(latencyBins(createSketch()), []);
    const duration = fc.oneof(fc.nat(20), fc.double({ min: 0, max: 1e6, noNaN: true }));
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 200 }), (durations) => {
        const sketch = createSketch();
        for (const each of durations) sketch.add(each);
        const bins = latencyBins(sketch);
        const values = bins.flatMap(([ms, calls]) => Array.from({ length: calls }, () => ms));
        assert.equal(values.length, durations.length);
        assert.ok(bins.every(([ms], at) => at === 0 || ms > (bins[at - 1]?.[0] ?? Infinity)));
        for (const q of [0, 0.01, 0.5, 0.9, 0.95, 0.99, 1]) {
          assert.equal(values[Math.max(1, Math.ceil(q * values.length)) - 1], sketch.quantile(q));
        }
      }),
    );
  });
});
