import type { Attributes, AttributeValue } from '../../../model/span.ts';
import { isObject } from './raw.ts';
import type { Complain, RawAnyValue, RawKeyValue } from './raw.ts';

/** Lists and maps inside each other beyond this are dropped. */
const maxDepth = 100;

type Plain = AttributeValue | readonly Plain[] | { readonly [key: string]: Plain };

/** Turns OTLP key-value pairs into a record without prototype; values that hold nothing are left out. */
export function decodeAttributes(pairs: unknown, complain: Complain): Attributes {
  const attributes = Object.create(null) as Record<string, AttributeValue>;
  if (!Array.isArray(pairs)) {
    if (pairs !== undefined && pairs !== null) complain('bad-shape', '"attributes" is not a list: ignored.');
    return attributes;
  }
  for (const pair of pairs as unknown[]) {
    if (!isObject(pair)) continue;
    const { key, value } = pair as RawKeyValue;
    if (typeof key !== 'string') continue;
    const decoded = attributeValue(value, 0, complain);
    if (decoded !== undefined) attributes[key] = decoded;
  }
  return attributes;
}

function attributeValue(raw: unknown, depth: number, complain: Complain): AttributeValue | undefined {
  if (!isObject(raw)) return undefined;
  const value = raw as RawAnyValue;
  if (typeof value.stringValue === 'string') return value.stringValue;
  const scalar = scalarValue(value);
  if (scalar !== undefined) return scalar;
  if (isObject(value.arrayValue)) {
    if (tooDeep(depth, complain)) return undefined;
    return elements(value.arrayValue).flatMap((element) => {
      const decoded = attributeValue(element, depth + 1, complain);
      // One level of list per element: flatMap would open a list of lists.
      return decoded === undefined ? [] : [decoded];
    });
  }
  const plain = plainValue(value, depth, complain);
  return plain === undefined ? undefined : JSON.stringify(plain);
}

/** As it would stand in ordinary JSON; only used where the result becomes text. */
function plainValue(raw: unknown, depth: number, complain: Complain): Plain | undefined {
  if (!isObject(raw)) return undefined;
  const value = raw as RawAnyValue;
  if (typeof value.stringValue === 'string') return value.stringValue;
  if (typeof value.bytesValue === 'string') return value.bytesValue;
  const scalar = scalarValue(value);
  if (scalar !== undefined) return scalar;
  const list = isObject(value.arrayValue) ? value.arrayValue : undefined;
  const map = isObject(value.kvlistValue) ? value.kvlistValue : undefined;
  if ((!list && !map) || tooDeep(depth, complain)) return undefined;
  if (list) return elements(list).flatMap((element) => [plainValue(element, depth + 1, complain) ?? '']);
  const record = Object.create(null) as Record<string, Plain>;
  for (const pair of elements(map as object)) {
    if (!isObject(pair)) continue;
    const { key, value: inner } = pair as RawKeyValue;
    const decoded = plainValue(inner, depth + 1, complain);
    if (typeof key === 'string' && decoded !== undefined) record[key] = decoded;
  }
  return record;
}

function elements(container: object): readonly unknown[] {
  const { values } = container as { readonly values?: unknown };
  return Array.isArray(values) ? values : [];
}

function tooDeep(depth: number, complain: Complain): boolean {
  if (depth < maxDepth) return false;
  complain('too-deep', `An attribute is nested deeper than ${maxDepth} levels: what is deeper was dropped.`);
  return true;
}

function scalarValue(value: RawAnyValue): AttributeValue | undefined {
  if (typeof value.boolValue === 'boolean') return value.boolValue;
  if (value.intValue !== undefined) return numberOf(value.intValue, true);
  if (value.doubleValue !== undefined) return numberOf(value.doubleValue, false);
  return undefined;
}

/** Integers that a float cannot hold, and NaN and infinities, stay text. */
function numberOf(raw: unknown, integer: boolean): AttributeValue | undefined {
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : String(raw);
  if (typeof raw !== 'string' || raw === '') return undefined;
  const number = Number(raw);
  if (!Number.isFinite(number) || (integer && !Number.isSafeInteger(number))) return raw;
  return number;
}
