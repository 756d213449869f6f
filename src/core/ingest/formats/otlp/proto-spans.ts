import type { Resource, Span, SpanEvent, SpanKind } from '../../../model/span.ts';
import { newAttributes, readKeyValue } from './proto-attributes.ts';
import { eachMessage } from './proto-reader.ts';
import type { ProtoReader } from './proto-reader.ts';
import { readEnum, readLength, readVarint32, uint32At } from './proto-wire.ts';

const kinds: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const statuses = ['unset', 'ok', 'error'] as const;
const noEvents: readonly SpanEvent[] = [];
/** Numbers of a Span's fields up to its status. */
const knownFields = 15;

/** Ids as lower-case hex; the id of the trace is mostly that of the span before. */
export interface Ids {
  readonly trace: (bytes: Buffer, from: number, to: number) => string | undefined;
  readonly span: (bytes: Buffer, from: number, to: number) => string | undefined;
}

export function createIds(): Ids {
  let last = '';
  let lastFrom = -1;
  return {
    trace(bytes, from, to) {
      if (to - from !== 16) {
        // Some bridges emit the lower half of a trace id only.
        const half = idOf(bytes, from, to, 8);
        return half?.padStart(32, '0');
      }
      if (lastFrom >= 0 && same(bytes, lastFrom, from)) return last;
      const id = idOf(bytes, from, to, 16);
      if (id === undefined) return undefined;
      last = id;
      lastFrom = from;
      return id;
    },
    span: (bytes, from, to) => idOf(bytes, from, to, 8),
  };
}

function same(bytes: Buffer, a: number, b: number): boolean {
  for (let index = 0; index < 16; index += 1) if (bytes[a + index] !== bytes[b + index]) return false;
  return true;
}

function idOf(bytes: Buffer, from: number, to: number, length: number): string | undefined {
  if (to - from !== length) return undefined;
  for (let at = from; at < to; at += 1) if (bytes[at] !== 0) return bytes.toString('hex', from, to);
  return undefined;
}

/** Seconds and nanoseconds of a fixed64, exact. */
interface Time {
  seconds: number;
  nanos: number;
}

function readTime(bytes: Buffer, at: number, into: Time): void {
  const low = uint32At(bytes, at);
  let seconds = Math.floor((uint32At(bytes, at + 4) * 0x1_0000_0000 + low) / 1e9);
  // The rest is below 2^32, so arithmetic modulo 2^32 gives it exactly; the float before is wrong by one at most.
  let nanos = (low - Math.imul(seconds | 0, 1e9)) >>> 0;
  if (nanos >= 0x8000_0000) {
    seconds -= 1;
    nanos = (nanos + 1e9) >>> 0;
  } else if (nanos >= 1e9) {
    seconds += 1;
    nanos -= 1e9;
  }
  into.seconds = seconds;
  into.nanos = nanos;
}

const msOf = ({ seconds, nanos }: Time): number => seconds * 1000 + nanos / 1e6;

