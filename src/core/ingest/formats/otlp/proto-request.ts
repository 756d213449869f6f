import type { Resource } from '../../../model/span.ts';
import { newAttributes, readKeyValue } from './proto-attributes.ts';
import { eachMessage } from './proto-reader.ts';
import type { ProtoReader } from './proto-reader.ts';
import { readScopeName } from './proto-spans.ts';
import { fixed64Type, lengthType, readLength, readVarint32, skipField, varintType } from './proto-wire.ts';
import { resourceOf } from './resource.ts';

/** What an export request carries. */
export type Signal = 'spans' | 'logs' | 'metrics';

/** What the elements of one scope share. */
export interface ScopeOf {
  readonly name: string;
  readonly resource: Resource;
}

/** Takes the elements of a request (spans, log records); the position is at their start. */
export interface RequestVisitor {
  readonly element: (signal: Signal, to: number, scope: ScopeOf) => void;
}

/** Field of the scopes before OTLP 0.19. */
const olderScopes = 1000;
const scopesOf = [2, olderScopes];

/** Walks ExportTraceServiceRequest, ExportLogsServiceRequest and ExportMetricsServiceRequest, which differ in their elements alone. */
export function readRequest(reader: ProtoReader, visitor: RequestVisitor): void {
  const { wire } = reader;
  const end = wire.bytes.length;
  let signal: Signal | undefined;

  const readScope = (to: number, resource: Resource): void => {
    let name = '';
    const elements: [from: number, to: number][] = [];
    eachMessage(reader, to, [1, 2], 'a request', (last, field) => {
      if (field === 1) name = readScopeName(reader, last);
      else elements.push([wire.pos, last]);
    });
    const scope = { name, resource };
    for (const [from, last] of elements) {
      signal ??= signalOf(reader, from, last);
      wire.pos = from;
      visitor.element(signal ?? 'spans', last, scope);
    }
    wire.pos = to;
  };

  eachMessage(reader, end, [1], 'a request', (to) => {
    const attributes = newAttributes();
    const scopes: [from: number, to: number][] = [];
    // The resource may stand behind what it describes.
    eachMessage(reader, to, [1, ...scopesOf], 'a request', (last, field) => {
      if (field !== 1) scopes.push([wire.pos, last]);
      else eachMessage(reader, last, [1], 'a resource', (one) => readKeyValue(reader, one, attributes));
    });
    const resource = resourceOf(attributes);
    for (const [from, last] of scopes) {
      wire.pos = from;
      readScope(last, resource);
    }
  });
}

/** Told from the types of an element's fields; undefined where they tell nothing. */
function signalOf({ wire }: ProtoReader, from: number, to: number): Signal | undefined {
  const probe = { bytes: wire.bytes, pos: from };
  let likely: Signal | undefined;
  while (probe.pos < to) {
    const tag = readVarint32(probe, to);
    const type = tag & 7;
    const field = tag >>> 3;
    if (tag < 8) return likely;
    if ((field === 1 || field === 11) && type === fixed64Type) return 'logs';
    if (field === 2 && type === varintType) return 'logs';
    if ((field === 7 || field === 8) && type === fixed64Type) return 'spans';
    if (field === 6) return type === varintType ? 'spans' : 'logs';
    if (field === 7 && type === lengthType) return 'metrics';
    if (field === 1 && type === lengthType) {
      const at = probe.pos;
      const last = readLength(probe, to);
      if (last - probe.pos !== 16) likely = 'metrics';
      probe.pos = at;
    }
    if (!skipField(probe, tag, to)) return likely;
  }
  return likely;
}

/**
 * True where the bytes begin like an export request, as far as they go: a field 1 that holds a resource with a named
 * attribute, or scopes. Every length must fit into what it is part of.
 */
export function beginsRequest(bytes: Buffer): boolean {
  const wire = { bytes, pos: 0 };
  let end = Infinity;
  /** Goes into the field at the position; undefined where the bytes end, false where it is another field. */
  const enter = (tags: readonly number[]): boolean | undefined => {
    if (wire.pos >= bytes.length) return undefined;
    const tag = readVarint32(wire, bytes.length);
    if (!tags.includes(tag)) return tag < 0 && wire.pos + 2 >= bytes.length ? undefined : false;
    const length = readVarint32(wire, bytes.length);
    if (length < 0) return bytes.length - wire.pos < 5 ? undefined : false;
    if (wire.pos + length > end) return false;
    end = wire.pos + length;
    return true;
  };
  if (bytes.length < 4 || enter([0x0a]) !== true || end <= wire.pos) return false;
  const entry = end;
  const first = bytes[wire.pos];
  if (first === 0x0a) {
    const resource = enter([0x0a]);
    if (resource !== true) return resource === undefined;
    if (end > wire.pos) return beginsKeyValue(enter, wire, () => end);
    end = entry;
    if (wire.pos >= entry) return true;
  }
  const scopes = enter([0x12, 0x1a, olderScopes * 8 + 2]);
  if (scopes !== true) return scopes === undefined;
  if (end === wire.pos) return true;
  return enter([0x0a, 0x12]) !== false;
}

function beginsKeyValue(
  enter: (tags: readonly number[]) => boolean | undefined,
  wire: { readonly bytes: Buffer; pos: number },
  endOf: () => number,
): boolean {
  const pair = enter([0x0a, 0x10]);
  if (pair !== true) return pair === undefined;
  const key = enter([0x0a]);
  if (key !== true) return key === undefined;
  const name = wire.bytes.subarray(wire.pos, Math.min(endOf(), wire.bytes.length));
  return name.every((byte) => byte >= 0x20 && byte !== 0x7f);
}

/**
 * Where the entry of a request that begins at `at` ends, which may be behind the bytes at hand; undefined where none
 * begins there or too few bytes are there to tell.
 */
export function requestEnd(bytes: Buffer, at: number): number | undefined {
  const wire = { bytes, pos: at };
  if (readVarint32(wire, bytes.length) !== 0x0a) return undefined;
  const length = readVarint32(wire, bytes.length);
  return length < 0 ? undefined : wire.pos + length;
}
