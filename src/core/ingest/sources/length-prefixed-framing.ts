import { requestEnd } from '../formats/otlp/proto-request.ts';
import { isZstd } from './content.ts';
import { beginsRecord } from './decode-frame.ts';
import type { Frame, Framer, FramerOptions } from './framing.ts';

/**
 * How records stand in a content: as `text` (see `createFramer`), as messages that each follow their length as u32
 * big-endian (the Collector's file exporter), or as a protobuf request, whose fields are requests in themselves.
 */
export type Framing = 'text' | 'length-prefixed' | 'protobuf';

const prefixBytes = 4;
/** Larger lengths begin with a byte that text may begin with. */
const largestPrefix = 0x08ffffff;
const openBrace = 0x7b;
const requestTag = 0x0a;
const nothing = Buffer.alloc(0);
/** A tag of one byte and a length. */
const longestTag = 6;
/** Enough of a message to tell its format. */
const tellingBytes = 4096;
/** Places at which a damaged stretch is tried again. */
const maxAttempts = 1000;

/** Told from the first bytes of a content. */
export function framingOf(head: Buffer): Framing {
  const length = head.length > 2 * prefixBytes ? head.readUInt32BE(0) : 0;
  if (length > 1 && length <= largestPrefix && beginsMessage(head, 0)) return 'length-prefixed';
  // A line break is the same byte: text may begin with blank lines.
  const isText = /^[\s,[]*\{/.test(head.subarray(0, 64).toString('latin1'));
  return !isText && requestEnd(head, 0) !== undefined && head[0] === requestTag && beginsRecord(head)
    ? 'protobuf'
    : 'text';
}

/** Where a format can be told: behind the length of the first message. */
export function startOfContent({
  framing,
  head,
}: {
  readonly framing: Framing;
  readonly head: Buffer;
}): Buffer {
  return framing === 'length-prefixed' ? head.subarray(prefixBytes) : head;
}

/** True where a length stands at `at` and behind it a record begins, as far as there are bytes. */
function beginsMessage(bytes: Buffer, at: number): boolean {
  const from = at + prefixBytes;
  const first = bytes[from];
  // Cheap, for being asked at every byte of a damaged stretch.
  if (first !== requestTag && first !== openBrace && first !== 0x28) return false;
  const length = bytes.readUInt32BE(at);
  return length > 1 && length <= largestPrefix && beginsRecord(bytes.subarray(from, from + length));
}

/** True for a message that ends where it says it does. */
function isWhole(message: Buffer): boolean {
  if (isZstd(message)) return true;
  if (message[0] === openBrace) return message.subarray(-16).toString('latin1').trimEnd().endsWith('}');
  if (message[0] !== requestTag) return false;
  let at = 0;
  while (at < message.length) {
    const end = requestEnd(message, at);
    if (end === undefined || end > message.length) return false;
    at = end;
  }
  return true;
}

interface MessageFramerOptions extends FramerOptions {
  readonly framing: Exclude<Framing, 'text'>;
}

/** Where a message stands in the bytes at hand: `from` is where its own bytes begin. */
interface Bounds {
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts a content into messages; a frame's `line` is the number of its message, its offset that of the bytes behind the
 * length. A message that turns out to be none, as after a crash within its writing, is searched for the next one.
 */
export function createMessageFramer(options: MessageFramerOptions): Framer {
  const { maxRecordBytes } = options;
  const prefixed = options.framing === 'length-prefixed';
  let base = options.offset;
  let count = options.line;
  let pieces: Buffer[] = [];
  let held = 0;
  let needed = 0;
  /** Bytes of an oversize message yet to come. */
  let skipping = 0;
  let oversize: Frame | undefined;

  const frameOf = (bytes: Buffer, { from, to }: Bounds, start: number, closed: boolean): Frame => {
    count += 1;
    const place = { offset: start + from, length: to - from, line: count, endLine: count, closed };
    return { kind: 'record', ...place, bytes: bytes.subarray(from, to) };
  };

  const boundsAt = (bytes: Buffer, at: number): Bounds | undefined => {
    if (!prefixed) {
      const to = requestEnd(bytes, at);
      return to === undefined ? undefined : { from: at, to };
    }
    if (bytes.length - at < prefixBytes) return undefined;
    return { from: at + prefixBytes, to: at + prefixBytes + bytes.readUInt32BE(at) };
  };

  /** Where within a message that is none the next one begins. */
  const nextMessage = (bytes: Buffer, from: number, limit: number): number | undefined => {
    let attempts = 0;
    for (let at = from; at + prefixBytes < limit && attempts < maxAttempts; at += 1) {
      if (!beginsMessage(bytes, at)) continue;
      attempts += 1;
      const to = at + prefixBytes + bytes.readUInt32BE(at);
      if (to > bytes.length || isWhole(bytes.subarray(at + prefixBytes, to))) return at;
    }
    return undefined;
  };

  const passOver = ({ from, to }: Bounds, bytes: Buffer, start: number): Frame => {
    count += 1;
    skipping = Math.max(0, to - bytes.length);
    const place = { offset: start + from, length: to - from, line: count, endLine: count };
    return { kind: 'oversize', closed: true, bytes: nothing, ...place };
  };

  /** Frames of the bytes from `start` of the content on; returns how many bytes they took. */
  const cut = (bytes: Buffer, start: number, last: boolean, into: Frame[]): number => {
    let at = 0;
    needed = 0;
    while (at < bytes.length) {
      const bounds = boundsAt(bytes, at);
      if (bounds === undefined) {
        if (prefixed || last || bytes.length - at < longestTag) break;
        into.push(frameOf(bytes, { from: at, to: bytes.length }, start, false));
        return bytes.length;
      }
      const { from, to } = bounds;
      const complete = to <= bytes.length;
      const telling = Math.min(to, from + tellingBytes);
      if (!last && telling > bytes.length) {
        needed = telling - at;
        break;
      }
      const plausible = !prefixed || beginsMessage(bytes, at);
      if (plausible && to - from > maxRecordBytes) {
        oversize = passOver(bounds, bytes, start);
        if (skipping > 0) return bytes.length;
        into.push(oversize);
        oversize = undefined;
        at = to;
        continue;
      }
      // What was cut off seems complete when the bytes behind it are taken for its own: then none begins where it ends.
      const follows = bytes.length - to <= prefixBytes || beginsMessage(bytes, to);
      const whole = to === from || (follows && isWhole(bytes.subarray(from, to)));
      const damaged = complete ? prefixed && !whole : last || !plausible;
      const next = damaged && prefixed ? nextMessage(bytes, at + 1, Math.min(to, bytes.length)) : undefined;
      if (next !== undefined) {
        into.push(frameOf(bytes, { from: Math.min(from, next), to: next }, start, false));
        at = next;
      } else if (complete) {
        if (to > from) into.push(frameOf(bytes, bounds, start, true));
        at = to;
      } else if (!plausible && !last) {
        // Neither a message nor one in sight: kept are only the bytes in which the next one may have begun.
        const rest = Math.max(at + 1, bytes.length - tellingBytes);
        into.push(frameOf(bytes, { from: at, to: rest }, start, false));
        at = rest;
        needed = bytes.length - rest + 1;
        break;
      } else {
        needed = to - at;
        break;
      }
    }
    return at;
  };

  const take = (bytes: Buffer, last: boolean): readonly Frame[] => {
    const frames: Frame[] = [];
    const start = base - bytes.length;
    const used = cut(bytes, start, last, frames);
    const rest = bytes.subarray(used);
    if (last && rest.length > 0) {
      const from = prefixed ? Math.min(prefixBytes, rest.length) : 0;
      frames.push(frameOf(rest, { from, to: rest.length }, start + used, false));
    }
    pieces = rest.length > 0 && !last ? [Buffer.from(rest)] : [];
    held = rest.length;
    return frames;
  };

  return {
    push(chunk) {
      base += chunk.length;
      let bytes = chunk;
      const frames: Frame[] = [];
      if (skipping > 0) {
        const passed = Math.min(skipping, chunk.length);
        skipping -= passed;
        bytes = chunk.subarray(passed);
        if (skipping === 0 && oversize) {
          frames.push(oversize);
          oversize = undefined;
        }
      }
      if (bytes.length === 0) return frames;
      held += bytes.length;
      if (pieces.length > 0 && held < needed) {
        pieces.push(Buffer.from(bytes));
        return frames;
      }
      return [...frames, ...take(pieces.length === 0 ? bytes : Buffer.concat([...pieces, bytes]), false)];
    },
    settle: () => [],
    end() {
      const frames: Frame[] = oversize
        ? [{ ...oversize, length: base - oversize.offset, closed: false }]
        : [];
      if (oversize) pieces = [];
      oversize = undefined;
      return [...frames, ...take(Buffer.concat(pieces), true)];
    },
    get offset() {
      return base;
    },
  };
}
