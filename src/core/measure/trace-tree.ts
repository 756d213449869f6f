import type { Span } from '../model/span.ts';
import { layerOf } from './layer.ts';
import type { Layer } from './layer.ts';

/** Who stands above whom in one trace, for deciding what is measured. */
export interface TraceTree {
  /** SERVER and CONSUMER spans; without any, the root INTERNAL spans, in some scopes these too. In the order of the trace. */
  readonly measured: readonly Span[];
  /** The innermost measured span at or above this one. */
  readonly ownerOf: (span: Span) => Span | undefined;
  /** Measured spans strictly above a measured one, innermost first. */
  readonly ownersAbove: (owner: Span) => readonly Span[];
  /** Spans whose owner this is, without the owner itself, in the order of the trace. */
  readonly under: (owner: Span) => readonly Span[];
  readonly parentOf: (span: Span) => Span | undefined;
  /** Steps from the top of the trace. */
  readonly depthOf: (span: Span) => number;
  /** What `layer.ts` says of the span, read once. */
  readonly layerOf: (span: Span) => Layer | undefined;
}

interface Place {
  readonly owner: Span | undefined;
  readonly depth: number;
}

/** Calls and shapes look at the same traces one after the other. */
const trees = new WeakMap<readonly Span[], TraceTree>();

/** Linear in the spans of the trace; parents that run in a circle count as absent. The same array gives the same tree. */
export function createTraceTree(spans: readonly Span[]): TraceTree {
  const known = trees.get(spans);
  if (known !== undefined) return known;
  const tree = build(spans);
  trees.set(spans, tree);
  return tree;
}

function build(spans: readonly Span[]): TraceTree {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const served = spans.some(isEntry);
  const measured = spans.filter(
    (span) => isEntry(span) || (isInternalRoot(span) && (!served || measuresRoots.has(span.scope))),
  );
  const isMeasured = new Set(measured);
  const places = new Map<Span, Place>();
  const layers = new Map(spans.map((span) => [span, layerOf(span)]));
  const parentOf = (span: Span): Span | undefined =>
    span.parentSpanId === undefined ? undefined : byId.get(span.parentSpanId);

  for (const span of spans) {
    const path = new Set<Span>();
    let at: Span | undefined = span;
    while (at !== undefined && !places.has(at) && !path.has(at)) {
      path.add(at);
      at = parentOf(at);
    }
    let above: Place = (at === undefined ? undefined : places.get(at)) ?? { owner: undefined, depth: -1 };
    for (const step of [...path].reverse()) {
      above = { owner: isMeasured.has(step) ? step : above.owner, depth: above.depth + 1 };
      places.set(step, above);
    }
  }

  const ownerOf = (span: Span): Span | undefined => places.get(span)?.owner;
  const underOwner = new Map<Span, Span[]>();
  for (const span of spans) {
    const owner = ownerOf(span);
    if (owner === undefined || owner === span) continue;
    const list = underOwner.get(owner);
    if (list === undefined) underOwner.set(owner, [span]);
    else list.push(span);
  }

  return {
    measured,
    ownerOf,
    ownersAbove: (owner) => {
      const above = new Set<Span>();
      for (let at = ownerAbove(owner); at !== undefined && !above.has(at); at = ownerAbove(at)) above.add(at);
      return [...above];
    },
    under: (owner) => underOwner.get(owner) ?? [],
    parentOf,
    layerOf: (span) => layers.get(span),
    depthOf: (span) => places.get(span)?.depth ?? 0,
  };

  function ownerAbove(owner: Span): Span | undefined {
    const parent = parentOf(owner);
    const above = parent === undefined ? undefined : ownerOf(parent);
    return above === owner ? undefined : above;
  }
}

/** Scopes whose root spans are calls of their own, whatever runs below: the sequences of a conductor. */
const measuresRoots: ReadonlySet<string> = new Set(['renderx']);

function isEntry(span: Span): boolean {
  return span.kind === 'server' || span.kind === 'consumer';
}

function isInternalRoot(span: Span): boolean {
  const internal = span.kind === 'internal' || span.kind === 'unspecified';
  return internal && (span.parentSpanId === undefined || span.parentSpanId === '');
}
