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

/** In place of a place among the spans. */
const NONE = -1;
const UNKNOWN = -2;

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
  const { length } = spans;
  const byId = new Map<string, number>();
  const places = new Map<Span, number>();
  let served = false;
  spans.forEach((span, at) => {
    byId.set(span.spanId, at);
    places.set(span, at);
    served ||= isEntry(span);
  });
  const isMeasured = (span: Span): boolean =>
    isEntry(span) || (isInternalRoot(span) && (!served || measuresRoots.has(span.scope)));
  const measured = spans.filter(isMeasured);
  const parents = spans.map(({ parentSpanId }) =>
    parentSpanId === undefined ? NONE : (byId.get(parentSpanId) ?? NONE),
  );
  /** Place of the owner, NONE for no owner. */
  const owners = new Array<number>(length).fill(UNKNOWN);
  const depths = new Array<number>(length).fill(0);

  const path: number[] = [];
  for (let from = 0; from < length; from++) {
    let at = from;
    // On a path that comes back to itself every step is marked, so that a circle ends it.
    while (at !== NONE && owners[at] === UNKNOWN) {
      owners[at] = NONE;
      path.push(at);
      at = parents[at] ?? NONE;
    }
    const circular = at !== NONE && path.includes(at);
    let owner = at === NONE || circular ? NONE : (owners[at] ?? NONE);
    let depth = at === NONE || circular ? -1 : (depths[at] ?? 0);
    for (let step = path.pop(); step !== undefined; step = path.pop()) {
      const span = spans[step];
      if (span !== undefined && isMeasured(span)) owner = step;
      depth++;
      owners[step] = owner;
      depths[step] = depth;
    }
  }

  const placeOf = (span: Span): number => places.get(span) ?? NONE;
  const ownerOf = (span: Span): Span | undefined => spans[owners[placeOf(span)] ?? NONE];
  const underOwner = new Map<Span, Span[]>();
  spans.forEach((span, at) => {
    const owner = spans[owners[at] ?? NONE];
    if (owner === undefined || owner === span) return;
    const list = underOwner.get(owner);
    if (list === undefined) underOwner.set(owner, [span]);
    else list.push(span);
  });
  const parentOf = (span: Span): Span | undefined => spans[parents[placeOf(span)] ?? NONE];

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
    layerOf,
    depthOf: (span) => depths[placeOf(span)] ?? 0,
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
