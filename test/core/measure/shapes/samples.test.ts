import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Request } from '../../../../src/core/measure/shapes/request.ts';
import { addCallSample, addSample, sortedSamples } from '../../../../src/core/measure/shapes/samples.ts';
import type { Varied } from '../../../../src/core/measure/shapes/samples.ts';
import { T0 } from '../../assemble/spans.ts';
import { call } from '../call.ts';

const request = (path: string, query = '', queryKeys = ''): Request => ({
  method: 'GET',
  path,
  query,
  queryKeys,
  inputs: [],
});

function kept(...added: readonly (readonly [statusCode: number, path: string, at?: number])[]): Varied[] {
  const samples: Varied[] = [];
  for (const [statusCode, path, at = 0] of added) {
    addCallSample(samples, call({ statusCode, startMs: T0 + at, traceId: `${at}` }), request(path));
  }
  return samples;
}

describe('samples of calls', () => {
  it('are as different as they come', () => {
    const many = Array.from({ length: 500 }, (_, i) => [200, `/users/${i}`, i] as const);
    const samples = kept(...many, [404, '/users/x', 600], [409, '/users/y', 601]);
    assert.equal(samples.length, 8);
    assert.deepEqual(new Set(samples.map(({ sample }) => sample.statusCode)), new Set([200, 404, 409]));
    assert.equal(new Set(samples.map(({ sample }) => sample.path)).size, 8);
  });

  it('keep the earliest of equal requests', () => {
    assert.deepEqual(
      kept([200, '/a', 5], [200, '/a', 3], [200, '/a', 9]).map(({ sample }) => sample.traceId),
      ['3'],
    );
  });

  it('carry the exception of a failed call, cut and redacted', () => {
    const samples: Varied[] = [];
    const message = `no mail for jane@example.org ${'x'.repeat(5000)}`;
    const exceptions = [{ type: 'TypeError', message, stack: 'at f\n'.repeat(99) }];
    addCallSample(samples, call({ outcome: 'error', exceptions }), request('/a'));
    const exception = samples[0]?.sample.exception;
    assert.match(exception?.message ?? '', /^no mail for \(redacted\) x/u);
    assert.ok(exception !== undefined && exception.message.length <= 1000);
    assert.equal(exception.stack?.split('\n').length, 12);
  });

  it('do not depend on the order of calls or on what is merged with what', () => {
    const added = fc.tuple(
      fc.constantFrom(200, 201, 404),
      fc.integer({ min: 0, max: 11 }).map(String),
      fc.nat(50),
    );
    fc.assert(
      fc.property(fc.array(added, { maxLength: 60 }), fc.array(added, { maxLength: 60 }), (left, right) => {
        const merged = kept(...left);
        for (const each of kept(...right)) addSample(merged, each);
        assert.deepEqual(sortedSamples(merged), sortedSamples(kept(...right.toReversed(), ...left)));
      }),
    );
  });
});
