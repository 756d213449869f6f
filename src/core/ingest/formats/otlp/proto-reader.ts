import type { Complain } from './raw.ts';
import { createTexts } from './proto-text.ts';
import type { Texts } from './proto-text.ts';
import { lengthType, readLength, readVarint32, skipField } from './proto-wire.ts';
import type { Wire } from './proto-wire.ts';

/** Texts that were met before, kept from record to record. */
export interface ProtoMemory {
  readonly keys: Texts;
  readonly values: Texts;
}

export function createProtoMemory(): ProtoMemory {
  return { keys: createTexts(), values: createTexts() };
}

/** One protobuf message being read: its position, its texts, and what is wrong with it. */
export interface ProtoReader {
  readonly wire: Wire;
  readonly complain: Complain;
  /** The text from the position to `to`, which is the position afterwards. */
  readonly key: (to: number) => string;
  readonly value: (to: number) => string;
  /** Tells that `what` ends early, and goes on at `to`. */
  readonly torn: (to: number, what: string) => void;
  /** Passes over a field; one of the `known` first numbers stands there with a wrong wire type. False where `what` is torn. */
  readonly skip: (tag: number, to: number, known: number, what: string) => boolean;
}

export function createProtoReader(bytes: Buffer, complain: Complain, memory: ProtoMemory): ProtoReader {
  const wire: Wire = { bytes, pos: 0 };
  const onMended = (): void =>
    complain('invalid-utf8', `A text at byte ${wire.pos} is not UTF-8: mended with U+FFFD.`);
  const torn = (to: number, what: string): void => {
    complain(
      'torn-record',
      `At byte ${wire.pos} ${what} is cut off or damaged: what cannot be read was skipped.`,
    );
    wire.pos = to;
  };
  return {
    wire,
    complain,
    torn,
    key(to) {
      const text = memory.keys.text(bytes, wire.pos, to, onMended);
      wire.pos = to;
      return text;
    },
    value(to) {
      const text = memory.values.text(bytes, wire.pos, to, onMended);
      wire.pos = to;
      return text;
    },
    skip(tag, to, known, what) {
      const field = tag >>> 3;
      const at = wire.pos;
      if (tag < 8 || !skipField(wire, tag, to)) {
        torn(to, what);
        return false;
      }
      if (field <= known) {
        complain('bad-shape', `A field of ${what} at byte ${at} has a type that it cannot have: ignored.`);
      }
      return true;
    },
  };
}

/**
 * Calls `take` for every message among the fields `numbers` of the message up to `end`, with its number and its end; one
 * whose length lies is given as far as there are bytes, so that what is whole in it survives.
 */
export function eachMessage(
  reader: ProtoReader,
  end: number,
  numbers: readonly number[],
  what: string,
  take: (to: number, field: number) => void,
): void {
  const { wire } = reader;
  while (wire.pos < end) {
    const tag = readVarint32(wire, end);
    const field = tag >>> 3;
    if (tag < 0 || (tag & 7) !== lengthType || !numbers.includes(field)) {
      if (!reader.skip(tag, end, 0, what)) return;
      continue;
    }
    const before = wire.pos;
    const to = readLength(wire, end);
    if (to >= 0) {
      take(to, field);
      wire.pos = to;
      continue;
    }
    const from = wire.pos;
    reader.torn(end, what);
    if (from === before) return;
    wire.pos = from;
    take(end, field);
    wire.pos = end;
  }
}
