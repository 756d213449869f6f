import assert from 'node:assert/strict';
import { nPlusOneCall } from '../../../../src/core/detect/detectors/n-plus-one-call.ts';
import {
  exampleChild,
  exampleComparison,
  exampleInput,
  exampleShape,
} from '../../../../src/core/detect/example.ts';
import type { ChildShape } from '../../../../src/core/model/shape.ts';

const shape = (...children: readonly ChildShape[]) => ({ shape: exampleShape(children) });
const found = (now: readonly ChildShape[], before?: readonly ChildShape[]) =>
  nPlusOneCall.detect(exampleInput([exampleComparison('/a', shape(...now), before && shape(...before))]));

describe('n-plus-one-call', () => {
  it('a clear growth counts, one more does not', () => {
    assert.equal(found([exampleChild('/stock', 12)], [exampleChild('/stock', 4)]).length, 1);
    assert.equal(found([exampleChild('/stock', 5)], [exampleChild('/stock', 4)]).length, 0);
    assert.equal(found([exampleChild('/stock', 2)], []).length, 0);
    assert.equal(found([exampleChild('/stock', 12, true)], []).length, 0);
  });

  it('one loop is one finding: what it calls besides is evidence, calls to others lead', () => {
    const own: ChildShape = {
      ...exampleChild('/parse', 12),
      key: 'internal parse',
      name: 'parse',
      kind: 'internal',
      durationSumMs: 1e6,
    };
    const [finding, ...more] = found([own, exampleChild('/stock', 12), exampleChild('/price', 12)], []);
    assert.deepEqual(more, []);
    assert.deepEqual(finding?.subject, {
      k: 'repeated-call',
      childKey: 'client GET inventory /price',
      childName: 'GET inventory /price',
      perCall: 12,
      childP50Ms: 8,
    });
    assert.equal(finding.evidence.length, 3);
  });

  it('which call of a loop takes most time does not change its fingerprint', () => {
    const slow = (name: string): ChildShape => ({ ...exampleChild(name, 12), durationSumMs: 1e6 });
    const [first] = found([slow('/stock'), exampleChild('/price', 12)], []);
    const [second] = found([exampleChild('/stock', 12), slow('/price')], []);
    assert.equal(first?.fingerprint, second?.fingerprint);
    const [other] = found([slow('/stock'), exampleChild('/price', 6)], []);
    assert.notEqual(other?.fingerprint, first?.fingerprint, 'another loop');
  });

  it('with nothing to compare with: blatant ones only, as a hint', () => {
    assert.deepEqual(found([exampleChild('/stock', 7)]), []);
    const [finding] = found([exampleChild('/stock', 12)]);
    assert.deepEqual([finding?.severity, finding?.confidence, finding?.effect.before], ['low', 0.5, null]);
  });

  it('an earlier release that is no baseline is named with how often it called', () => {
    const { before, ...comparison } = exampleComparison('/a', shape(exampleChild('/stock', 12)), {
      ...shape(exampleChild('/stock', 11)),
      calls: 100,
    });
    assert.ok(before);
    const [ill] = nPlusOneCall.detect(exampleInput([{ ...comparison, before: null, passedOver: before }]));
    assert.match(ill?.message ?? '', /, 11 times in 1\.0\.0, which was no healthy release either\.$/);
    const bare = { ...before, calls: 12, shape: null };
    const [few] = nPlusOneCall.detect(exampleInput([{ ...comparison, before: bare }]));
    assert.match(few?.message ?? '', /, not known how often in 1\.0\.0, too few calls to compare with\.$/);
  });

  it('the median of one call is taken where latencies were kept', () => {
    const child = exampleChild('/stock', 12);
    const childLatency = [
      {
        key: child.key,
        latency: [
          [3, 900],
          [23, 300],
        ] as const,
      },
    ];
    const [finding] = nPlusOneCall.detect(
      exampleInput([exampleComparison('/a', { ...shape(child), childLatency }, shape())]),
    );
    assert.equal(finding?.subject.k === 'repeated-call' && finding.subject.childP50Ms, 3);
  });
});