/** One span up to `to`; undefined where it is torn or has no id or no possible time. `latestMs`: since the epoch. */
export function readSpan(
  reader: ProtoReader,
  to: number,
  scope: { readonly name: string; readonly resource: Resource },
  latestMs: number,
  ids: Ids,
): Span | undefined {
  const { wire, complain } = reader;
  const { bytes } = wire;
  let traceId: string | undefined;
  let spanId: string | undefined;
  let parentSpanId: string | undefined;
  let name = '';
  let kind = 0;
  const start: Time = { seconds: 0, nanos: 0 };
  const end: Time = { seconds: 0, nanos: 0 };
  let ended = false;
  const attributes = newAttributes();
  let events: { name: string; timeMs: number; attributes: SpanEvent['attributes'] }[] | undefined;
  let code = 0;
  let message = '';

  while (wire.pos < to) {
    const tag = readVarint32(wire, to);
    switch (tag) {
      case 0x39:
      case 0x41: {
        if (wire.pos + 8 > to) return torn(reader, to);
        readTime(bytes, wire.pos, tag === 0x39 ? start : end);
        ended ||= tag === 0x41;
        wire.pos += 8;
        continue;
      }
      case 0x30:
        kind = readEnum(wire, to);
        if (Number.isNaN(kind)) return torn(reader, to);
        continue;
      case 0x0a:
      case 0x12:
      case 0x22:
      case 0x2a:
      case 0x4a:
      case 0x5a:
      case 0x7a:
        break;
      default:
        if (!reader.skip(tag, to, isRead(tag >>> 3) ? knownFields : 0, 'a span')) return undefined;
        continue;
    }
    const last = readLength(wire, to);
    if (last < 0) return torn(reader, to);
    switch (tag) {
      case 0x0a:
        traceId = ids.trace(bytes, wire.pos, last);
        break;
      case 0x12:
        spanId = ids.span(bytes, wire.pos, last);
        break;
      case 0x22:
        parentSpanId = ids.span(bytes, wire.pos, last);
        break;
      case 0x2a:
        name = reader.key(last);
        break;
      case 0x4a:
        readKeyValue(reader, last, attributes);
        break;
      case 0x5a: {
        const event = readEvent(reader, last);
        if (event) (events ??= []).push(event);
        break;
      }
      default: {
        const status = readStatus(reader, last);
        code = status.code;
        message = status.message;
      }
    }
    wire.pos = last;
  }

  if (traceId === undefined || spanId === undefined) {
    complain('bad-id', 'A span has no valid trace id and span id: skipped.');
    return undefined;
  }
  const startMs = msOf(start);
  if (startMs === 0) {
    complain('bad-time', 'A span has no valid start and end time: skipped.');
    return undefined;
  }
  if (Math.max(startMs, ended ? msOf(end) : startMs) > latestMs) {
    complain('future-time', 'A span is dated more than one hour in the future: skipped.');
    return undefined;
  }
  const durationMs = ended ? ((end.seconds - start.seconds) * 1e9 + (end.nanos - start.nanos)) / 1e6 : 0;
  if (durationMs < 0) complain('negative-duration', 'A span ends before it starts: counted as 0 ms.');
  for (const event of events ?? []) if (event.timeMs < 0) event.timeMs = startMs;
  const span: { -readonly [K in keyof Span]: Span[K] } = {
    traceId,
    spanId,
    name,
    kind: kinds[kind] ?? 'unspecified',
    startMs,
    durationMs: Math.max(0, durationMs),
    status: statuses[code] ?? 'unset',
    attributes,
    events: events ?? noEvents,
    scope: scope.name,
    resource: scope.resource,
  };
  if (parentSpanId !== undefined) span.parentSpanId = parentSpanId;
  if (message !== '') span.statusMessage = message;
  return span;
}

const readFields: ReadonlySet<number> = new Set([1, 2, 4, 5, 6, 7, 8, 9, 11, 15]);
const isRead = (field: number): boolean => readFields.has(field);

function torn(reader: ProtoReader, to: number): undefined {
  reader.torn(to, 'a span');
  return undefined;
}

/** The time is -1 where the event states none. */
function readEvent(
  reader: ProtoReader,
  to: number,
): { name: string; timeMs: number; attributes: SpanEvent['attributes'] } | undefined {
  const { wire } = reader;
  const time: Time = { seconds: 0, nanos: 0 };
  let timeMs = -1;
  let name = '';
  const attributes = newAttributes();
  while (wire.pos < to) {
    const tag = readVarint32(wire, to);
    if (tag === 0x09 && wire.pos + 8 <= to) {
      readTime(wire.bytes, wire.pos, time);
      timeMs = msOf(time);
      wire.pos += 8;
    } else if (tag === 0x12 || tag === 0x1a) {
      const last = readLength(wire, to);
      if (last < 0) {
        reader.torn(to, 'an event of a span');
        return undefined;
      }
      if (tag === 0x12) name = reader.key(last);
      else readKeyValue(reader, last, attributes);
      wire.pos = last;
    } else if (!reader.skip(tag, to, 3, 'an event of a span')) return undefined;
  }
  return { name, timeMs, attributes };
}

function readStatus(reader: ProtoReader, to: number): { readonly code: number; readonly message: string } {
  const { wire } = reader;
  let code = 0;
  let message = '';
  while (wire.pos < to) {
    const tag = readVarint32(wire, to);
    if (tag === 0x18) {
      code = readEnum(wire, to);
      if (Number.isNaN(code)) {
        reader.torn(to, 'the status of a span');
        break;
      }
    } else if (tag === 0x12) {
      const last = readLength(wire, to);
      if (last < 0) {
        reader.torn(to, 'the status of a span');
        break;
      }
      message = reader.value(last);
    } else if (!reader.skip(tag, to, tag >>> 3 === 1 ? 0 : 3, 'the status of a span')) break;
  }
  return { code, message };
}

/** The name of an InstrumentationScope up to `to`. */
export function readScopeName(reader: ProtoReader, to: number): string {
  let name = '';
  eachMessage(reader, to, [1], 'a scope', (end) => {
    name = reader.key(end);
  });
  return name;
}
