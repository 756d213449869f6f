import type { RecordRef, SourceRecord } from '../../../src/core/model/source.ts';
import type { Resource, Span } from '../../../src/core/model/span.ts';

export const shop: Resource = { service: 'shop', environment: '', release: '1.0.0', attributes: {} };

/** A start that is a multiple of five minutes. */
export const T0 = 1_790_000_100_000;

let counter = 0;

/** A span of service `shop`; trace `t1`, 10 ms long at T0 unless said otherwise. */
export function span(overrides: Partial<Span> = {}): Span {
  counter++;
  return {
    traceId: 't1',
    spanId: counter.toString(16).padStart(16, '0'),
    name: 'work',
    kind: 'internal',
    startMs: T0,
    durationMs: 10,
    status: 'unset',
    attributes: {},
    events: [],
    scope: 'test',
    resource: shop,
    ...overrides,
  };
}

export function record(spans: readonly Span[], offset = counter * 1000, file = 'a'): SourceRecord {
  const ref: RecordRef = { file, offset, length: 100 };
  return { ref, spans };
}
