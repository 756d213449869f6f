import type { Call, CallException } from '../model/operation.ts';
import type { Attributes, Span } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import { byFamily } from './by-family.ts';
import { terminalOf } from './chain.ts';
import { hintOf } from './hint.ts';
import { routedPath } from './layer.ts';
import { middlewareOf } from './middleware.ts';
import { number, operationOf, text } from './operation.ts';
import { createTraceTree } from './trace-tree.ts';
import type { TraceTree } from './trace-tree.ts';

/**
 * The measured calls of a trace: every SERVER and CONSUMER span, else root INTERNAL spans, and middleware by its own
 * spans; no other span adds a call. Pure. Source: design, "One call, one measurement".
 */
export function callsOf(trace: Trace): readonly Call[] {
  const tree = createTraceTree(trace.spans);
  const terminals = new Map(tree.measured.map((owner) => [owner, terminalOf(owner, tree)]));
  const exceptions = exceptionsByOwner(trace.spans, tree);
  const calls: Call[] = tree.measured.map((span) => {
    const hint = hintOf(span, terminals.get(span), tree);
    return {
      ...figuresOf(span),
      operation: operationOf(span, routedPath(tree.under(span))),
      ...(hint === undefined ? {} : { hint }),
      exceptions: exceptions.get(span) ?? [],
    };
  });
  for (const { span, operation, hint } of middlewareOf(tree, trace.spans, terminals)) {
    calls.push({ ...figuresOf(span), operation, hint, exceptions: [] });
  }
  return calls;
}

function figuresOf(span: Span): Omit<Call, 'operation' | 'exceptions'> {
  const { statusCode, errorType } = answerOf(span);
  const failed =
    span.status === 'error' || errorType !== undefined || (statusCode !== undefined && statusCode >= 500);
  const refused = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return {
    release: span.resource.release,
    startMs: span.startMs,
    durationMs: span.durationMs,
    outcome: failed ? 'error' : refused ? 'client-error' : 'ok',
    ...(statusCode === undefined ? {} : { statusCode }),
    traceId: span.traceId,
    spanId: span.spanId,
    ...(failed && errorType !== undefined ? { errorType } : {}),
    ...(failed && span.statusMessage !== undefined ? { errorMessage: span.statusMessage } : {}),
  };
}

const answerOf = byFamily(({ attributes }) => ({
  statusCode: number(attributes, 'http.response.status_code', 'http.status_code'),
  errorType: text(attributes, 'error.type'),
}));

const noExceptions: ReadonlyMap<Span, readonly CallException[]> = new Map();

/**
 * Distinct exceptions under the innermost measured span above where they were recorded. One that passed through nested
 * calls unchanged counts for the innermost of them alone; calls beside each other each keep their own.
 */
function exceptionsByOwner(
  spans: readonly Span[],
  tree: TraceTree,
): ReadonlyMap<Span, readonly CallException[]> {
  if (spans.every(({ events }) => events.length === 0)) return noExceptions;
  const seen = new Map<string, { readonly exception: CallException; readonly owners: Set<Span> }>();
  for (const span of spans) {
    for (const event of span.events) {
      if (event.name !== 'exception') continue;
      const owner = tree.ownerOf(span);
      const exception = exceptionOf(event.attributes);
      if (owner === undefined || exception === undefined) continue;
      const key = JSON.stringify([exception.type, exception.message, exception.stack]);
      const entry = seen.get(key) ?? { exception, owners: new Set() };
      entry.owners.add(owner);
      seen.set(key, entry);
    }
  }
  const byOwner = new Map<Span, CallException[]>();
  for (const { exception, owners } of seen.values()) {
    const outer = new Set([...owners].flatMap((owner) => tree.ownersAbove(owner)));
    for (const owner of owners) {
      if (!outer.has(owner)) byOwner.set(owner, [...(byOwner.get(owner) ?? []), exception]);
    }
  }
  return byOwner;
}

function exceptionOf(attributes: Attributes): CallException | undefined {
  const type = text(attributes, 'exception.type');
  const message = text(attributes, 'exception.message');
  const stack = text(attributes, 'exception.stacktrace');
  if (type === undefined && message === undefined) return undefined;
  return { type: type ?? 'Error', message: message ?? '', ...(stack === undefined ? {} : { stack }) };
}
