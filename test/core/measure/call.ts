import type { Call, Operation } from '../../../src/core/model/operation.ts';
import { T0 } from '../assemble/spans.ts';

let counter = 0;

/** An operation `GET route` of service `shop`. */
export function operation(route = '/users/:id', service = 'shop'): Operation {
  const name = `GET ${route}`;
  return {
    id: JSON.stringify([service, route]),
    service,
    environment: '',
    kind: 'http',
    method: 'GET',
    route,
    name,
  };
}

/** A call of release 1.0.0 at T0 that took 10 ms, unless said otherwise. */
export function call(overrides: Partial<Call> = {}): Call {
  counter++;
  return {
    operation: operation(),
    release: '1.0.0',
    startMs: T0,
    durationMs: 10,
    outcome: 'ok',
    traceId: 't',
    spanId: counter.toString(16).padStart(16, '0'),
    exceptions: [],
    ...overrides,
  };
}

/** `count` calls, one a second, of 1, 2, 3 ... ms. */
export function series(count: number, overrides: Partial<Call> = {}): readonly Call[] {
  const startMs = overrides.startMs ?? T0;
  return Array.from({ length: count }, (_, i) =>
    call({ durationMs: i + 1, ...overrides, startMs: startMs + i * 1000 }),
  );
}
