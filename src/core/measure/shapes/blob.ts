import type { SpanKind } from '../../model/span.ts';
import type { CallSample } from '../../model/shape.ts';
import { readVarint, writeVarint } from '../varint.ts';
import type { ShapeParts } from './parts.ts';
import type { Varied } from './samples.ts';

const FORMAT = 1;
const KINDS: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const OUTCOMES: readonly CallSample['outcome'][] = ['ok', 'error', 'client-error'];

/** Compact bytes of a shape: format, distinct texts, then varints and 64-bit floats that refer to them by number. */
export function encodeParts(parts: ShapeParts): Uint8Array {
  const body: number[] = [];
  const texts = new Map<string, number>();
  const count = (value: number): void => {
    writeVarint(body, value);
  };
  const text = (value: string): void => {
    const known = texts.get(value) ?? texts.size;
    texts.set(value, known);
    count(known);
  };
  const float = (value: number): void => {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    body.push(...new Uint8Array(view.buffer));
  };
  const list = <T>(items: readonly T[], write: (item: T) => void): void => {
    count(items.length);
    items.forEach(write);
  };
  const sample = (each: Varied): void => {
    const { statusCode, exception, ...rest } = each.sample;
    count(each.group);
    count(each.order);
    text(rest.method);
    text(rest.path);
    text(rest.query);
    text(rest.traceId);
    float(statusCode ?? NaN);
    count(OUTCOMES.indexOf(rest.outcome));
    float(rest.durationMs);
    float(rest.startMs);
    list(exception === undefined ? [] : [exception], ({ type, message, stack }) => {
      text(type);
      text(message);
      list(stack === undefined ? [] : [stack], text);
    });
  };
  count(parts.calls);
  count(parts.failed);
  count(parts.droppedChildren);
  list(parts.children, (child) => {
    text(child.key);
    text(child.name);
    count(KINDS.indexOf(child.kind));
    count(child.total);
    list(child.counts, (pair) => {
      pair.forEach(count);
    });
    count(child.overlapping);
    float(child.durationSumMs);
    count(child.latency.length);
    for (const byte of child.latency) body.push(byte);
  });
  list(parts.follows, (pair) => {
    text(pair.from);
    text(pair.to);
    count(pair.count);
  });
  list(parts.attributes, ({ key, values, other }) => {
    text(key);
    list(values, ({ value, good, failed }) => {
      text(value);
      count(good);
      count(failed);
    });
    count(other.good);
    count(other.failed);
  });
  list(parts.good, sample);
  list(parts.bad, sample);

  const head: number[] = [FORMAT];
  const encoder = new TextEncoder();
  writeVarint(head, texts.size);
  const encoded = [...texts.keys()].map((each) => encoder.encode(each));
  for (const bytes of encoded) writeVarint(head, bytes.length);
  return concatenated([Uint8Array.from(head), ...encoded, Uint8Array.from(body)]);
}

/** Reads what `encodeParts` wrote; undefined where the bytes are none of that. */
export function decodeParts(blob: Uint8Array): ShapeParts | undefined {
  const cursor = { at: 1 };
  try {
    if (blob[0] !== FORMAT) return undefined;
    const parts = read(blob, cursor);
    return cursor.at === blob.length ? parts : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Throws a RangeError at anything that was not written so. */
function read(blob: Uint8Array, cursor: { at: number }): ShapeParts {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const count = (): number => {
    const value = readVarint(blob, cursor);
    if (value === undefined) throw new RangeError('cut');
    return value;
  };
  const bytes = (length: number): Uint8Array => {
    if (cursor.at + length > blob.length) throw new RangeError('cut');
    cursor.at += length;
    return blob.slice(cursor.at - length, cursor.at);
  };
  const float = (): number => {
    const value = view.getFloat64(cursor.at);
    cursor.at += 8;
    return value;
  };
  const list = <T>(readOne: () => T): T[] => {
    const length = count();
    // Each item takes a byte at least.
    if (length > blob.length - cursor.at) throw new RangeError('too long');
    return Array.from({ length }, readOne);
  };
  const among = <T>(items: readonly T[]): T => {
    const item = items[count()];
    if (item === undefined) throw new RangeError('unknown');
    return item;
  };
  const decoder = new TextDecoder();
  const lengths = list(count);
  const texts = lengths.map((length) => decoder.decode(bytes(length)));
  const text = (): string => among(texts);
  const sample = (): Varied => {
    const [group, order] = [count(), count()];
    const [method, path, query, traceId] = [text(), text(), text(), text()];
    const status = float();
    const outcome = among(OUTCOMES);
    const [durationMs, startMs] = [float(), float()];
    const [exception] = list(() => {
      const [type, message] = [text(), text()];
      const [stack] = list(text);
      return { type, message, ...(stack === undefined ? {} : { stack }) };
    });
    const request = { method, path, query, outcome, durationMs, startMs, traceId };
    const statusCode = Number.isNaN(status) ? {} : { statusCode: status };
    return { group, order, sample: { ...request, ...statusCode, ...(exception && { exception }) } };
  };
  const outcomes = (): { good: number; failed: number } => ({ good: count(), failed: count() });
  return {
    calls: count(),
    failed: count(),
    droppedChildren: count(),
    children: list(() => ({
      key: text(),
      name: text(),
      kind: among(KINDS),
      total: count(),
      counts: list(() => [count(), count()] as const),
      overlapping: count(),
      durationSumMs: float(),
      latency: bytes(count()),
    })),
    follows: list(() => ({ from: text(), to: text(), count: count() })),
    attributes: list(() => ({
      key: text(),
      values: list(() => ({ value: text(), ...outcomes() })),
      other: outcomes(),
    })),
    good: list(sample),
    bad: list(sample),
  };
}

function concatenated(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
