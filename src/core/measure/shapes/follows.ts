import type { Child } from './children.ts';

/** Starts of spans of the JS SDK are exact to a millisecond only; ends are no better. */
export const RESOLUTION_MS = 1;
/** What a call does beyond this many things has no order in its shape. */
const MAX_ORDERED = 256;

/** True where `a` was over when `b` began; neither way round for pairs that overlap or began together. */
function precedes(a: Child, b: Child): boolean {
  return b.startMs - a.startMs >= RESOLUTION_MS && a.endMs <= b.startMs + RESOLUTION_MS;
}

/**
 * Visits the pairs of children of one call of which the second directly follows the first, with nothing between; the
 * empty key stands for the start and the end of the call. `children` are in the order of their starts.
 */
export function eachFollowing(children: readonly Child[], visit: (from: string, to: string) => void): void {
  const [only] = children;
  if (children.length === 1 && only !== undefined) {
    visit('', only.key);
    visit(only.key, '');
    return;
  }
  const ordered = children.length > MAX_ORDERED ? children.slice(0, MAX_ORDERED) : children;
  const followed = new Set<Child>();
  for (const child of ordered) {
    let latest: Child | undefined;
    const before: Child[] = [];
    for (const other of ordered) {
      if (!precedes(other, child)) continue;
      before.push(other);
      if (latest === undefined || other.startMs > latest.startMs) latest = other;
    }
    if (latest === undefined) visit('', child.key);
    for (const other of before) {
      // What precedes anything between also precedes the latest to begin there.
      if (latest !== undefined && precedes(other, latest)) continue;
      visit(other.key, child.key);
      followed.add(other);
    }
  }
  for (const child of ordered) if (!followed.has(child)) visit(child.key, '');
}
