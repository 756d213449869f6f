import type { Problem } from '../../../model/problem.ts';
import type { Decoded } from '../../../model/source.ts';
import type { Span } from '../../../model/span.ts';
import { createClock, epochIn } from './clock.ts';
import { createEmitter } from './emitter.ts';
import { createFailures } from './failures.ts';
import type { Failure, Message } from './message.ts';
import { createNames } from './names.ts';
import type { Execution, Names } from './names.ts';
import { createIds } from './spans.ts';
import type { Draft, Failed } from './spans.ts';
import { createTracking } from './tracking.ts';
import type { Beat } from './tracking.ts';

/** The state of a conductor's log while it is read line by line. */
export interface Session {
  /** Takes a line; `message` is undefined where the conductor said nothing. */
  readonly take: (line: SessionLine, message: Message | undefined) => void;
  /** Beats whose handlers have not all reported. */
  readonly outstanding: () => readonly Beat[];
  readonly names: Names;
  /** What became complete since the last call. */
  readonly drain: () => Decoded;
  /** Says what an ended log left open; an error at its very end is complete then. */
  readonly end: () => void;
}

export interface SessionLine {
  /** From 1. */
  readonly number: number;
  readonly timeMs?: number | undefined;
  readonly prefixed: boolean;
  readonly text: string;
}

const nothing: Decoded = { spans: [], problems: [] };

