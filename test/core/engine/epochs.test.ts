import assert from 'node:assert/strict';
import { epochsOf, type EpochSources } from '../../../src/core/engine/epochs.ts';
import type { Finding } from '../../../src/core/model/anomaly.ts';
import type { OperationSample } from '../../../src/core/model/comparison.ts';
import type { Operation } from '../../../src/core/model/operation.ts';

const hour = 3_600_000;
const operation: Operation = { id: 'get', service: 'shop', environment: '', kind: 'http', name: 'GET /a' };

function sample(release: string, calls: number, fromMs: number): OperationSample {
  const shared = { errors: 0, clientErrors: 0, errorGroups: [], shape: null };
  return { release, calls, fromMs, toMs: fromMs + hour, latency: [[10, calls]], ...shared };
}

/** Releases with their first hour and number of calls. */
function sources(releases: readonly (readonly [string, number, number])[]): EpochSources {
  return {
    operations: () => [
      {
        operation,
        hints: [],
        releases: releases.map(([release, firstHour]) => ({
          release,
          firstMs: firstHour * hour,
          lastMs: (firstHour + 1) * hour,
        })),
      },
    ],
    sample(_id, release, { fromMs, toMs }) {
      const found = releases.find(([name]) => name === release);
      if (found === undefined) return null;
      const [, firstHour, calls] = found;
      const inside = firstHour * hour >= fromMs && firstHour * hour <= toMs;
      return inside ? sample(release, calls, firstHour * hour) : null;
    },
    baseline: () => undefined,
    handlerOf: () => undefined,
    testsOf: () => undefined,
  };
}

const nothing = { findings: [], tooFew: [] };
const finding = { operation, kind: 'performance', fingerprint: 'f' } as unknown as Finding;

describe('epochs', () => {
  it('compares each release with the one before, in the order of first events', () => {
    const epochs = epochsOf(sources([['2', 10, 50], ['1', 0, 50]]), () => nothing); // prettier-ignore
    assert.deepEqual(
      epochs.map(({ release, input }) => [release, input.comparisons[0]?.before?.release ?? null]),
      [
        ['1', null],
        ['2', '1'],
      ],
    );
    assert.match(epochs[0]?.input.comparisons[0]?.why ?? '', /first release/);
  });

  it('compares with the newest release in which the operation was healthy, so that a fault that stays is found again', () => {
    const releases = sources([['1', 0, 50], ['2', 10, 50], ['3', 20, 50]]); // prettier-ignore
    const compared: string[] = [];
    epochsOf(releases, ({ comparisons: [comparison] }) => {
      compared.push(`${comparison?.now.release} with ${comparison?.before?.release}`);
      return comparison?.now.release === '1' ? nothing : { findings: [finding], tooFew: [] };
    });
    assert.deepEqual(compared, ['1 with undefined', '2 with 1', '3 with 1']);
  });

  it('leaves out an earlier release with too few calls and says so', () => {
    const epochs = epochsOf(sources([['1', 0, 29], ['2', 10, 50]]), () => nothing); // prettier-ignore
    const [comparison] = epochs[1]?.input.comparisons ?? [];
    assert.equal(comparison?.before, null);
    assert.match(comparison?.why ?? '', /30 healthy calls/);
    assert.equal(comparison?.passedOver?.calls, 29);
  });

  it('names the newest release that was passed over because it was itself anomalous', () => {
    const passed: unknown[] = [];
    epochsOf(sources([['1', 0, 50], ['2', 10, 60], ['3', 20, 70]]), ({ comparisons: [comparison] }) => {
      passed.push([comparison?.before, comparison?.passedOver?.calls]);
      return { findings: [finding], tooFew: [] };
    }); // prettier-ignore
    assert.deepEqual(passed, [
      [null, undefined],
      [null, 50],
      [null, 60],
    ]);
  });

  it('compares the newest release alone with a baseline, as it is', () => {
    const baseline = sample('old', 99, 0);
    const releases = { ...sources([['1', 0, 50], ['2', 10, 50]]), baseline: () => () => baseline }; // prettier-ignore
    const epochs = epochsOf(releases, () => nothing);
    assert.deepEqual(
      epochs.map(({ release, input }) => [release, input.comparisons[0]?.before?.release]),
      [['2', 'old']],
    );
  });
});
