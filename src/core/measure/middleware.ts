import type { CodeHint, Operation } from '../model/operation.ts';
import type { Span } from '../model/span.ts';
import { codeOf } from './hint.ts';
import { methodOf, middlewareOperation, routeOf } from './operation.ts';
import type { TraceTree } from './trace-tree.ts';

/**
 * Spans of named middleware functions, each measured by itself. Handlers of a chain before the last count among them
 * where the request's SERVER span is known; only these have a method and a route.
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
    // What stands in a route's chain belongs to that route; what is used for many routes is one operation for all.
    const route = layer.chained && owner !== undefined ? routeOfRequest(span, owner) : undefined;
    const method = route === undefined || owner === undefined ? undefined : methodOf(owner.attributes);
    const operation = middlewareOperation(span, layer.name, method, route);
    return [{ span, operation, hint: { ...codeOf(span.attributes), handler: layer.name } }];
  });
}

/**
 * The route of the request where the span's own is the same: below a mount with a parameter the instrumentation of
 * router reports the parameter's value instead of its name, and it ends the route of a router's root with a slash.
 */
function routeOfRequest(span: Span, owner: Span): string | undefined {
  const route = routeOf(owner.attributes);
  const own = segments(routeOf(span.attributes));
  const pattern = segments(route);
  const same =
    own.length === pattern.length && pattern.every((part, i) => part === own[i] || /[:*{]/u.test(part));
  return same ? route : undefined;
}

const segments = (route = ''): readonly string[] => route.split('/').filter((part) => part !== '');

/** Two instrumentations at once give one span inside the other for one run of the function. */
function isRepeat(span: Span, name: string, tree: TraceTree): boolean {
  const parent = tree.parentOf(span);
  const above = parent === undefined ? undefined : tree.layerOf(parent);
  return above?.role === 'middleware' && above.name === name;
}
