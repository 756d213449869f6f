import type { Answer } from './probe.ts';
import { keyOf, valueOf } from './literal.ts';

/** What is expected of a body: `exact` where everything in it is, so that more would be noticed. */
export interface Expectation {
  readonly text: string;
  readonly exact: boolean;
}

type Quote = "'" | '"';

const MOST_LINES = 24;
const MOST_ITEMS = 12;
const LONGEST_TEXT = 80;
const DAY_MS = 86_400_000;
/** Fields that measure the process or the moment, even if two looks at them agree. */
const OF_THE_MOMENT =
  /uptime|elapsed|duration|took|latency|timestamp|memory|^pid$|^now$|(?:^|_)(?:request|trace|span)_?id$|^(?:request|trace|span)Id$/i;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** The parts of a body that were equal both times and are not of the moment; null where nothing is worth expecting. */
export function expectationOf(one: Answer, two: Answer, quote: Quote, indent: string): Expectation | null {
  if (!one.json || !two.json) return null;
  // From everything to less and less, until it can be read at a glance.
  for (const detail of [
    { items: MOST_ITEMS, fields: 40 },
    { items: MOST_ITEMS, fields: 4 },
    { items: MOST_ITEMS, fields: 1 },
    { items: 3, fields: 2 },
  ]) {
    const made = write(
      one.body,
      two.body,
      { ...detail, quote, indent, nowMs: one.nowMs, left: { out: false } },
      '',
      '',
      true,
    );
    if (made === null) return null;
    const { text, out } = made;
    if (text.split('\n').length <= MOST_LINES) return { text, exact: !out };
  }
  return null;
}

interface Detail {
  readonly items: number;
  /** Of each item of a list; an object that is the body itself keeps all of its fields. */
  readonly fields: number;
  readonly quote: Quote;
  readonly indent: string;
  readonly nowMs: number;
  readonly left: { out: boolean };
}

function write(
  a: unknown,
  b: unknown,
  detail: Detail,
  pad: string,
  key: string,
  top: boolean,
): { text: string; out: boolean } | null {
  const text = textOf(a, b, detail, pad, key, top);
  return text === null ? null : { text, out: detail.left.out };
}

function textOf(
  a: unknown,
  b: unknown,
  detail: Detail,
  pad: string,
  key: string,
  top: boolean,
): string | null {
  const { quote } = detail;
  if (Array.isArray(a)) return Array.isArray(b) ? listText(a, b, detail, pad) : null;
  if (typeof a === 'object' && a !== null) {
    return typeof b === 'object' && b !== null ? objectText(a, b, detail, pad, top) : null;
  }
  if (typeof a !== typeof b || (a === null) !== (b === null)) return null;
  if (a !== b || ofTheMoment(a, key, detail.nowMs)) return anyOf(a);
  // A long text is not what a reader looks at; that it is one still counts.
  return typeof a === 'string' && a.length > LONGEST_TEXT ? anyOf(a) : valueOf(a, quote);
}

function anyOf(value: unknown): string | null {
  const type = { string: 'String', number: 'Number', boolean: 'Boolean' }[typeof value as 'string'];
  return type === undefined ? null : `expect.any(${type})`;
}

function ofTheMoment(value: unknown, key: string, nowMs: number): boolean {
  if (typeof value === 'boolean' || value === null) return false;
  if (OF_THE_MOMENT.test(key)) return true;
  if (typeof value === 'string') {
    if (UUID.test(value)) return true;
    return /^\d{4}-\d\d-\d\d/.test(value) && Math.abs(Date.parse(value) - nowMs) < DAY_MS;
  }
  return (
    typeof value === 'number' && (Math.abs(value - nowMs) < DAY_MS || Math.abs(value * 1000 - nowMs) < DAY_MS)
  );
}

function objectText(a: object, b: object, detail: Detail, pad: string, top: boolean): string {
  const { quote, indent, left } = detail;
  const theirs = new Map(Object.entries(b));
  const lines: string[] = [];
  const entries = Object.entries(a);
  if (entries.length !== theirs.size) left.out = true;
  const most = top ? Infinity : detail.fields;
  for (const [key, value] of entries) {
    const text =
      lines.length < most && theirs.has(key)
        ? textOf(value, theirs.get(key), detail, pad + indent, key, false)
        : null;
    if (text === null) left.out = true;
    else lines.push(`${keyOf(key, quote)}: ${text}`);
  }
  const line = lines.length === 0 ? '{}' : `{ ${lines.join(', ')} }`;
  if (!line.includes('\n') && pad.length + line.length <= 90) return line;
  return `{\n${lines.map((one) => `${pad}${indent}${one},`).join('\n')}\n${pad}}`;
}

function listText(a: readonly unknown[], b: readonly unknown[], detail: Detail, pad: string): string | null {
  const { indent, items } = detail;
  // Lists are compared with their length: of one that is too long, or whose length varies, only that it is one.
  if (a.length !== b.length || a.length > items) {
    detail.left.out = true;
    return 'expect.any(Array)';
  }
  const texts = a.map((item, i) => textOf(item, b[i], detail, pad + indent, '', false));
  if (texts.includes(null)) {
    detail.left.out = true;
    return 'expect.any(Array)';
  }
  const line = `[${texts.join(', ')}]`;
  if (!line.includes('\n') && pad.length + line.length <= 90) return line;
  return `[\n${texts.map((text) => `${pad}${indent}${text},`).join('\n')}\n${pad}]`;
}
