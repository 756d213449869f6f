import type { Handler } from '../model/handler.ts';
import { matchesPieces } from './title.ts';
import { HOLE } from './value.ts';

type Segment =
  | { readonly k: 'static'; readonly text: string }
  | { readonly k: 'param'; readonly pieces: readonly string[]; readonly digits: boolean }
  | { readonly k: 'rest' };

/** One METHOD and route with the handlers that answer it, in the order of the index. */
export interface RouteEntry {
  readonly method: string;
  readonly route: string;
  /** Forms of the route, one for each choice of its optional parts. */
  readonly forms: readonly (readonly Segment[])[];
  readonly handlers: readonly Handler[];
}

/** Groups the handlers of routes by METHOD, route and file of registration. */
export function routeTable(handlers: readonly Handler[]): readonly RouteEntry[] {
  const groups = new Map<string, Handler[]>();
  for (const handler of handlers) {
    if (handler.method === undefined || handler.route === undefined) continue;
    const key = `${handler.method} ${handler.route}\n${handler.registration.file}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [handler]);
    else group.push(handler);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const { method, route } = first ?? {};
    if (method === undefined || route === undefined) return [];
    return [{ method, route, forms: formsOf(route), handlers: group }];
  });
}

export const segmentsOf = (path: string): readonly string[] => path.split('/').filter((part) => part !== '');

/** Forms of an Express route: `{/:id}`, `/:id?` and `(...)?` make two of one. */
function formsOf(route: string): readonly (readonly Segment[])[] {
  let texts = [route.slice(0, 1000)];
  for (let round = 0; round < 4; round++) {
    texts = texts.flatMap((text) => {
      const optional = /\{([^{}]*)\}|(\/:[\p{ID_Continue}$]+(?:\([^()]*\))?)\?/u.exec(text);
      if (optional === null) return [text];
      const [whole, group, param] = optional;
      const [head, tail] = [text.slice(0, optional.index), text.slice(optional.index + whole.length)];
      return [head + tail, head + (group ?? param ?? '') + tail];
    });
  }
  return texts.map((text) => segmentsOf(text).map(segmentOf));
}

function segmentOf(text: string): Segment {
  if (/^\*|^\(\.\*\)$/.test(text)) return { k: 'rest' };
  if (!/[:*(]/.test(text)) return { k: 'static', text: text.toLowerCase() };
  const digits = /^:[\p{ID_Continue}$]+\(\\+d\+\)$/u.test(text);
  const pieces = text.replaceAll(/\([^()]*\)/g, '').split(/:[\p{ID_Continue}$]+|\*[\p{ID_Continue}$]*/u);
  return { k: 'param', pieces, digits };
}

/** How well a path fits a form, segment by segment (higher is better, earlier weighs more); null when it does not. */
function fit(path: readonly string[], form: readonly Segment[]): readonly number[] | null {
  const scores: number[] = [];
  for (const [index, segment] of form.entries()) {
    const part = path[index];
    if (segment.k === 'rest') return part === undefined ? null : [...scores, 0];
    if (part === undefined) return null;
    const score = scoreOf(part, segment, index === path.length - 1);
    if (score === null) return null;
    scores.push(score);
  }
  return path.length === form.length ? scores : null;
}

function scoreOf(part: string, segment: Exclude<Segment, { k: 'rest' }>, isLast: boolean): number | null {
  if (segment.k === 'static') {
    if (part.toLowerCase() === segment.text) return 3;
    // `/orders${query}`; any other unknown part could be a guess at best.
    return isLast &&
      part === `${part.slice(0, -1)}${HOLE}` &&
      part.slice(0, -1).toLowerCase() === segment.text
      ? 3
      : null;
  }
  if (part.includes(HOLE)) return segment.pieces.every((piece) => piece === '') ? 1 : 2;
  if (segment.digits && !/^\d+$/.test(part)) return null;
  return matchesPieces(segment.pieces, part) ? (segment.pieces.some((piece) => piece !== '') ? 2 : 1) : null;
}

const better = (a: readonly number[], b: readonly number[]): number => {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? -1) - (b[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
};

const answers = (entry: RouteEntry, method: string): boolean =>
  entry.method === method || entry.method === 'ALL' || (method === 'HEAD' && entry.method === 'GET');

/**
 * The entry that answers a request: the most specific one, and of equals in one file the first. Undefined when none or
 * several do. `drop`: leading segments of the routes that may be left out, for routers that a test mounts elsewhere.
 */
export function findRoute(
  entries: readonly RouteEntry[],
  method: string,
  path: string,
  drop: (entry: RouteEntry) => number = () => 0,
): RouteEntry | undefined {
  const parts = segmentsOf(path);
  let best: { readonly score: readonly number[]; entries: RouteEntry[] } | undefined;
  for (const entry of entries) {
    if (!answers(entry, method)) continue;
    for (const form of entry.forms) {
      for (let skip = 0; skip <= Math.min(drop(entry), form.length); skip++) {
        const score = fit(parts, form.slice(skip));
        if (score === null) continue;
        const order = best === undefined ? 1 : better(score, best.score);
        if (order > 0) best = { score, entries: [entry] };
        else if (order === 0 && best?.entries.includes(entry) === false) best.entries.push(entry);
      }
    }
  }
  const found = best?.entries ?? [];
  const exact = found.filter((entry) => entry.method === method);
  const [first, ...more] = exact.length > 0 ? exact : found;
  const file = (entry: RouteEntry): string => entry.handlers[0]?.registration.file ?? '';
  if (first === undefined || more.some((entry) => file(entry) !== file(first))) return undefined;
  return [first, ...more].sort((a, b) => placeOf(a) - placeOf(b))[0];
}

const placeOf = (entry: RouteEntry): number => {
  const start = entry.handlers[0]?.registration.start;
  return start === undefined ? 0 : start.line * 10_000 + start.column;
};

/** Number of leading segments that all routes of a file have in common: at most these come from where it is mounted. */
export function commonPrefix(entries: readonly RouteEntry[]): number {
  const [first, ...others] = entries.map((entry) => segmentsOf(entry.route));
  if (first === undefined) return 0;
  let length = first.length;
  for (const other of others) {
    let common = 0;
    while (common < Math.min(length, other.length) && other[common] === first[common]) common++;
    length = common;
  }
  return length;
}
