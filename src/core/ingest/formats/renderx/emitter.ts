import type { Span } from '../../../model/span.ts';
import type { Clock, Moment } from './clock.ts';
import type { HandlerBaton } from './message.ts';
import type { Execution, Names } from './names.ts';
import { spanOf } from './spans.ts';
import type { Draft, Failed, Ids } from './spans.ts';
import type { Beat, Tracking } from './tracking.ts';

/** Turns what has ended into spans. `at` is the line that a span is told by, which makes its id. */
export interface Emitter {
  readonly endExecution: (execution: Execution, ms: number, failure?: Failed) => void;
  readonly endBeat: (beat: Beat, ms: number, failure?: Failed) => void;
  /** A handler's time runs from its event to its own report, however long ago its beat ended. */
  readonly report: (at: number, beat: Beat, handler: string, baton?: HandlerBaton, failure?: Failed) => void;
  /** A failure of nothing that is being played: a span of its own, so that it is seen. */
  readonly standAlone: (
    at: number,
    name: string,
    kind: Draft['kind'],
    failure: Failed,
    attributes: Draft['attributes'],
  ) => void;
  /** Milliseconds from a moment to now. */
  readonly since: (from: Moment) => number;
}

export interface EmitterOptions {
  readonly ids: Ids;
  readonly clock: Clock;
  readonly names: Names;
  readonly tracking: Tracking;
  readonly onSpan: (span: Span) => void;
}

export function createEmitter({ ids, clock, names, tracking, onSpan }: EmitterOptions): Emitter {
  const emit = (draft: Draft, from: Moment): void => {
    const time = from.absolute ? undefined : 'synthesised';
    onSpan(spanOf({ ...draft, attributes: { ...draft.attributes, 'renderx.time': time } }));
  };
  const common = (execution: Execution): Draft['attributes'] => ({
    'sequence.id': names.sequenceId(execution),
    'sequence.name': execution.sequence,
    'renderx.sequence': execution.sequence,
    'renderx.request_id': execution.requestId,
  });
  const since = (from: Moment): number => clock.resolve(clock.now()) - clock.resolve(from);

  const endExecution = (execution: Execution, ms: number, failure?: Failed): void => {
    tracking.end(execution);
    clock.atLeast(execution.startedAt, ms);
    const { traceId, rootId: spanId, sequence: name, startedAt } = execution;
    const attributes = { ...common(execution), 'renderx.plugin': names.pluginOf(execution) };
    const startMs = clock.resolve(startedAt);
    emit(
      { traceId, spanId, name, kind: 'internal', startMs, durationMs: ms, attributes, failure },
      startedAt,
    );
  };

  const endBeat = (beat: Beat, ms: number, failure?: Failed): void => {
    beat.ended = true;
    clock.atLeast(beat.startedAt, ms);
    const { execution, spanId, startedAt, event, number, movement } = beat;
    const attributes = {
      ...common(execution),
      'renderx.beat': number,
      'renderx.event': event,
      'renderx.movement': movement,
      'renderx.subscribers': beat.subscribers,
      'renderx.wait_ms': beat.waitedMs,
      'renderx.retries': beat.retries === 0 ? undefined : beat.retries,
    };
    const name = event ?? `beat ${number}`;
    const startMs = clock.resolve(startedAt);
    const { traceId, rootId: parentSpanId } = execution;
    emit(
      { traceId, spanId, parentSpanId, name, kind: 'internal', startMs, durationMs: ms, attributes, failure },
      startedAt,
    );
    for (const report of beat.held.splice(0)) report(ms);
    tracking.settle(beat);
  };

  const report = (at: number, beat: Beat, handler: string, baton?: HandlerBaton, failure?: Failed): void => {
    const { execution, event = '?', raisedAt } = beat;
    const plugin =
      (baton ? names.pluginOfBaton(baton, execution) : names.pluginOfEvent(beat.event, execution)) ?? '?';
    const attributes = {
      'messaging.system': 'renderx',
      'messaging.operation.type': 'process',
      'code.function.name': handler === '?' ? undefined : handler.slice(handler.lastIndexOf('#') + 1),
      'renderx.handler': handler,
      'renderx.plugin': plugin,
      'renderx.event': event,
      ...common(execution),
      'renderx.beat': beat.number,
      'renderx.subscribers': beat.subscribers,
      'renderx.run': beat.reports.filter((name) => name === handler).length + 1,
      'renderx.late': beat.ended ? true : undefined,
      'renderx.declared_by': baton && baton.sequence !== execution.sequence ? baton.sequence : undefined,
      'renderx.baton.added': baton?.changes.added,
      'renderx.baton.updated': baton?.changes.updated,
      'renderx.baton.removed': baton?.changes.removed,
    };
    const spanId = ids.span(at, failure ? 'failed' : 'handler');
    const done = (durationMs: number): void => {
      const startMs = clock.resolve(raisedAt);
      const { traceId } = execution;
      const name = `${plugin}:${event}#${handler}`;
      emit(
        {
          traceId,
          spanId,
          parentSpanId: beat.spanId,
          name,
          kind: 'consumer',
          startMs,
          durationMs,
          attributes,
          failure,
        },
        raisedAt,
      );
    };
    beat.reports.push(handler);
    if (!raisedAt.absolute && !beat.ended) beat.held.push(done);
    else done(since(raisedAt));
    tracking.settle(beat);
  };

  const standAlone = (
    at: number,
    name: string,
    kind: Draft['kind'],
    failure: Failed,
    attributes: Draft['attributes'],
  ): void => {
    const now = clock.now();
    const startMs = clock.resolve(now);
    const identity = { traceId: ids.trace(at), spanId: ids.span(at, 'fault') };
    emit({ ...identity, name, kind, startMs, durationMs: 0, attributes, failure }, now);
  };

  return { endExecution, endBeat, report, standAlone, since };
}
