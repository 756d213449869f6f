import { callsOf } from '../../../../src/core/measure/calls.ts';
import type { Shapes } from '../../../../src/core/measure/shapes/shapes.ts';
import type { Trace } from '../../../../src/core/model/trace.ts';

/** Folds closed traces and names their operations: `shop GET /users/:id` -> id. */
export function foldTraces(shapes: Shapes, traces: readonly Trace[]): ReadonlyMap<string, string> {
  const operations = new Map<string, string>();
  for (const trace of traces) {
    const calls = callsOf(trace);
    for (const { operation } of calls)
      if (operation.kind !== 'middleware')
        operations.set(`${operation.service} ${operation.name}`, operation.id);
    shapes.fold(trace, calls);
  }
  return operations;
}
