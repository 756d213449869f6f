import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { OperationMetrics } from '../../../src/core/model/window.ts';
import { templateOf } from '../../../src/core/measure/error-group.ts';
import { createWindows } from '../../../src/core/measure/windows.ts';
import type { SavedMeasures, Windows } from '../../../src/core/measure/windows.ts';
import { T0 } from '../assemble/spans.ts';
import { call, operation, series } from './call.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const id = operation().id;
const folded = (...lists: readonly Parameters<Windows['fold']>[0][]): Windows => {
  const windows = createWindows();
  for (const list of lists) {
    windows.fold(list);
    // What a query remembers must never show in a later one.
    for (const known of windows.operations()) windows.metrics(known.operation.id);
  }
  return windows;
};
const rows = (windows: Windows): readonly OperationMetrics[] => windows.metrics(id);
const first = (windows: Windows): OperationMetrics => {
  const [row] = rows(windows);
  assert.ok(row);
  return row;
};
const near = (actual: number | undefined, expected: number): void => {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= expected * 0.005,
    `${actual} for ${expected}`,
  );
};

describe('windows', () => {
  it('gives counts, rates and percentiles of the calls', () => {
    const { percentiles, ...row } = first(
      folded(series(98), [
        call({ outcome: 'error', durationMs: 500, startMs: T0 + HOUR }),
        call({ outcome: 'client-error', durationMs: 1 }),
      ]),
    );
    assert.deepEqual(
      [row.calls, row.errors, row.clientErrors, row.errorRate, row.maxMs],
      [100, 1, 1, 0.01, 500],
    );
    assert.deepEqual([row.fromMs, row.toMs], [T0, T0 + HOUR]);
    assert.equal(row.slowest?.durationMs, 500);
    near(percentiles?.p50Ms, 49);
    near(percentiles?.p95Ms, 94);
    assert.deepEqual(
      row.series.map((point) => [point.startMs - T0, point.calls, point.errors]),
      [
        [0, 99, 0],
        [HOUR, 1, 1],
      ],
    );
    near(row.series[1]?.p50Ms ?? 0, 500);
  });

  it('gives no percentiles under five calls', () => {
    assert.equal(first(folded(series(4))).percentiles, null);
    assert.notEqual(first(folded(series(5))).percentiles, null);
  });

  it('groups failures by the template of their exception, and others by type or status', () => {
    const failing = (message: string): ReturnType<typeof call> =>
      call({ outcome: 'error', exceptions: [{ type: 'NotFound', message, stack: 'at f' }] });
    const { errorGroups } = first(
      folded([
        failing('user 74 not found'),
        failing('user 185 not found'),
        call({ outcome: 'error', statusCode: 503, errorType: '503' }),
        call({ outcome: 'error', errorType: 'ECONNREFUSED', errorMessage: 'port 80' }),
        call({ outcome: 'client-error', exceptions: [{ type: 'Refused', message: '' }] }),
      ]),
    );
    assert.deepEqual(
      errorGroups.map((group) => [group.type, group.message, group.count]),
      [
        ['NotFound', 'user <n> not found', 2],
        ['ECONNREFUSED', 'port <n>', 1],
        ['HTTP 503', '', 1],
      ],
    );
    assert.equal(errorGroups[0]?.stack, 'at f');
  });

  it('keeps at most twenty error groups and counts the rest as other', () => {
    const types = Array.from({ length: 50 }, (_, i) => `Type${String.fromCharCode(97 + (i % 26))}${i}`);
    const { errorGroups } = first(
      folded(types.map((type) => call({ outcome: 'error', exceptions: [{ type, message: '' }] }))),
    );
    assert.equal(errorGroups.length, 21);
    assert.deepEqual([errorGroups[0]?.type, errorGroups[0]?.count], ['other', 30]);
  });

  it('masks the variable parts of a message', () => {
    assert.equal(
      templateOf(
        `can't find "a b" of 'x' at 0xff, 3.5 s, 123e4567-e89b-12d3-a456-426614174000 deadbeef01 added\nmore`,
      ),
      `can't find <text> of <text> at <hex>, <n> s, <uuid> <hex> added`,
    );
  });

  it('looks back one day from the newest event of the service', () => {
    const windows = folded(series(10), series(3, { startMs: T0 + DAY }));
    assert.equal(first(windows).calls, 3);
    const other = operation('/other', 'inventory');
    windows.fold([call({ operation: other, startMs: T0 + 9 * DAY })]);
    assert.equal(first(windows).calls, 3);
  });

  it('shows the newest release, with the one before as baseline', () => {
    const windows = folded(
      series(30, { durationMs: 7 }),
      series(6, { release: '1.1.0', startMs: T0 + HOUR }),
    );
    assert.deepEqual(
      rows(windows).map((row) => [row.release, row.calls]),
      [['1.1.0', 6]],
    );
    const { baseline } = first(windows);
    assert.ok(baseline.kind === 'release');
    assert.deepEqual([baseline.release, baseline.calls, baseline.errorRate], ['1.0.0', 30, 0]);
    near(baseline.p95Ms, 7);
  });

  it('shows both of two live releases', () => {
    const windows = folded(
      series(30),
      series(6, { release: '1.1.0', startMs: T0 + HOUR }),
      series(2, { startMs: T0 + 2 * HOUR }),
    );
    assert.deepEqual(
      rows(windows).map((row) => [row.release, row.calls]),
      [
        ['1.1.0', 6],
        ['1.0.0', 32],
      ],
    );
  });

  it('keeps the figures of the release before while the newest has not called the operation', () => {
    const windows = folded(series(6), [
      call({ operation: operation('/other'), release: '2', startMs: T0 + HOUR }),
    ]);
    assert.deepEqual(
      rows(windows).map((row) => row.release),
      ['1.0.0'],
    );
  });

  it('compares with the day before where there is no earlier release, and says where there is nothing', () => {
    const windows = folded(series(30), series(6, { startMs: T0 + DAY }));
    const { baseline } = first(windows);
    assert.deepEqual([baseline.kind, baseline.kind === 'none' ? 0 : baseline.calls], ['period', 30]);
    const alone = first(folded(series(6))).baseline;
    assert.ok(alone.kind === 'none' && alone.reason.includes('no earlier release'));
  });

  it('shows provisional calls in queries and never folds them', () => {
    const windows = folded(series(5));
    windows.takeChanged();
    windows.setProvisional([call({ durationMs: 99 }), call({ operation: operation('/new') })]);
    assert.equal(first(windows).calls, 6);
    assert.equal(first(windows).maxMs, 99);
    assert.equal(first(windows).series.length, 1);
    assert.equal(windows.callCount(), 5);
    assert.equal(windows.operations().length, 2);
    assert.deepEqual(windows.takeChanged().toSorted(), [operation('/new').id, id].toSorted());
    assert.equal(windows.dirty().windows[0]?.calls, 5);
    windows.setProvisional([]);
    assert.equal(first(windows).calls, 5);
    assert.deepEqual(windows.metrics(operation('/new').id), []);
  });

  it('answers the same array until something changes, and names what changed', () => {
    const windows = folded(series(5), [call({ operation: operation('/b') })]);
    assert.equal(windows.takeChanged().length, 2);
    const before = rows(windows);
    windows.fold([call({ operation: operation('/b') })]);
    assert.equal(rows(windows), before);
    assert.deepEqual(windows.takeChanged(), [operation('/b').id]);
    windows.fold([call({ operation: operation('/b'), release: '2' })]);
    // A new release of the service concerns all its operations.
    assert.equal(windows.takeChanged().length, 2);
    assert.deepEqual(windows.takeChanged(), []);
  });

  it('drops windows beyond the retention, and calls that are older', () => {
    const windows = createWindows(undefined, { retentionDays: 2 });
    windows.fold([...series(5, { operation: operation('/gone') }), call({ startMs: T0 + 3 * DAY }), call()]);
    windows.fold([call()]);
    assert.equal(windows.callCount(), 1);
    assert.deepEqual(
      windows.operations().map((each) => each.operation.id),
      [id],
    );
    assert.deepEqual(
      windows.problems().map((problem) => [problem.code, problem.count]),
      [['too-old', 1]],
    );
    const { droppedBeforeMs } = windows.dirty();
    assert.ok(droppedBeforeMs !== null && droppedBeforeMs > T0 && droppedBeforeMs <= T0 + DAY);
  });

  it('counts operations beyond its bound together, and says so', () => {
    const windows = createWindows(undefined, { maxOperations: 2 });
    windows.fold(['/a', '/b', '/c', '/d'].map((route) => call({ operation: operation(route) })));
    assert.deepEqual(
      windows.operations().map((each) => each.operation.name),
      ['GET /a', 'GET /b', '(other)'],
    );
    assert.deepEqual(
      windows.problems().map((problem) => [problem.code, problem.count]),
      [['too-many-operations', 2]],
    );
  });

  it('knows the most frequent hints and the releases of an operation', () => {
    const hinted = (handler: string): ReturnType<typeof call> => call({ hint: { handler } });
    const windows = folded(
      'abcdefg'.split('').flatMap((name, i) => Array.from({ length: i + 1 }, () => hinted(name))),
    );
    const known = windows.operation(id);
    assert.deepEqual(
      known?.hints.map((hint) => hint.handler),
      ['g', 'f', 'e', 'd', 'c'],
    );
    assert.deepEqual(known.releases, [{ release: '1.0.0', firstMs: T0, lastMs: T0 }]);
  });

  it('does not depend on the order of the calls, nor on a save and load in between', () => {
    const arbitrary = fc.array(
      fc.record({
        route: fc.constantFrom('/a', '/b'),
        release: fc.constantFrom('1', '2', '3'),
        at: fc.nat(2 * DAY),
        ms: fc.nat(1000),
        outcome: fc.constantFrom('ok' as const, 'error' as const, 'client-error' as const),
      }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(arbitrary, fc.nat(60), (plan, cut) => {
        const calls = plan.map(({ route, release, at, ms, outcome }) =>
          call({ operation: operation(route), release, startMs: T0 + at, durationMs: ms, outcome }),
        );
        const straight = folded(calls);
        const backwards = folded(...calls.toReversed().map((each) => [each]));
        const before = folded(calls.slice(0, cut));
        const restored = createWindows(structuredClone<SavedMeasures>(before.dirty()));
        restored.fold(calls.slice(cut));
        for (const windows of [backwards, restored]) {
          for (const route of ['/a', '/b']) {
            assert.deepEqual(
              windows.metrics(operation(route).id).map(withoutOrder),
              straight.metrics(operation(route).id).map(withoutOrder),
            );
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

/** The exemplar of an error group is its first call; sums of floats differ by their order. */
function withoutOrder(row: OperationMetrics): unknown {
  return {
    ...row,
    meanMs: row.meanMs.toFixed(6),
    errorGroups: row.errorGroups.map((group) => [group.key, group.count]),
  };
}