export function createSession(file: { readonly path: string; readonly key: string }): Session {
  const ids = createIds(file.key);
  const clock = createClock();
  const names = createNames();
  const tracking = createTracking(names);
  let spans: Span[] = [];
  let problems: Problem[] = [];
  let line = 0;
  let waitedMs: number | undefined;
  /** Times of beats of which several of one number were running. */
  const timed: { readonly beat: number; readonly ms: number }[] = [];
  const epoch = epochIn(file.path.slice(file.path.lastIndexOf('/') + 1));
  if (epoch !== undefined) clock.hint(epoch);

  const complain = (code: string, message: string, count = 1): void =>
    void problems.push({ file: file.path, line, code, message, count });
  const failures = createFailures();
  const onSpan = (span: Span): void => void spans.push(span);
  const { endExecution, endBeat, report, standAlone, since } = createEmitter({
    ids,
    clock,
    names,
    tracking,
    onSpan,
  });

  const fail = (message: Exclude<Failure, { k: 'retry' }>): void => {
    const at = line;
    const wait = (done: (failure: Failed) => void): void =>
      failures.begin(message.error, clock.resolve(clock.now()), done);
    const alone = (name: string, kind: 'internal' | 'consumer', attributes: Draft['attributes']): void =>
      wait((failure) => standAlone(at, name, kind, failure, attributes));
    switch (message.k) {
      case 'handler-failed': {
        const { owner, handler } = message;
        const beat = tracking.beatOfFailure(owner, handler);
        if (beat) return wait((failure) => report(at, beat, handler, undefined, failure));
        return alone(`${owner}:?#${handler}`, 'consumer', {
          'messaging.system': 'renderx',
          'code.function.name': handler,
          'renderx.plugin': owner,
          'renderx.handler': handler,
        });
      }
      case 'subscriber-failed': {
        const { event = '?' } = message;
        const beat = tracking.beatOfEvent(event);
        if (beat) return wait((failure) => report(at, beat, '?', undefined, failure));
        return alone(`?:${event}#?`, 'consumer', { 'messaging.system': 'renderx', 'renderx.event': event });
      }
      case 'beat-failed': {
        const [beat] = tracking.openBeats(message.beat);
        if (beat) return wait((failure) => endBeat(beat, message.ms ?? since(beat.startedAt), failure));
        return alone('beat failed', 'internal', {});
      }
      case 'movement-failed':
        return alone('movement failed', 'internal', { 'renderx.movement': message.movement });
      case 'sequence-failed': {
        const execution = tracking.executionOf(message.sequence);
        if (!execution) return alone('sequence failed', 'internal', { 'renderx.sequence': message.sequence });
        return wait((failure) => endExecution(execution, message.ms ?? since(execution.startedAt), failure));
      }
      case 'fault': {
        const { fault } = message;
        return wait((failure) =>
          standAlone(at, fault, 'internal', { ...failure, type: fault }, { 'renderx.fault': fault }),
        );
      }
    }
  };

  const take = (message: Message): void => {
    switch (message.k) {
      case 'play':
        return names.play(message.plugin, message.sequenceId);
      case 'registered':
      case 'queued':
        return names.sequence(message.sequence, message.sequenceId);
      case 'subscribed':
        return names.subscribed(message);
      case 'execution-start':
        return tracking.begin({
          traceId: ids.trace(line),
          rootId: ids.span(line, 'execution'),
          sequence: message.sequence,
          startedAt: clock.now(),
          requestId: undefined,
          movement: undefined,
          lastBeat: 0,
        });
      case 'movement-timed': {
        const execution = tracking.executions.find(
          (item) => item.sequence === message.sequence && item.movement !== message.movement,
        );
        if (execution) Object.assign(execution, { movement: message.movement, lastBeat: 0 });
        return;
      }
      case 'request': {
        const hint = epochIn(message.id);
        if (hint !== undefined) clock.hint(hint);
        const fits = (item: Execution): boolean =>
          item.requestId === undefined && message.id.startsWith(names.sequenceId(item) ?? '');
        const execution = tracking.executions.find(fits);
        if (execution) execution.requestId = message.id;
        return;
      }
      case 'beat-start': {
        const { sequence, beat: number } = message;
        const execution = tracking.executionForBeat(sequence, number);
        if (!execution)
          return complain(
            'orphan-beat',
            'A beat of a sequence whose start is not in this log: not measured.',
          );
        execution.lastBeat = number;
        const now = clock.now();
        tracking.add({
          execution,
          number,
          line,
          spanId: ids.span(line, 'beat'),
          movement: execution.movement,
          startedAt: now,
          event: undefined,
          raisedAt: now,
          subscribers: undefined,
          waitedMs,
          retries: 0,
          ended: false,
          reports: [],
          held: [],
        });
        waitedMs = undefined;
        return;
      }
      case 'beat-event': {
        const beat = tracking.beatWithoutEvent(line);
        if (!beat) return;
        const subscribers = names.subscribersOf(message.event);
        Object.assign(beat, { event: message.event, raisedAt: clock.now(), subscribers });
        return;
      }
      case 'executor-baton': {
        const beat = tracking.openBeats(message.beat).find((item) => item.event === undefined);
        if (beat && beat.execution.sequence === message.sequence) beat.event = message.event;
        return;
      }
      case 'subscribers': {
        const [beat] = tracking.openBeats(undefined).slice(-1);
        if (beat) beat.subscribers = message.count;
        return;
      }
      case 'waiting':
        waitedMs = message.ms;
        return;
      case 'handler-baton': {
        const beat = tracking.beatOfBaton(message);
        names.baton(message);
        if (beat) return report(line, beat, message.handler, message);
        return complain(
          'orphan-baton',
          'A handler reported for an event whose beat is not in this log: not measured.',
        );
      }
      case 'beat-timed': {
        const open = tracking.openBeats(message.beat);
        // Of several, the line after this one tells which it was.
        if (open.length === 1 && open[0]) endBeat(open[0], message.ms);
        else if (open.length > 1) timed.push({ beat: message.beat, ms: message.ms });
        return;
      }
      case 'beat-end': {
        const [beat] = tracking.openBeats(message.beat, message.event);
        if (!beat) return;
        beat.event ??= message.event;
        const near = timed.findIndex(
          (item) => item.beat === message.beat && Math.abs(item.ms - message.ms) <= 1,
        );
        const [exact] = near < 0 ? [] : timed.splice(near, 1);
        if (timed.length > 100) timed.length = 0;
        return endBeat(beat, exact?.ms ?? message.ms);
      }
      case 'execution-end': {
        const execution = tracking.executionOf(message.sequence);
        if (execution) return endExecution(execution, message.ms);
        return complain('orphan-execution', 'A sequence ended whose start is not in this log: not measured.');
      }
      case 'retry': {
        const [beat] = tracking.openBeats(message.beat).slice(-1);
        if (beat) beat.retries += 1;
        return;
      }
      case 'handler-failed':
      case 'subscriber-failed':
      case 'beat-failed':
      case 'movement-failed':
      case 'sequence-failed':
      case 'fault':
        return fail(message);
      default:
    }
  };
  return {
    names,
    outstanding: tracking.outstanding,
    take({ number, timeMs, prefixed, text }, message) {
      if (!prefixed && message === undefined) return failures.add(text);
      failures.settle();
      line = number;
      if (timeMs !== undefined) clock.stamp(timeMs);
      if (message !== undefined) take(message);
    },
    end() {
      failures.settle();
      const open = tracking.executions.length + tracking.dropped();
      if (open > 0)
        complain('unfinished-execution', 'Sequences had not ended where this log ends: not measured.', open);
    },
    drain() {
      if (spans.length === 0 && problems.length === 0) return nothing;
      const decoded = { spans, problems };
      spans = [];
      problems = [];
      return decoded;
    },
  };
}
