import assert from 'node:assert/strict';
import { detectAll, figureOf } from '../../../src/core/detect/detect.ts';
import { nPlusOneCall } from '../../../src/core/detect/detectors/n-plus-one-call.ts';
import { untestedHandler } from '../../../src/core/detect/detectors/untested-handler.ts';
import {
  exampleChild,
  exampleComparison,
  exampleInput,
  exampleShape,
  latencyAround,
} from '../../../src/core/detect/example.ts';
import type { OperationComparison } from '../../../src/core/model/comparison.ts';

const steady = ['/a', '/b', '/c', '/d'].map((route) => exampleComparison(route, {}, {}));

/** Twelve calls of 8 ms each instead of one, and a latency that grew from 20 ms. */
const looping = (toMs: number): OperationComparison =>
  exampleComparison(
    '/list',
    { latency: latencyAround(toMs), shape: exampleShape([exampleChild('/stock', 12)]) },
    { latency: latencyAround(20), shape: exampleShape([exampleChild('/stocks', 1)]) },
  );

describe('all detectors', () => {
  it('a slowness that repeated calls explain is evidence of theirs', () => {
    const { findings } = detectAll(exampleInput([...steady, looping(116)]));
    assert.deepEqual(
      findings.map(({ detector }) => detector),
      ['n-plus-one-call'],
    );
    assert.match(findings[0]!.evidence.map(({ label }) => label).join('\n'), /takes 5.8x as long/);
    assert.equal(findings[0]!.fingerprint, nPlusOneCall.detect(exampleInput([looping(116)]))[0]!.fingerprint);
  });

  it('a slowness that they do not explain is a second anomaly', () => {
    const { findings } = detectAll(exampleInput([...steady, looping(1020)]));
    assert.deepEqual(findings.map(({ detector }) => detector).toSorted(), [
      'latency-regression',
      'n-plus-one-call',
    ]);
  });

  it('gravest first, then by how much', () => {
    const slow = (route: string, toMs: number) =>
      exampleComparison(route, { latency: latencyAround(toMs) }, { latency: latencyAround(20) });
    const { comparisons } = exampleInput([...steady, slow('/x', 29), slow('/y', 100), slow('/z', 50)]);
    const { handlers } = untestedHandler.example.anomalous;
    const { findings } = detectAll({ comparisons, handlers });
    assert.deepEqual(
      findings.map(({ operation, severity }) => `${operation?.route} ${severity}`),
      ['/y high', '/search high', '/z medium', '/x low'],
    );
    assert.deepEqual(detectAll({ comparisons: comparisons.toReversed(), handlers }).findings, findings);
  });

  it('says what had too few calls: 7 of 30', () => {
    const few = exampleComparison('/few', { calls: 7, latency: latencyAround(900) }, {});
    const fewBefore = exampleComparison('/new', {}, { calls: 12 });
    const { findings, tooFew } = detectAll(exampleInput([...steady, few, fewBefore]));
    assert.deepEqual(findings, []);
    assert.deepEqual(
      tooFew.map(({ operation, have, need }) => `${operation.name}: ${have} of ${need}`),
      ['GET /few: 7 of 30', 'GET /new: 12 of 30'],
    );
  });

  it('measures again what was found, when it is gone too', () => {
    const [finding] = nPlusOneCall.detect(exampleInput([looping(116)]));
    const mended = exampleComparison('/list', { shape: exampleShape([exampleChild('/stocks', 1)]) }, {});
    assert.deepEqual(figureOf(finding!, exampleInput([mended])), { value: 0, n: 100 });
    const few = exampleComparison('/list', { calls: 29, shape: mended.now.shape });
    assert.equal(figureOf(finding!, exampleInput([few])), null);
    assert.equal(figureOf({ ...finding!, detector: 'unknown' }, exampleInput([mended])), null);
  });
});
