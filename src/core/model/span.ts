export type AttributeValue = string | number | boolean | readonly AttributeValue[];
/** Attribute records have no prototype, so that a key such as `__proto__` is only a key. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

export type SpanKind = 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** What emitted the spans; one object is shared by all spans of a request. Source: OpenTelemetry resource semantic conventions. */
export interface Resource {
  readonly service: string;
  /** `deployment.environment.name` (or the older `deployment.environment`), else the empty string. */
  readonly environment: string;
  /** `service.version`, else the VCS revision attribute, else `unversioned`. */
  readonly release: string;
  readonly attributes: Attributes;
}

export interface SpanEvent {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
  readonly attributes: Attributes;
}

/** What many spans have in common: name, kind, status, scope, resource, and all attributes but those that vary from call to call. */
export interface SpanFamily {
  readonly attributes: Attributes;
}

export interface Span {
  /** Lower-case hex, 32 digits. */
  readonly traceId: string;
  /** Lower-case hex, 16 digits. */
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** Milliseconds since the epoch with a fraction (about 0.25 us of resolution). */
  readonly startMs: number;
  /** Milliseconds with a fraction, exact to the nanosecond, never negative. */
  readonly durationMs: number;
  readonly status: 'unset' | 'ok' | 'error';
  readonly statusMessage?: string;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  /** Name of the instrumentation scope. */
  readonly scope: string;
  readonly resource: Resource;
  /** What follows from these alone may be remembered by it. */
  readonly family?: SpanFamily;
}
