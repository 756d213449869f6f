import type { Span } from '../model/span.ts';
import { routeOf } from './operation.ts';
import type { TraceTree } from './trace-tree.ts';

/**
 * The handler among the chained handler spans of one request: the last of its route. The functions before it
 * (`requireAuth` in `get('/users/:id', requireAuth, getUser)`) are middleware by their position alone.
 */
export function terminalOf(owner: Span, tree: TraceTree): Span | undefined {
  const chained = tree.under(owner).filter((span) => tree.layerOf(span)?.chained === true);
  const route = routeOf(owner.attributes);
  const sameRoute = chained.filter((span) => routeOf(span.attributes) === route);
  let last: Span | undefined;
  for (const span of sameRoute.length > 0 ? sameRoute : chained) {
    // A span that encloses the candidate began before it, whatever their equal starts say.
    if (last === undefined || !encloses(span, last, tree)) last = span;
  }
  return last;
}

function encloses(outer: Span, inner: Span, tree: TraceTree): boolean {
  let at: Span | undefined = inner;
  while (at !== undefined && tree.depthOf(at) > tree.depthOf(outer)) at = tree.parentOf(at);
  return at === outer;
}
