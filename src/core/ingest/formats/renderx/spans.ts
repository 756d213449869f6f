import { createHash } from 'node:crypto';
import type { AttributeValue, Attributes, Resource, Span, SpanEvent } from '../../../model/span.ts';

/** Instrumentation scope and service of everything that a conductor's log tells. */
export const renderx = 'renderx';

const resource: Resource = {
  service: renderx,
  environment: '',
  release: 'unversioned',
  attributes: attributesOf({ 'service.name': renderx }),
};

/** What a span of this format can differ in; everything else is the same for all. */
export interface Draft {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: 'internal' | 'consumer';
  readonly startMs: number;
  readonly durationMs: number;
  readonly attributes: Readonly<Record<string, AttributeValue | undefined>>;
  /** Makes the span an error. */
  readonly failure?: Failed | undefined;
  readonly events?: readonly SpanEvent[];
}

export interface Failed {
  readonly type: string;
  readonly message: string;
  /** First line and frames, as logged. */
  readonly stack: string;
  readonly timeMs: number;
}

export function spanOf(draft: Draft): Span {
  const { failure, attributes, events = [], durationMs, ...rest } = draft;
  return {
    ...rest,
    durationMs: Math.max(0, durationMs),
    status: failure === undefined ? 'unset' : 'error',
    ...(failure === undefined ? {} : { statusMessage: failure.message }),
    attributes: attributesOf({ ...attributes, 'error.type': failure?.type }),
    events: failure === undefined ? events : [...events, exceptionOf(failure)],
    scope: renderx,
    resource,
  };
}

export function exceptionOf({ type, message, stack, timeMs }: Failed): SpanEvent {
  const attributes = attributesOf({
    'exception.type': type,
    'exception.message': message,
    'exception.stacktrace': stack === '' ? undefined : stack,
  });
  return { name: 'exception', timeMs, attributes };
}

/** Leaves out what is undefined or an empty list. */
export function attributesOf(values: Readonly<Record<string, AttributeValue | undefined>>): Attributes {
  const known = Object.entries(values).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  const bare = Object.create(null) as Record<string, AttributeValue>;
  return Object.assign(bare, Object.fromEntries(known));
}

export interface Ids {
  readonly trace: (line: number) => string;
  readonly span: (line: number, role: string) => string;
}

/** Ids of spans by where they begin in which file: the same at every reading. */
export function createIds(key: string): Ids {
  const hash = (text: string, length: number): string =>
    createHash('sha256').update(`${key}\n${text}`).digest('hex').slice(0, length);
  return {
    trace: (line) => hash(`${line}\ntrace`, 32),
    span: (line, role) => hash(`${line}\n${role}`, 16),
  };
}

const longestMessage = 500;
const longestStack = 8000;
const errorHead =
  /^(?:Uncaught |\(in promise\) )*(?:([A-Za-z_$][\w$.]*(?:Error|Exception))\b:?|Error:)\s*(.*)$/;

/** Reads an error from what its line said after the colon and the bare lines below. */
export function failedFrom(said: string, below: readonly string[], timeMs: number): Failed {
  const isPlaceholder = /^(?:Object|\{.*\}|undefined)?$/.test(said.trim());
  const lines = isPlaceholder ? below : [said, ...below];
  const [head = ''] = lines;
  const [, type, message] = errorHead.exec(head.trim()) ?? [];
  return {
    type: type ?? 'Error',
    message: (message ?? head.trim()).slice(0, longestMessage),
    stack: lines.length > 1 || type !== undefined ? lines.join('\n').slice(0, longestStack) : '',
    timeMs,
  };
}
