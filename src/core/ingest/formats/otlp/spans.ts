import type { Attributes, AttributeValue, Resource, Span, SpanEvent, SpanKind } from '../../../model/span.ts';
import { decodeAttributes } from './attributes.ts';
import { parseId } from './ids.ts';
import { isObject, listOf } from './raw.ts';
import type { Complain, RawEvent, RawResourceSpans, RawScopeSpans, RawSpan } from './raw.ts';
import { elapsedMs, parseNanos, toMs } from './time.ts';

const hourMs = 3_600_000;
/** The last moment that a Date can hold. */
const lastMs = 8.64e15;
const kinds: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const statuses = ['unset', 'ok', 'error'] as const;

/** The last moment at which a span may end, an hour after `nowMs`, in milliseconds since the epoch. */
export function latestMs(nowMs: number | undefined): number {
  return nowMs === undefined ? lastMs : nowMs + hourMs;
}

/** Adds the spans of one `resourceSpans` entry to `into`. */
export function decodeResourceSpans(
  raw: unknown,
  nowMs: number | undefined,
  complain: Complain,
  into: Span[],
): void {
  if (!isObject(raw)) {
    complain('bad-shape', 'An entry of "resourceSpans" is not an object: skipped.');
    return;
  }
  const entry = raw as RawResourceSpans;
  const resource = decodeResource(entry.resource, complain);
  const latest = latestMs(nowMs);
  const groups = entry.scopeSpans ?? entry.instrumentationLibrarySpans;
  for (const group of listOf(groups, 'scopeSpans', complain)) {
    if (!isObject(group)) {
      complain('bad-shape', 'An entry of "scopeSpans" is not an object: skipped.');
      continue;
    }
    const { scope: current, instrumentationLibrary, spans } = group as RawScopeSpans;
    const scope = nameOf(current ?? instrumentationLibrary);
    for (const span of listOf(spans, 'spans', complain)) {
      const decoded = decodeSpan(span, scope, resource, latest, complain);
      if (decoded) into.push(decoded);
    }
  }
}

function decodeResource(raw: unknown, complain: Complain): Resource {
  const attributes = decodeAttributes(
    isObject(raw) ? (raw as { readonly attributes?: unknown }).attributes : undefined,
    complain,
  );
  const first = (...keys: readonly string[]): string | undefined =>
    keys.map((key) => text(attributes[key])).find((value) => value !== undefined);
  return {
    service: first('service.name') ?? 'unknown_service',
    environment: first('deployment.environment.name', 'deployment.environment') ?? '',
    release:
      first('service.version', 'vcs.ref.head.revision', 'vcs.repository.ref.revision') ?? 'unversioned',
    attributes,
  };
}

function text(value: AttributeValue | undefined): string | undefined {
  return value === undefined || value === '' || Array.isArray(value) ? undefined : String(value);
}

function decodeSpan(
  raw: unknown,
  scope: string,
  resource: Resource,
  latest: number,
  complain: Complain,
): Span | undefined {
  if (!isObject(raw)) {
    complain('bad-shape', 'A span is not an object: skipped.');
    return undefined;
  }
  const span = raw as RawSpan;
  const traceId = parseId(span.traceId, 16);
  const spanId = parseId(span.spanId, 8);
  if (traceId === undefined || spanId === undefined) {
    complain('bad-id', 'A span has no valid trace id and span id: skipped.');
    return undefined;
  }
  const start = parseNanos(span.startTimeUnixNano);
  const end = span.endTimeUnixNano === undefined ? start : parseNanos(span.endTimeUnixNano);
  if (!start || !end || toMs(start) === 0) {
    complain('bad-time', 'A span has no valid start and end time: skipped.');
    return undefined;
  }
  if (Math.max(toMs(start), toMs(end)) > latest) {
    complain('future-time', 'A span is dated more than one hour in the future: skipped.');
    return undefined;
  }
  const durationMs = elapsedMs(start, end);
  if (durationMs < 0) complain('negative-duration', 'A span ends before it starts: counted as 0 ms.');
  const parentSpanId = parseId(span.parentSpanId, 8);
  const status = decodeStatus(span.status);
  const startMs = toMs(start);
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: typeof span.name === 'string' ? span.name : '',
    kind: kinds[enumValue(span.kind, 'SPAN_KIND_', kinds)] ?? 'unspecified',
    startMs,
    durationMs: Math.max(0, durationMs),
    ...status,
    attributes: decodeAttributes(span.attributes, complain),
    events: decodeEvents(span.events, startMs, complain),
    scope,
    resource,
  };
}

const noEvents: readonly SpanEvent[] = [];

function decodeEvents(raw: unknown, startMs: number, complain: Complain): readonly SpanEvent[] {
  const list = listOf(raw, 'events', complain);
  if (list.length === 0) return noEvents;
  return list.filter(isObject).map((item) => {
    const event: RawEvent = item;
    const time = parseNanos(event.timeUnixNano);
    const attributes: Attributes = decodeAttributes(event.attributes, complain);
    return {
      name: typeof event.name === 'string' ? event.name : '',
      timeMs: time ? toMs(time) : startMs,
      attributes,
    };
  });
}

function decodeStatus(raw: unknown): Pick<Span, 'status' | 'statusMessage'> {
  if (!isObject(raw)) return { status: 'unset' };
  const { code, message } = raw as { readonly code?: unknown; readonly message?: unknown };
  const status = statuses[enumValue(code, 'STATUS_CODE_', statuses)] ?? 'unset';
  return typeof message === 'string' && message !== '' ? { status, statusMessage: message } : { status };
}

/** Enum values come as numbers, as numbers in text, or by their protobuf names. */
function enumValue(raw: unknown, prefix: string, names: readonly string[]): number {
  if (typeof raw === 'number') return raw;
  if (typeof raw !== 'string') return 0;
  if (raw.startsWith(prefix)) return names.indexOf(raw.slice(prefix.length).toLowerCase());
  return Number(raw);
}

function nameOf(scope: unknown): string {
  if (!isObject(scope)) return '';
  const { name } = scope as { readonly name?: unknown };
  return typeof name === 'string' ? name : '';
}
