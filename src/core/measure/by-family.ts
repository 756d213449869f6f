import type { Span, SpanFamily } from '../model/span.ts';

/** Remembers what follows from what a family of spans has in common alone; asks anew for a span without one. */
export function byFamily<T extends object | undefined>(answer: (span: Span) => T): (span: Span) => T {
  const known = new WeakMap<SpanFamily, { readonly answer: T }>();
  return (span) => {
    const { family } = span;
    if (family === undefined) return answer(span);
    let found = known.get(family);
    if (found === undefined) known.set(family, (found = { answer: answer(span) }));
    return found.answer;
  };
}
