import type { CodeHint, Operation } from '../model/operation.ts';
import type { Span } from '../model/span.ts';
import { codeOf } from './hint.ts';
import { methodOf, middlewareOperation, routeOf } from './operation.ts';
import type { TraceTree } from './trace-tree.ts';

/**
 * Spans of named middleware functions, each measured by itself. Handlers of a chain before the last count among them
 * where the request's SERVER span is known; a route is given only where it is the route of the whole request.
 */
export function middlewareOf(
  tree: TraceTree,
  spans: readonly Span[],
  terminals: ReadonlyMap<Span, Span | undefined>,
): readonly { readonly span: Span; readonly operation: Operation; readonly hint: CodeHint }[] {
  return spans.flatMap((span) => {
    const layer = tree.layerOf(span);
    if (layer?.name === undefined) return [];
    const owner = tree.ownerOf(span);
    if (layer.role === 'handler' && (!layer.chained || owner === undefined || terminals.get(owner) === span))
      return [];
    if (isRepeat(span, layer.name, tree)) return [];
    const method = owner === undefined ? undefined : methodOf(owner.attributes);
    const ownRoute = routeOf(span.attributes);
    const route = owner !== undefined && ownRoute === routeOf(owner.attributes) ? ownRoute : undefined;
    const operation = middlewareOperation(span, layer.name, method, route);
    return [{ span, operation, hint: { ...codeOf(span.attributes), handler: layer.name } }];
  });
}

/** Two instrumentations at once give one span inside the other for one run of the function. */
function isRepeat(span: Span, name: string, tree: TraceTree): boolean {
  const parent = tree.parentOf(span);
  const above = parent === undefined ? undefined : tree.layerOf(parent);
  return above?.role === 'middleware' && above.name === name;
}
