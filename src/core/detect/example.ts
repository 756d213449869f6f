import type { DetectInput, LatencyBins, OperationComparison, OperationSample } from '../model/comparison.ts';
import type { Operation } from '../model/operation.ts';
import type { ChildShape, TraceShape } from '../model/shape.ts';

/** Small inputs for the examples of detectors: two releases of a service `shop`. */
export function exampleInput(comparisons: readonly OperationComparison[]): DetectInput {
  return { comparisons, handlers: [] };
}

export function exampleOperation(route: string): Operation {
  const id = JSON.stringify(['shop', '', 'http', 'GET', route, '']);
  return { id, service: 'shop', environment: '', kind: 'http', method: 'GET', route, name: `GET ${route}` };
}

/** 1.1.0 against 1.0.0 where one is given. */
export function exampleComparison(
  route: string,
  now: Partial<OperationSample>,
  before?: Partial<OperationSample>,
): OperationComparison {
  return {
    operation: exampleOperation(route),
    handlerId: `src/app.ts#${route.slice(1)}@GET ${route}`,
    now: exampleSample('1.1.0', now),
    before: before === undefined ? null : exampleSample('1.0.0', before),
  };
}

/** A hundred calls without a failure, of 10 ms at the median. */
export function exampleSample(release: string, overrides: Partial<OperationSample>): OperationSample {
  const fromMs = release === '1.0.0' ? 1_767_225_600_000 : 1_767_312_000_000;
  return {
    release,
    calls: 100,
    errors: 0,
    clientErrors: 0,
    fromMs,
    toMs: fromMs + 3_600_000,
    latency: latencyAround(10),
    errorGroups: [],
    shape: null,
    ...overrides,
  };
}

/** A hundred calls from 0.8 to 1.2 times the median, in ms. */
export function latencyAround(medianMs: number): LatencyBins {
  return [
    [0.8 * medianMs, 20],
    [0.9 * medianMs, 20],
    [medianMs, 20],
    [1.1 * medianMs, 20],
    [1.2 * medianMs, 20],
  ];
}

/** Shape of a hundred calls. */
export function exampleShape(children: readonly ChildShape[]): TraceShape {
  const parts = { children, droppedChildren: 0, follows: [], attributes: [], samples: [] };
  return { operationId: '', release: '', startMs: 0, calls: 100, ...parts };
}

/** `GET inventory ROUTE`, as often in each of a hundred calls, 8 ms each, one after the other or all at once. */
export function exampleChild(route: string, perCall: number, atOnce = false): ChildShape {
  const total = 100 * perCall;
  return {
    key: `client GET inventory ${route}`,
    name: `GET inventory ${route}`,
    kind: 'client',
    total,
    counts: [[perCall, 100]],
    overlapping: atOnce ? total - 100 : 0,
    durationSumMs: 8 * total,
    latency: new Uint8Array(0),
  };
}
