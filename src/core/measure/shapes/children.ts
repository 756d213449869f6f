import type { Call } from '../../model/operation.ts';
import type { Span, SpanKind } from '../../model/span.ts';
import type { TraceTree } from '../trace-tree.ts';
import { byFamily } from '../by-family.ts';
import { nameOfChild } from './child-name.ts';

/** One thing that a call did or asked for. */
export interface Child {
  readonly key: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startMs: number;
  readonly endMs: number;
  readonly durationMs: number;
}

const FRAMEWORK_KEYS = [
  'express.type',
  'router.type',
  'koa.type',
  'connect.type',
  'fastify.type',
  'fastify.root',
  'nestjs.type',
];
const MAX_STEPS = 10_000;

/**
 * What each measured call of a trace has beneath it, in the order of the trace: CLIENT and PRODUCER spans, INTERNAL
 * ones that are no layer of a framework, and SERVER spans with no client span above. What a CLIENT or PRODUCER span
 * has beneath it is part of it. `calls` are the measured calls by span id.
 */
export function childrenOf(
  spans: readonly Span[],
  tree: TraceTree,
  calls: ReadonlyMap<string, Call>,
): ReadonlyMap<Span, readonly Child[]> {
  const found = new Map<Span, Child[]>();
  const put = (owner: Span | undefined, span: Span, server?: Call): void => {
    if (owner === undefined || owner === span) return;
    const { key, name } = nameOfChild(span, server?.operation);
    const { kind, startMs, durationMs } = span;
    const child = { key, name, kind, startMs, endMs: startMs + durationMs, durationMs };
    const list = found.get(owner);
    if (list === undefined) found.set(owner, [child]);
    else list.push(child);
  };
  const servers = serversOf(tree, calls);
  for (const span of spans) {
    const { kind } = span;
    if (kind === 'server') {
      const parent = tree.parentOf(span);
      const call = calls.get(span.spanId);
      if (parent !== undefined && call !== undefined && outgoingAt(parent, tree) === undefined)
        put(tree.ownerOf(parent), span, call);
    } else if (kind === 'client' || kind === 'producer') {
      const parent = tree.parentOf(span);
      if (parent === undefined || outgoingAt(parent, tree) === undefined)
        put(tree.ownerOf(span), span, servers.get(span));
    } else if (kind !== 'consumer' && !isTransparent(span, tree)) {
      if (outgoingAt(span, tree) === undefined) put(tree.ownerOf(span), span);
    }
  }
  return found;
}

/** The call that answered each outgoing span. */
function serversOf(tree: TraceTree, calls: ReadonlyMap<string, Call>): ReadonlyMap<Span, Call> {
  const servers = new Map<Span, Call>();
  for (const server of tree.measured) {
    const parent = server.kind === 'server' ? tree.parentOf(server) : undefined;
    if (parent === undefined) continue;
    const client = outgoingAt(parent, tree);
    const call = calls.get(server.spanId);
    if (client !== undefined && call !== undefined && !servers.has(client)) servers.set(client, call);
  }
  return servers;
}

/** The outermost CLIENT or PRODUCER span at or above this one, within its call. */
function outgoingAt(span: Span, tree: TraceTree): Span | undefined {
  const owner = tree.ownerOf(span);
  let outgoing: Span | undefined;
  let at: Span | undefined = span;
  // The bound survives parents that run in a circle.
  for (let steps = 0; at !== undefined && at !== owner && steps < MAX_STEPS; steps++) {
    if (at.kind === 'client' || at.kind === 'producer') outgoing = at;
    at = tree.depthOf(at) === 0 ? undefined : tree.parentOf(at);
  }
  return outgoing;
}

/** Spans of a framework about the way of a request through it. */
function isTransparent(span: Span, tree: TraceTree): boolean {
  return tree.layerOf(span) !== undefined || frameworkKey(span) !== undefined;
}

const frameworkKey = byFamily(({ attributes }) => {
  const key = FRAMEWORK_KEYS.find((each) => each in attributes);
  return key === undefined ? undefined : { key };
});
