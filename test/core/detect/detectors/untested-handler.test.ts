import assert from 'node:assert/strict';
import { untestedHandler } from '../../../../src/core/detect/detectors/untested-handler.ts';
import type { HandlerTraffic } from '../../../../src/core/model/comparison.ts';

const [traffic] = untestedHandler.example.anomalous.handlers;
const other = (calls: number): HandlerTraffic => ({
  ...traffic!,
  calls,
  handler: { ...traffic!.handler, id: 'other' },
  tests: { ...traffic!.tests, level: 'called' },
});
const found = (...handlers: readonly HandlerTraffic[]) =>
  untestedHandler.detect({ comparisons: [], handlers });

describe('untested-handler', () => {
  it('is as grave as its share of the traffic', () => {
    assert.deepEqual(
      [90, 500, 5000].map((calls) => found(traffic!, other(calls))[0]?.severity),
      ['high', 'medium', 'low'],
    );
  });

  it('names what is there instead of a test', () => {
    const levels = ['executed', 'called', 'imported', 'placeholder', 'none'] as const;
    assert.deepEqual(
      levels.map((level) => found({ ...traffic!, tests: { ...traffic!.tests, level } })[0]?.subject),
      [undefined, undefined, ...levels.slice(2).map((level) => ({ k: 'no-test', level }))],
    );
  });

  it('leaves middleware and what is hardly called alone', () => {
    assert.deepEqual(found({ ...traffic!, handler: { ...traffic!.handler, kind: 'middleware' } }), []);
    assert.deepEqual(found({ ...traffic!, calls: 29 }), []);
  });

  it('keeps its fingerprint when lines move, and its figure falls to zero with a test', () => {
    const [before] = found(traffic!);
    const moved = { ...traffic!, handler: { ...traffic!.handler, start: { line: 90, column: 1 } } };
    assert.equal(found(moved)[0]?.fingerprint, before?.fingerprint);
    const tested = { ...traffic!, tests: { ...traffic!.tests, level: 'called' as const } };
    assert.deepEqual(untestedHandler.figure(before!, { comparisons: [], handlers: [tested] }), {
      value: 0,
      n: 90,
    });
  });
});
