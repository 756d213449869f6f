import { sharedAttributes, varyingAttributes } from '../../../../model/attribute-keys.ts';
import type {
  Attributes,
  AttributeValue,
  Resource,
  Span,
  SpanEvent,
  SpanFamily,
} from '../../../../model/span.ts';
import { decodeAttributes } from '../attributes.ts';
import { decodeResourceSpans } from '../spans.ts';
import { quoteTimes } from '../time.ts';
import { loadModule } from './module.ts';
import type { ScanModule } from './module.ts';
import { ScannedSpan } from './scanned-span.ts';

/** Reads export requests without looking at what nobody asks for. */
export interface Scanner {
  /**
   * The spans of a request with those attributes alone that are read anywhere; undefined where the plain decoder has to
   * look, as anything is bad or unusual, or a span ends after `latestMs`.
   */
  readonly scan: (record: Buffer, latestMs: number) => readonly Span[] | undefined;
}

interface Family {
  readonly family: SpanFamily;
  readonly sample: Span;
}

/** One scope of one resource. */
interface Origin {
  /** JSON of both. */
  readonly resourceJson: string;
  readonly scopeJson: string;
  resource: Resource | undefined;
  /** By the scanner's number. */
  readonly families: (Family | undefined)[];
}

/** In the order of their ids, from 1; `assembly/layout.ts` names the same. */
const structure: readonly string[] = [
  ...['resourceSpans', 'resourceLogs', 'resourceMetrics', 'resource', 'scopeSpans'],
  ...['instrumentationLibrarySpans', 'scope', 'instrumentationLibrary', 'spans', 'traceId', 'spanId'],
  ...['parentSpanId', 'name', 'kind', 'startTimeUnixNano', 'endTimeUnixNano', 'attributes', 'events'],
  ...['status', 'code', 'message', 'key', 'value'],
];
const firstAttribute = 32;
const firstVarying = firstAttribute + sharedAttributes.length;
const rowWords = 24;
const familiesFull = -2;
/** Larger requests are decoded plainly: what they take is never given back. */
const maxLength = 16 * 1024 * 1024;
const maxOrigins = 1000;
const noEvents: readonly SpanEvent[] = [];
const stringStart = '{"stringValue":"'.length;

