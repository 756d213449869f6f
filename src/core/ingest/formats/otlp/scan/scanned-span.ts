import type {
  Attributes,
  AttributeValue,
  Resource,
  Span,
  SpanEvent,
  SpanFamily,
} from '../../../../model/span.ts';

/** What tells one span of a family from the others. */
export interface Own {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly startMs: number;
  readonly durationMs: number;
  readonly statusMessage: string | undefined;
  /** Varying attributes, key and value in turn; undefined where there are none. */
  readonly varying: readonly AttributeValue[] | undefined;
  readonly events: readonly SpanEvent[];
}

/** A span as the scanner gives it: what it shares stays with its family, its attributes are joined when they are asked for. */
export class ScannedSpan implements Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly statusMessage?: string;
  readonly events: readonly SpanEvent[];
  readonly name: string;
  readonly kind: Span['kind'];
  readonly status: Span['status'];
  readonly scope: string;
  readonly resource: Resource;
  readonly family: SpanFamily;
  readonly #varying: readonly AttributeValue[] | undefined;
  #attributes: Attributes | undefined;

  constructor(family: SpanFamily, sample: Span, own: Own) {
    this.traceId = own.traceId;
    this.spanId = own.spanId;
    if (own.parentSpanId !== undefined) this.parentSpanId = own.parentSpanId;
    this.startMs = own.startMs;
    this.durationMs = own.durationMs;
    if (own.statusMessage !== undefined) this.statusMessage = own.statusMessage;
    this.events = own.events;
    this.name = sample.name;
    this.kind = sample.kind;
    this.status = sample.status;
    this.scope = sample.scope;
    this.resource = sample.resource;
    this.family = family;
    this.#varying = own.varying;
  }

  get attributes(): Attributes {
    this.#attributes ??= joined(this.family.attributes, this.#varying);
    return this.#attributes;
  }
}

function joined(shared: Attributes, varying: readonly AttributeValue[] | undefined): Attributes {
  if (varying === undefined) return shared;
  const attributes = Object.create(shared) as Record<string, AttributeValue>;
  for (let at = 0; at < varying.length; at += 2) attributes[String(varying[at])] = varying[at + 1] ?? '';
  return attributes;
}
