/** Protobuf bytes and how far they are read. Source: protobuf encoding, https://protobuf.dev/programming-guides/encoding. */
export interface Wire {
  readonly bytes: Buffer;
  pos: number;
}

/** Wire types. */
export const varintType = 0;
export const fixed64Type = 1;
export const lengthType = 2;
const groupType = 3;
const groupEndType = 4;
const fixed32Type = 5;
/** Groups inside each other beyond this are taken for garbage. */
const maxGroups = 32;

/** A tag or length below 2^32; -1 where it is torn, too long or reaches over `end`. */
export function readVarint32(wire: Wire, end: number): number {
  const { bytes } = wire;
  let at = wire.pos;
  if (at >= end) return -1;
  let byte = bytes[at++] as number;
  if (byte < 0x80) {
    wire.pos = at;
    return byte;
  }
  let value = byte & 0x7f;
  let factor = 128;
  for (let count = 1; count < 5 && at < end; count += 1) {
    byte = bytes[at++] as number;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) {
      wire.pos = at;
      return value > 0xffffffff ? -1 : value;
    }
    factor *= 128;
  }
  return -1;
}

/** Reads a length and returns where its bytes end, with the position at their start; -1 where it lies. */
export function readLength(wire: Wire, end: number): number {
  const length = readVarint32(wire, end);
  if (length < 0) return -1;
  const to = wire.pos + length;
  return to > end ? -1 : to;
}

/** Passes over a varint of at most ten bytes; false where it is torn. */
function skipVarint(wire: Wire, end: number): boolean {
  const last = Math.min(end, wire.pos + 10);
  for (let at = wire.pos; at < last; at += 1) {
    if ((wire.bytes[at] as number) < 0x80) {
      wire.pos = at + 1;
      return true;
    }
  }
  return false;
}

/** Passes over the value of a field; false where it is torn or no wire type. */
export function skipField(wire: Wire, tag: number, end: number, depth = 0): boolean {
  switch (tag & 7) {
    case varintType:
      return skipVarint(wire, end);
    case fixed64Type:
      return skipBytes(wire, 8, end);
    case fixed32Type:
      return skipBytes(wire, 4, end);
    case lengthType: {
      const to = readLength(wire, end);
      if (to < 0) return false;
      wire.pos = to;
      return true;
    }
    case groupType:
      return depth < maxGroups && skipGroup(wire, tag, end, depth);
    default:
      return false;
  }
}

function skipGroup(wire: Wire, tag: number, end: number, depth: number): boolean {
  for (;;) {
    const inner = readVarint32(wire, end);
    if (inner <= 0) return false;
    if ((inner & 7) === groupEndType) return inner >>> 3 === tag >>> 3;
    if (!skipField(wire, inner, end, depth + 1)) return false;
  }
}

function skipBytes(wire: Wire, count: number, end: number): boolean {
  if (wire.pos + count > end) return false;
  wire.pos += count;
  return true;
}

/** The low 32 bits of an enum or flag, signed; NaN where it is torn. */
export function readEnum(wire: Wire, end: number): number {
  const value = readInt64(wire, end);
  return value === undefined ? NaN : Number(BigInt.asIntN(32, BigInt(value)));
}

/** A signed integer, as a number where a float holds it exactly; undefined where it is torn. */
export function readInt64(wire: Wire, end: number): number | bigint | undefined {
  const { bytes } = wire;
  const from = wire.pos;
  let at = from;
  let value = 0;
  let factor = 1;
  // Seven groups of seven bits stay below 2^53.
  for (; at < end && at < from + 7; factor *= 128) {
    const byte = bytes[at++] as number;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) {
      wire.pos = at;
      return value;
    }
  }
  let big = BigInt(value);
  for (let shift = 49n; at < end && at < from + 10; shift += 7n) {
    const byte = bytes[at++] as number;
    big |= BigInt(byte & 0x7f) << shift;
    if (byte >= 0x80) continue;
    wire.pos = at;
    const signed = BigInt.asIntN(64, big);
    const number = Number(signed);
    return Number.isSafeInteger(number) ? number : signed;
  }
  return undefined;
}

export function uint32At(bytes: Buffer, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}