/** Undefined where the host cannot run it. */
export function createScanner(): Scanner | undefined {
  const module = loadModule();
  if (module === undefined) return undefined;
  const { memory } = module;
  const input = module.inputAt();
  const origins = new Map<string, Origin>();
  let bytes = Buffer.from(memory.buffer);
  let words = new Uint32Array(memory.buffer);
  let floats = new Float64Array(memory.buffer);

  const ensure = (size: number): void => {
    const missing = size - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65_536));
    if (words.buffer === memory.buffer) return;
    bytes = Buffer.from(memory.buffer);
    words = new Uint32Array(memory.buffer);
    floats = new Float64Array(memory.buffer);
  };
  const text = (from: number, to: number): string => bytes.toString('latin1', from, to);
  const forget = (): void => {
    module.reset();
    origins.clear();
  };

  ensure(module.needs(1024 * 1024));
  enterKeys(module, (key) => bytes.write(key, input, 'latin1'));

  const originOf = (scope: number): Origin => {
    const at = (module.scopesAt() >> 2) + scope * 4;
    const group = (module.groupsAt() >> 2) + (words[at + 2] ?? 0) * 2;
    const json = (word: number): string => {
      const from = words[word] ?? 0;
      return from === 0 ? '{}' : bytes.toString('utf8', from, from + (words[word + 1] ?? 0));
    };
    const resourceJson = json(group);
    const scopeJson = json(at);
    const key = `${resourceJson}\n${scopeJson}`;
    let origin = origins.get(key);
    if (origin === undefined) {
      const twin = [...origins.values()].find((other) => other.resourceJson === resourceJson);
      origin = { resourceJson, scopeJson, resource: twin?.resource, families: [] };
      origins.set(key, origin);
    }
    return origin;
  };

  /** The span of a row as the plain decoder gives it; undefined where it has something to say. */
  const whole = (row: number, origin: Origin): Span | undefined => {
    const from = words[row + 10] ?? 0;
    const json = bytes.toString('utf8', from, from + (words[row + 11] ?? 0));
    const { resourceJson, scopeJson } = origin;
    const spans: Span[] = [];
    let fine = true;
    const entry: unknown = JSON.parse(
      quoteTimes(`{"resource":${resourceJson},"scopeSpans":[{"scope":${scopeJson},"spans":[${json}]}]}`),
    );
    decodeResourceSpans(entry, undefined, () => (fine = false), spans);
    const [span] = spans;
    if (!fine || span === undefined) return undefined;
    origin.resource ??= span.resource;
    return { ...span, resource: origin.resource };
  };

  const familyOf = (row: number, origin: Origin): Family | undefined => {
    const number = words[row + 7] ?? 0;
    const known = origin.families[number];
    if (known !== undefined) return known;
    const sample = whole(row, origin);
    if (sample === undefined) return undefined;
    const found = { family: { attributes: sharedOf(sample.attributes) }, sample };
    origin.families[number] = found;
    return found;
  };

  const varyingOf = (from: number, to: number): readonly AttributeValue[] | undefined => {
    if (from === to) return undefined;
    const values: AttributeValue[] = [];
    for (let at = (module.varsAt() >> 2) + from * 4, end = at + (to - from) * 4; at < end; at += 4) {
      const start = words[at + 1] ?? 0;
      const stop = start + (words[at + 2] ?? 0);
      const value = plainText(text(start, stop)) ?? valueOf(bytes.toString('utf8', start, stop));
      if (value !== undefined) values.push(varyingAttributes[(words[at] ?? 0) - firstVarying] ?? '', value);
    }
    return values;
  };

  const spansOf = (count: number): readonly Span[] | undefined => {
    const spans: Span[] = [];
    let origin: Origin | undefined;
    let scope = -1;
    let traceId = '';
    for (let row = module.rowsAt() >> 2, end = row + count * rowWords; row < end; row += rowWords) {
      if (words[row + 8] !== scope || origin === undefined) {
        scope = words[row + 8] ?? 0;
        origin = originOf(scope);
      }
      const found = familyOf(row, origin);
      if (found === undefined) return undefined;
      const [trace = 0, id = 0, parent = 0] = [words[row + 4], words[row + 5], words[row + 6]];
      if (words[row + 18] === 0) traceId = text(trace, trace + 32);
      const detailed = words[row + 12] !== 0 || words[row + 14] !== 0;
      const full = detailed ? whole(row, origin) : undefined;
      if (detailed && full === undefined) return undefined;
      spans.push(
        new ScannedSpan(found.family, found.sample, {
          traceId,
          spanId: text(id, id + 16),
          parentSpanId: parent === 0 ? undefined : text(parent, parent + 16),
          startMs: floats[row >> 1] ?? 0,
          durationMs: floats[(row >> 1) + 1] ?? 0,
          statusMessage: full?.statusMessage,
          varying: varyingOf(words[row + 16] ?? 0, words[row + 17] ?? 0),
          events: full?.events ?? noEvents,
        }),
      );
    }
    return spans;
  };

  return {
    scan(record, latestMs) {
      if (record.length > maxLength) return undefined;
      if (origins.size > maxOrigins) forget();
      ensure(module.needs(record.length));
      bytes.set(record, input);
      let count = module.scan(record.length);
      if (count === familiesFull) {
        forget();
        count = module.scan(record.length);
      }
      return count < 0 || module.latestEndMs() > latestMs ? undefined : spansOf(count);
    },
  };
}

function enterKeys(module: ScanModule, put: (key: string) => void): void {
  const enter = (keys: readonly string[], first: number): void => {
    keys.forEach((key, index) => {
      put(key);
      module.addKey(key.length, first + index);
    });
  };
  enter(structure, 1);
  enter(sharedAttributes, firstAttribute);
  module.setFirstVarying(firstVarying);
  enter(varyingAttributes, firstVarying);
}

function sharedOf(attributes: Attributes): Attributes {
  const shared = Object.create(null) as Record<string, AttributeValue>;
  for (const key of sharedAttributes) {
    const value = attributes[key];
    if (value !== undefined) shared[key] = value;
  }
  return shared;
}

/** Text of `{"stringValue":"..."}` that needs no decoding. */
function plainText(json: string): string | undefined {
  if (!json.startsWith('{"stringValue":"') || !json.endsWith('"}')) return undefined;
  const value = json.slice(stringStart, -2);
  return /[\\"\u0080-\u00ff]/u.test(value) ? undefined : value;
}

function valueOf(json: string): AttributeValue | undefined {
  return decodeAttributes([{ key: 'value', value: JSON.parse(json) as unknown }], () => {})['value'];
}
