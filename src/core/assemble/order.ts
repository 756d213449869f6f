import type { Span } from '../model/span.ts';

/** End of a span, milliseconds since the epoch. */
export function endOf(span: Span): number {
  return span.startMs + span.durationMs;
}

/**
 * Spans in the order (start, end, parent before child), stable beyond that.
 * SDKs stamp starts with a resolution of 1 ms, so that ties are the rule and not the exception.
 */
export function inOrder(spans: readonly Span[]): readonly Span[] {
  const sorted = spans.toSorted((a, b) => a.startMs - b.startMs || endOf(a) - endOf(b));
  for (let from = 0; from < sorted.length;) {
    let to = from + 1;
    while (to < sorted.length && tied(sorted[from], sorted[to])) to++;
    if (to - from > 1) sorted.splice(from, to - from, ...parentsFirst(sorted.slice(from, to)));
    from = to;
  }
  return sorted;
}

function tied(a: Span | undefined, b: Span | undefined): boolean {
  return a !== undefined && b !== undefined && a.startMs === b.startMs && endOf(a) === endOf(b);
}

function parentsFirst(run: readonly Span[]): readonly Span[] {
  const byId = new Map(run.map((span) => [span.spanId, span]));
  const depth = (span: Span): number => {
    let steps = 0;
    // The bound survives a cycle of parents, which untrusted telemetry may hold.
    for (let at = parentIn(byId, span); at !== undefined && steps < run.length; at = parentIn(byId, at))
      steps++;
    return steps;
  };
  const depths = new Map(run.map((span) => [span, depth(span)]));
  return run.toSorted((a, b) => (depths.get(a) ?? 0) - (depths.get(b) ?? 0));
}

function parentIn(byId: ReadonlyMap<string, Span>, span: Span): Span | undefined {
  return span.parentSpanId === undefined ? undefined : byId.get(span.parentSpanId);
}

/** True for a span without a parent. */
export function isRoot(span: Span): boolean {
  return span.parentSpanId === undefined || span.parentSpanId === '';
}
