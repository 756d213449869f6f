import type { Span } from '../../../model/span.ts';
import { failedFrom, spanOf } from './spans.ts';
import type { Ids } from './spans.ts';

/** A line `{ timestamp, handler, event, duration, error, context }` as the span of that handler; undefined for any other. */
export function spanOfJson(line: string, number: number, ids: Ids): Span | undefined {
  if (!line.startsWith('{"') && !/^\{\s*"/.test(line)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { timestamp, handler, event, duration, error, context } = fieldsOf(value);
  const endMs = typeof timestamp === 'string' ? Date.parse(timestamp) : Number(timestamp ?? NaN);
  if (typeof handler !== 'string' || handler === '' || !Number.isFinite(endMs)) return undefined;
  const durationMs = typeof duration === 'number' && duration >= 0 ? duration : 0;
  const about = fieldsOf(context);
  const plugin = textOf(about['plugin']) ?? textOf(about['pluginId']) ?? '?';
  const raised = textOf(event) ?? '?';
  return spanOf({
    traceId: ids.trace(number),
    spanId: ids.span(number, 'handler'),
    name: `${plugin}:${raised}#${handler}`,
    kind: 'consumer',
    // Written when the handler was done.
    startMs: endMs - durationMs,
    durationMs,
    attributes: {
      'messaging.system': 'renderx',
      'messaging.operation.type': 'process',
      'code.function.name': handler.slice(handler.lastIndexOf('#') + 1),
      'renderx.handler': handler,
      'renderx.plugin': plugin,
      'renderx.event': raised,
      'sequence.id': textOf(about['sequenceId']),
      'sequence.name': textOf(about['sequence']),
      'renderx.request_id': textOf(about['requestId']),
    },
    failure: failureOf(error, endMs),
  });
}

function failureOf(error: unknown, timeMs: number): ReturnType<typeof failedFrom> | undefined {
  if (error === undefined || error === null || error === false || error === '') return undefined;
  const { name, message, stack } = fieldsOf(error);
  if (typeof error === 'string')
    return failedFrom(error.split('\n')[0] ?? '', error.split('\n').slice(1), timeMs);
  const below = (textOf(stack) ?? '').split('\n').slice(1);
  return failedFrom(`${textOf(name) ?? 'Error'}: ${textOf(message) ?? ''}`, below, timeMs);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, 500) : undefined;
