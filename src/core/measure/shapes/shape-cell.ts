import type { Call } from '../../model/operation.ts';
import type { ChildShape } from '../../model/shape.ts';
import { createSketch } from '../sketch.ts';
import type { Sketch } from '../sketch.ts';
import type { Child } from './children.ts';
import { eachFollowing, RESOLUTION_MS } from './follows.ts';
import { ABSENT, OTHER } from './parts.ts';
import type { Outcomes, ShapeParts } from './parts.ts';
import type { Request } from './request.ts';
import { addCallSample, addSample, sortedSamples } from './samples.ts';
import type { Varied } from './samples.ts';

const MAX_CHILDREN = 64;
const MAX_FOLLOWS = 256;
const MAX_ATTRIBUTES = 24;
const MAX_VALUES = 32;
/** More is kept while calls come in, as what weighs most is known only in the end. */
const LIVE_FACTOR = 4;
const MAX_OCCURRENCES = 100;

interface ChildCell {
  readonly key: string;
  readonly name: string;
  readonly kind: ChildShape['kind'];
  total: number;
  /** Calls by number of occurrences. */
  readonly counts: Map<number, number>;
  overlapping: number;
  durationSumMs: number;
  readonly latency: Sketch;
  /** What is known of the call that is being added: its number, occurrences in it so far, and the latest end of these. */
  readonly current: { call: number; occurrences: number; endMs: number };
}

interface Tally {
  good: number;
  failed: number;
}

interface AttributeCell {
  readonly values: Map<string, Tally>;
  readonly other: Tally;
}

/** A shape that still takes calls. */
export interface ShapeCell {
  calls: number;
  failed: number;
  readonly children: Map<string, ChildCell>;
  droppedChildren: number;
  /** By the key before, then by the key after. */
  readonly follows: Map<string, Map<string, number>>;
  followPairs: number;
  readonly attributes: Map<string, AttributeCell>;
  readonly good: Varied[];
  readonly bad: Varied[];
}

export function emptyShapeCell(): ShapeCell {
  return {
    calls: 0,
    failed: 0,
    children: new Map(),
    droppedChildren: 0,
    follows: new Map(),
    followPairs: 0,
    attributes: new Map(),
    good: [],
    bad: [],
  };
}

/** Adds one call; `children` in the order of their starts. */
export function addShapeCall(
  cell: ShapeCell,
  call: Call,
  children: readonly Child[],
  request: Request | undefined,
): void {
  const failed = call.outcome === 'error';
  cell.calls++;
  if (failed) cell.failed++;
  if (children.length > 0) addChildren(cell, children);
  if (request === undefined) return;
  for (const [key, value] of request.inputs) {
    addValue(cell, key, value, failed ? 0 : 1, failed ? 1 : 0, LIVE_FACTOR);
  }
  addCallSample(failed ? cell.bad : cell.good, call, request);
}

/** Adds what `partsOf` gave; what is beyond the bounds is dropped only when the sum is asked for. */
export function addParts(cell: ShapeCell, parts: ShapeParts): void {
  cell.calls += parts.calls;
  cell.failed += parts.failed;
  cell.droppedChildren += parts.droppedChildren;
  for (const child of parts.children) {
    const into = childCell(cell, child);
    into.total += child.total;
    into.overlapping += child.overlapping;
    into.durationSumMs += child.durationSumMs;
    into.latency.mergeBlob(child.latency);
    for (const [occurrences, calls] of child.counts) increase(into.counts, occurrences, calls);
  }
  for (const { from, to, count } of parts.follows) addFollow(cell, from, to, count, Infinity);
  for (const { key, values, other } of parts.attributes) {
    for (const { value, good, failed } of values) addValue(cell, key, value, good, failed, Infinity);
    if (other.good + other.failed > 0) addValue(cell, key, OTHER, other.good, other.failed, Infinity);
  }
  for (const each of parts.good) addSample(cell.good, each);
  for (const each of parts.bad) addSample(cell.bad, each);
}

/** What weighs most within the bounds, each list in an order of its own. */
export function partsOf(cell: ShapeCell): ShapeParts {
  const byTime = [...cell.children.values()].toSorted(
    (a, b) => b.durationSumMs - a.durationSumMs || b.total - a.total || (a.key < b.key ? -1 : 1),
  );
  const kept = byTime.slice(0, MAX_CHILDREN);
  const dropped = byTime.slice(MAX_CHILDREN).reduce((all, { total }) => all + total, 0);
  return {
    calls: cell.calls,
    failed: cell.failed,
    children: kept.map(childOf),
    droppedChildren: cell.droppedChildren + dropped,
    follows: followsOf(cell, new Set(['', ...kept.map(({ key }) => key)])),
    attributes: attributesOf(cell),
    good: sortedSamples(cell.good),
    bad: sortedSamples(cell.bad),
  };
}

