/** What OTLP/JSON may hold; every field is unchecked input. Source: opentelemetry-proto, JSON encoding. */
export interface RawRequest {
  readonly resourceSpans?: unknown;
  readonly resourceLogs?: unknown;
  readonly resourceMetrics?: unknown;
}

export interface RawResourceSpans {
  readonly resource?: unknown;
  readonly scopeSpans?: unknown;
  /** Name of `scopeSpans` before OTLP 0.19. */
  readonly instrumentationLibrarySpans?: unknown;
}

export interface RawScopeSpans {
  readonly scope?: unknown;
  readonly instrumentationLibrary?: unknown;
  readonly spans?: unknown;
}

export interface RawSpan {
  readonly traceId?: unknown;
  readonly spanId?: unknown;
  readonly parentSpanId?: unknown;
  readonly name?: unknown;
  readonly kind?: unknown;
  readonly startTimeUnixNano?: unknown;
  readonly endTimeUnixNano?: unknown;
  readonly attributes?: unknown;
  readonly events?: unknown;
  readonly status?: unknown;
}

export interface RawEvent {
  readonly name?: unknown;
  readonly timeUnixNano?: unknown;
  readonly attributes?: unknown;
}

export interface RawKeyValue {
  readonly key?: unknown;
  readonly value?: unknown;
}

export interface RawAnyValue {
  readonly stringValue?: unknown;
  readonly intValue?: unknown;
  readonly doubleValue?: unknown;
  readonly boolValue?: unknown;
  readonly arrayValue?: unknown;
  readonly kvlistValue?: unknown;
  readonly bytesValue?: unknown;
}

/** True for objects that are not arrays. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Records one bad thing of a record under its stable code. */
export type Complain = (code: string, message: string) => void;

/** The list, or an empty one with a problem where something else stands in its place. */
export function listOf(value: unknown, name: string, complain: Complain): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value !== undefined && value !== null) complain('bad-shape', `"${name}" is not a list: ignored.`);
  return [];
}
