/** A JSON value with where it stands: offsets in UTF-16 units, `end` behind its last character. */
export interface PlacedValue {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
  /** Elements of an array. */
  readonly items?: readonly PlacedValue[];
  /** Members of an object; of a key that stands twice the last one counts, as for `JSON.parse`. */
  readonly members?: ReadonlyMap<string, PlacedValue>;
}

/** Either the value or the offset at which the text stops being JSON. */
export type PlacedJson =
  { readonly k: 'value'; readonly root: PlacedValue } | { readonly k: 'broken'; readonly at: number };

class Broken extends Error {
  readonly at: number;
  constructor(at: number) {
    super(`no JSON at ${at}`);
    this.at = at;
  }
}

const deepest = 64;
const space = /[ \t\r\n]*/y;
const scalar =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Parses JSON (no comments, no byte-order mark) with the places of all values; never throws. */
export function parsePlaces(text: string): PlacedJson {
  try {
    const root = valueAt(text, skip(text, 0), 0);
    const end = skip(text, root.end);
    return end === text.length ? { k: 'value', root } : { k: 'broken', at: end };
  } catch (error) {
    if (error instanceof Broken) return { k: 'broken', at: error.at };
    throw error;
  }
}

/** Line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function skip(text: string, at: number): number {
  space.lastIndex = at;
  space.test(text);
  return Math.max(at, space.lastIndex);
}

function expect(text: string, at: number, sign: string): number {
  if (text[at] !== sign) throw new Broken(at);
  return at + 1;
}

function scalarAt(text: string, at: number): PlacedValue {
  scalar.lastIndex = at;
  const match = scalar.exec(text);
  if (match === null) throw new Broken(at);
  return { start: at, end: scalar.lastIndex, value: JSON.parse(match[0]) as unknown };
}

function valueAt(text: string, start: number, depth: number): PlacedValue {
  if (depth > deepest) throw new Broken(start);
  if (text[start] === '[') return arrayAt(text, start, depth);
  if (text[start] === '{') return objectAt(text, start, depth);
  return scalarAt(text, start);
}

function arrayAt(text: string, start: number, depth: number): PlacedValue {
  const items: PlacedValue[] = [];
  let at = skip(text, start + 1);
  while (text[at] !== ']') {
    if (items.length > 0) at = skip(text, expect(text, at, ','));
    const item = valueAt(text, at, depth + 1);
    items.push(item);
    at = skip(text, item.end);
  }
  return { start, end: at + 1, value: items.map(({ value }) => value), items };
}

function objectAt(text: string, start: number, depth: number): PlacedValue {
  const members = new Map<string, PlacedValue>();
  let at = skip(text, start + 1);
  while (text[at] !== '}') {
    if (members.size > 0) at = skip(text, expect(text, at, ','));
    if (text[at] !== '"') throw new Broken(at);
    const key = scalarAt(text, at);
    at = skip(text, expect(text, skip(text, key.end), ':'));
    const member = valueAt(text, at, depth + 1);
    members.set(String(key.value), member);
    at = skip(text, member.end);
  }
  const value = Object.fromEntries([...members].map(([key, member]) => [key, member.value]));
  return { start, end: at + 1, value, members };
}
