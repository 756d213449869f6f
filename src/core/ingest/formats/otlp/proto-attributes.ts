import type { AttributeValue } from '../../../model/span.ts';
import type { ProtoReader } from './proto-reader.ts';
import { readInt64, readLength, readVarint32 } from './proto-wire.ts';

/** Lists and maps inside each other beyond this are dropped, as in OTLP/JSON. */
const maxDepth = 100;

type Plain = AttributeValue | readonly Plain[] | { readonly [key: string]: Plain };
type Slots = Record<string, AttributeValue>;

/** A record without prototype that the engine keeps as fast as an ordinary object. */
export function newAttributes(): Slots {
  return Object.setPrototypeOf({}, null) as Slots;
}

/** Reads one KeyValue into `into`; the position is at its end afterwards, whatever it held. */
export function readKeyValue(reader: ProtoReader, to: number, into: Slots): void {
  const { wire } = reader;
  let key: string | undefined;
  let value: AttributeValue | undefined;
  while (wire.pos < to) {
    const tag = readVarint32(wire, to);
    if (tag === 0x0a) {
      const end = readLength(wire, to);
      if (end < 0) return reader.torn(to, 'an attribute');
      key = reader.key(end);
    } else if (tag === 0x12) {
      const end = readLength(wire, to);
      if (end < 0) return reader.torn(to, 'an attribute');
      value = readValue(reader, end);
    } else if (!reader.skip(tag, to, 3, 'an attribute')) return;
  }
  if (key !== undefined && value !== undefined) into[key] = value;
}

/** An AnyValue by the rules of OTLP/JSON: lists stay lists, maps and bytes become JSON text, nothing is left out. */
export function readValue(reader: ProtoReader, to: number, depth = 0): AttributeValue | undefined {
  const { wire } = reader;
  let value: AttributeValue | undefined;
  while (wire.pos < to) {
    const tag = readVarint32(wire, to);
    if (tag === 0x0a) {
      const end = readLength(wire, to);
      if (end < 0) return torn(reader, to);
      value = reader.value(end);
      continue;
    }
    if (tag === 0x2a) {
      const end = readLength(wire, to);
      if (end < 0) return torn(reader, to);
      value = readList(reader, end, depth, readValue);
      continue;
    }
    if (tag === 0x32 || tag === 0x3a) {
      const plain = readStructured(reader, tag, to, depth);
      value = plain === undefined ? undefined : JSON.stringify(plain);
      continue;
    }
    const scalar = readScalar(reader, tag, to);
    if (scalar === undefined) return undefined;
    if (scalar !== null) value = scalar;
  }
  return value;
}

/** As it would stand in ordinary JSON. */
function readPlain(reader: ProtoReader, to: number, depth: number): Plain | undefined {
  const { wire } = reader;
  let value: Plain | undefined;
  while (wire.pos < to) {
    const tag = readVarint32(wire, to);
    if (tag === 0x0a) {
      const end = readLength(wire, to);
      if (end < 0) return torn(reader, to);
      value = reader.value(end);
    } else if (tag === 0x2a) {
      const end = readLength(wire, to);
      if (end < 0) return torn(reader, to);
      const inner = (one: ProtoReader, last: number, deep: number): Plain => readPlain(one, last, deep) ?? '';
      value = readList(reader, end, depth, inner);
    } else if (tag === 0x32 || tag === 0x3a) value = readStructured(reader, tag, to, depth);
    else {
      const scalar = readScalar(reader, tag, to);
      if (scalar === undefined) return undefined;
      if (scalar !== null) value = scalar;
    }
  }
  return value;
}

/** A map (tag 0x32) or bytes (0x3a), which have no form of their own among attributes. */
function readStructured(reader: ProtoReader, tag: number, to: number, depth: number): Plain | undefined {
  const { wire } = reader;
  const end = readLength(wire, to);
  if (end < 0) return torn(reader, to);
  if (tag === 0x32) return readMap(reader, end, depth);
  const base64 = wire.bytes.toString('base64', wire.pos, end);
  wire.pos = end;
  return base64;
}

/** Null for a field that holds no scalar; undefined where the value is torn. */
function readScalar(reader: ProtoReader, tag: number, to: number): AttributeValue | null | undefined {
  const { wire } = reader;
  if (tag === 0x10) {
    const value = readInt64(wire, to);
    return value === undefined ? torn(reader, to) : value !== 0 && value !== 0n;
  }
  if (tag === 0x18) {
    const value = readInt64(wire, to);
    if (value === undefined) return torn(reader, to);
    // Integers that a float cannot hold stay text.
    return typeof value === 'bigint' ? value.toString() : value;
  }
  if (tag === 0x21) {
    if (wire.pos + 8 > to) return torn(reader, to);
    const value = wire.bytes.readDoubleLE(wire.pos);
    wire.pos += 8;
    return Number.isFinite(value) ? value : String(value);
  }
  return reader.skip(tag, to, 7, 'a value') ? null : undefined;
}

function readList<T>(
  reader: ProtoReader,
  to: number,
  depth: number,
  read: (reader: ProtoReader, to: number, depth: number) => T | undefined,
): readonly T[] | undefined {
  if (tooDeep(reader, to, depth)) return undefined;
  const { wire } = reader;
  const list: T[] = [];
  while (wire.pos < to) {
    const tag = readVarint32(wire, to);
    if (tag !== 0x0a) {
      if (!reader.skip(tag, to, 1, 'a list')) return list;
      continue;
    }
    const end = readLength(wire, to);
    if (end < 0) {
      reader.torn(to, 'a list');
      return list;
    }
    const value = read(reader, end, depth + 1);
    if (value !== undefined) list.push(value);
  }
  return list;
}

function readMap(reader: ProtoReader, to: number, depth: number): Plain | undefined {
  if (tooDeep(reader, to, depth)) return undefined;
  const { wire } = reader;
  const map = Object.create(null) as Record<string, Plain>;
  while (wire.pos < to) {
    const tag = readVarint32(wire, to);
    const end = tag === 0x0a ? readLength(wire, to) : -1;
    if (end >= 0) readEntry(reader, end, depth, map);
    else if (tag === 0x0a) {
      reader.torn(to, 'a map');
      return map;
    } else if (!reader.skip(tag, to, 1, 'a map')) return map;
  }
  return map;
}

function readEntry(reader: ProtoReader, to: number, depth: number, into: Record<string, Plain>): void {
  const { wire } = reader;
  let key: string | undefined;
  let value: Plain | undefined;
  while (wire.pos < to) {
    const tag = readVarint32(wire, to);
    const end = tag === 0x0a || tag === 0x12 ? readLength(wire, to) : -1;
    if (end < 0) {
      if (tag === 0x0a || tag === 0x12) return reader.torn(to, 'a map');
      if (!reader.skip(tag, to, 2, 'a map')) return;
    } else if (tag === 0x0a) key = reader.key(end);
    else value = readPlain(reader, end, depth + 1);
  }
  if (key !== undefined && value !== undefined) into[key] = value;
}

function tooDeep(reader: ProtoReader, to: number, depth: number): boolean {
  if (depth < maxDepth) return false;
  reader.complain(
    'too-deep',
    `An attribute is nested deeper than ${maxDepth} levels: what is deeper was dropped.`,
  );
  reader.wire.pos = to;
  return true;
}

function torn(reader: ProtoReader, to: number): undefined {
  reader.torn(to, 'a value');
  return undefined;
}
