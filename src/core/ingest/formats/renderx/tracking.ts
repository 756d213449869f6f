import type { Moment } from './clock.ts';
import type { HandlerBaton } from './message.ts';
import type { Execution, Names } from './names.ts';

/** An event raised for a sequence, from its start until its handlers reported. */
export interface Beat {
  readonly execution: Execution;
  readonly spanId: string;
  readonly number: number;
  readonly line: number;
  readonly movement: string | undefined;
  readonly startedAt: Moment;
  event: string | undefined;
  raisedAt: Moment;
  subscribers: number | undefined;
  waitedMs: number | undefined;
  retries: number;
  ended: boolean;
  /** Names of the handlers that reported, in order. */
  readonly reports: string[];
  /** Of a log without time: handlers that reported before the beat's end, whose time is at most the beat's. */
  readonly held: ((beatMs: number) => void)[];
}

/** Which executions and beats a line can be about; bounded. */
export interface Tracking {
  readonly executions: Execution[];
  readonly begin: (execution: Execution) => void;
  readonly end: (execution: Execution) => void;
  readonly executionOf: (sequence: string | undefined) => Execution | undefined;
  readonly executionForBeat: (sequence: string, number: number) => Execution | undefined;
  readonly add: (beat: Beat) => void;
  readonly beatWithoutEvent: (line: number) => Beat | undefined;
  readonly openBeats: (number: number | undefined, event?: string) => readonly Beat[];
  readonly beatOfBaton: (baton: HandlerBaton) => Beat | undefined;
  readonly beatOfFailure: (owner: string, handler: string) => Beat | undefined;
  readonly beatOfEvent: (event: string) => Beat | undefined;
  /** Forgets the beat once it has ended and every handler reported. */
  readonly settle: (beat: Beat) => void;
  /** Beats whose event was raised and whose handlers have not all reported. */
  readonly outstanding: () => readonly Beat[];
  /** Executions dropped because too many were open. */
  readonly dropped: () => number;
}

const maxOpen = 1000;
/** Lines within which the event of a beat follows its start. */
const blockLines = 20;
/** After this, a handler that a later one of the same event overtook is taken for lost. */
const lostAfterMs = 60_000;

export function createTracking(names: Names): Tracking {
  const executions: Execution[] = [];
  /** In the order of their start. */
  let beats: Beat[] = [];
  const newest = new Map<string, Beat>();
  let dropped = 0;

  const isOutstanding = (beat: Beat): boolean =>
    beat.event !== undefined && beat.reports.length < names.handlersOf(beat.event);
  const waitingFor = (event: string): readonly Beat[] =>
    beats.filter((beat) => beat.event === event && isOutstanding(beat));

  const withoutLost = (waiting: readonly Beat[]): readonly Beat[] => {
    const last = waiting.at(-1);
    return waiting.filter(
      (beat) => last === undefined || last.startedAt.ms - beat.startedAt.ms < lostAfterMs,
    );
  };

  return {
    executions,
    begin(execution) {
      executions.push(execution);
      if (executions.length <= maxOpen) return;
      executions.shift();
      dropped += 1;
    },
    end(execution) {
      const at = executions.indexOf(execution);
      if (at >= 0) executions.splice(at, 1);
    },
    executionOf: (sequence) =>
      sequence === undefined ? executions.at(-1) : executions.find((item) => item.sequence === sequence),
    executionForBeat(sequence, number) {
      const named = executions.filter((item) => item.sequence === sequence);
      return (
        named.find((item) => item.lastBeat === number - 1) ??
        named.find((item) => item.lastBeat < number) ??
        named.at(-1)
      );
    },
    add(beat) {
      beats.push(beat);
      if (beats.length > maxOpen) beats = beats.slice(-maxOpen / 2);
    },
    beatWithoutEvent: (line) =>
      beats.find((beat) => !beat.ended && beat.event === undefined && line - beat.line <= blockLines),
    openBeats: (number, event) =>
      beats.filter(
        (beat) =>
          !beat.ended &&
          (number === undefined || beat.number === number) &&
          (event === undefined || beat.event === undefined || beat.event === event),
      ),
    beatOfBaton({ event, sequence, request }) {
      const waiting = waitingFor(event);
      if (request !== undefined) {
        const own = waiting.find((beat) => beat.execution.requestId === request);
        const known = newest.get(event);
        if (own !== undefined) return own;
        if (known?.execution.requestId === request) return known;
      }
      const likely = withoutLost(waiting);
      // A handler may be declared by another sequence than the one that was played: the event decides.
      return likely.find((beat) => beat.execution.sequence === sequence) ?? likely[0] ?? newest.get(event);
    },
    beatOfFailure(owner, handler) {
      const waiting = withoutLost(beats.filter(isOutstanding));
      const event = names.eventOf(owner, handler);
      const exact = waiting.filter((beat) => beat.event === event);
      const owned = waiting.filter(({ execution, event: raised = '' }) =>
        [
          execution.sequence,
          names.sequenceId(execution),
          names.pluginOf(execution),
          ...names.pluginsOf(raised),
        ].includes(owner),
      );
      return exact[0] ?? owned[0] ?? waiting[0] ?? (event === undefined ? undefined : newest.get(event));
    },
    beatOfEvent: (event) => withoutLost(waitingFor(event))[0] ?? newest.get(event),
    settle(beat) {
      if (beat.event !== undefined) newest.set(beat.event, beat);
      if (newest.size > maxOpen) newest.clear();
      if (beat.ended && !isOutstanding(beat)) beats = beats.filter((other) => other !== beat);
    },
    outstanding: () => beats.filter(isOutstanding),
    dropped: () => dropped,
  };
}
