import type { Call } from '../model/operation.ts';
import type { Exemplar } from '../model/window.ts';

export function exemplarOf({ traceId, spanId, startMs, durationMs }: Call): Exemplar {
  return { traceId, spanId, startMs, durationMs };
}

/** The longer of two; for equal durations the earlier, then the smaller id, so that the order of arrival does not matter. */
export function slower(a: Exemplar | undefined, b: Exemplar | undefined): Exemplar | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const order = b.durationMs - a.durationMs || a.startMs - b.startMs || (a.spanId < b.spanId ? -1 : 1);
  return order <= 0 ? a : b;
}