function addChildren(cell: ShapeCell, children: readonly Child[]): void {
  const found: ChildCell[] = [];
  for (const child of children) {
    const known = cell.children.get(child.key);
    if (known === undefined && cell.children.size >= LIVE_FACTOR * MAX_CHILDREN) {
      cell.droppedChildren++;
      continue;
    }
    const into = known ?? childCell(cell, child);
    const { current } = into;
    if (current.call !== cell.calls) {
      current.call = cell.calls;
      current.occurrences = 0;
      current.endMs = -Infinity;
      found.push(into);
    }
    into.total++;
    if (child.startMs + RESOLUTION_MS < current.endMs) into.overlapping++;
    into.durationSumMs += child.durationMs;
    into.latency.add(child.durationMs);
    current.occurrences++;
    if (child.endMs > current.endMs) current.endMs = child.endMs;
  }
  for (const { counts, current } of found)
    increase(counts, Math.min(current.occurrences, MAX_OCCURRENCES), 1);
  eachFollowing(children, (from, to) => {
    addFollow(cell, from, to, 1, LIVE_FACTOR * MAX_FOLLOWS);
  });
}

function childCell(
  cell: ShapeCell,
  { key, name, kind }: Pick<ChildShape, 'key' | 'name' | 'kind'>,
): ChildCell {
  let child = cell.children.get(key);
  if (child === undefined) {
    const latency = createSketch();
    const current = { call: 0, occurrences: 0, endMs: -Infinity };
    child = {
      key,
      name,
      kind,
      total: 0,
      counts: new Map(),
      overlapping: 0,
      durationSumMs: 0,
      latency,
      current,
    };
    cell.children.set(key, child);
  }
  return child;
}

function childOf(child: ChildCell): ChildShape {
  const { key, name, kind, total, overlapping, durationSumMs } = child;
  const counts = [...child.counts].toSorted(([a], [b]) => a - b);
  return { key, name, kind, total, counts, overlapping, durationSumMs, latency: child.latency.toBlob() };
}

function addFollow(cell: ShapeCell, from: string, to: string, count: number, bound: number): void {
  const after = cell.follows.get(from);
  if (after?.has(to) !== true) {
    if (cell.followPairs >= bound) return;
    cell.followPairs++;
  }
  if (after === undefined) cell.follows.set(from, new Map([[to, count]]));
  else increase(after, to, count);
}

function followsOf(cell: ShapeCell, keys: ReadonlySet<string>): ShapeParts['follows'] {
  return [...cell.follows]
    .flatMap(([from, after]) => [...after].map(([to, count]) => ({ from, to, count })))
    .filter(({ from, to }) => keys.has(from) && keys.has(to))
    .toSorted((a, b) => b.count - a.count || compare(a.from, b.from) || compare(a.to, b.to))
    .slice(0, MAX_FOLLOWS);
}

function addValue(
  cell: ShapeCell,
  key: string,
  value: string,
  good: number,
  failed: number,
  factor: number,
): void {
  let attribute = cell.attributes.get(key);
  if (attribute === undefined) {
    if (cell.attributes.size >= factor * MAX_ATTRIBUTES) return;
    attribute = { values: new Map(), other: { good: 0, failed: 0 } };
    cell.attributes.set(key, attribute);
  }
  let tally = attribute.values.get(value);
  if (value === OTHER || value === ABSENT) tally = attribute.other;
  else if (tally === undefined) {
    tally = attribute.other;
    // What failed is what is looked for.
    const room = (failed > 0 ? 2 : 1) * factor * MAX_VALUES;
    if (attribute.values.size < room) {
      tally = { good: 0, failed: 0 };
      attribute.values.set(value, tally);
    }
  }
  tally.good += good;
  tally.failed += failed;
}

/** Those present in most calls; of each the values that failed most often, then the most frequent. */
function attributesOf(cell: ShapeCell): ShapeParts['attributes'] {
  return [...cell.attributes]
    .map(([key, { values, other }]) => {
      const ordered = [...values]
        .map(([value, { good, failed }]) => ({ value, good, failed }))
        .toSorted((a, b) => b.failed - a.failed || b.good - a.good || compare(a.value, b.value));
      const rest = ordered.slice(MAX_VALUES);
      return {
        key,
        values: ordered.slice(0, MAX_VALUES),
        other: { good: sum([...rest, other], 'good'), failed: sum([...rest, other], 'failed') },
      };
    })
    .toSorted((a, b) => presence(b) - presence(a) || compare(a.key, b.key))
    .slice(0, MAX_ATTRIBUTES);
}

function presence({ values, other }: ShapeParts['attributes'][number]): number {
  const all = [...values, other];
  return sum(all, 'good') + sum(all, 'failed');
}

function sum(tallies: readonly Outcomes[], of: keyof Outcomes): number {
  return tallies.reduce((total, tally) => total + tally[of], 0);
}

function increase<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
