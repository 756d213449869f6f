import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeParts, encodeParts } from '../../../../src/core/measure/shapes/blob.ts';
import type { ShapeParts } from '../../../../src/core/measure/shapes/parts.ts';
import { T0 } from '../../assemble/spans.ts';

const sample = {
  method: 'GET',
  path: '/å/\u{1f600}',
  query: '',
  outcome: 'ok',
  durationMs: 1.25,
  startMs: T0 + 0.5,
  traceId: 't',
} as const;
const parts: ShapeParts = {
  calls: 2 ** 40,
  failed: 1,
  children: [
    {
      key: 'client a',
      name: 'a',
      kind: 'client',
      total: 3,
      counts: [
        [1, 1],
        [2, 1],
      ],
      overlapping: 1,
      durationSumMs: 0.1 + 0.2,
      latency: Uint8Array.of(1, 2, 255),
    },
  ],
  droppedChildren: 7,
  follows: [{ from: '', to: 'client a', count: 2 }],
  attributes: [
    { key: 'query.q', values: [{ value: '', good: 1, failed: 0 }], other: { good: 1, failed: 1 } },
  ],
  good: [{ sample, group: 2 ** 32 - 1, order: 0 }],
  bad: [
    {
      sample: {
        ...sample,
        statusCode: 500,
        outcome: 'error',
        exception: { type: 'E', message: 'm', stack: 's' },
      },
      group: 1,
      order: 2,
    },
    { sample: { ...sample, outcome: 'error', exception: { type: 'E', message: 'n' } }, group: 1, order: 3 },
  ],
};

describe('bytes of a shape', () => {
  it('give back what went in', () => {
    assert.deepEqual(decodeParts(encodeParts(parts)), parts);
  });

  it('are refused when cut anywhere, and never throw when changed', () => {
    const blob = encodeParts(parts);
    for (let end = 0; end < blob.length; end++) assert.equal(decodeParts(blob.slice(0, end)), undefined);
    assert.equal(decodeParts(Uint8Array.of(...blob, 0)), undefined);
    fc.assert(
      fc.property(fc.nat(blob.length - 1), fc.nat(255), (at, byte) => {
        decodeParts(blob.with(at, byte));
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        decodeParts(Uint8Array.of(1, ...bytes));
      }),
    );
  });
});
