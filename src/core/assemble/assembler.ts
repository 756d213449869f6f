import type { Problem } from '../model/problem.ts';
import type { RecordRef, SourceRecord } from '../model/source.ts';
import type { Span } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import { createClosedSpans } from './closed-spans.ts';
import { endOf, inOrder, isRoot } from './order.ts';

export interface AssemblerOptions {
  /** Event time that a trace stays open after the end of its root. */
  readonly rootGraceMs?: number;
  /** Event time that a trace without a root stays open after its newest span. */
  readonly timeoutMs?: number;
  /** Beyond this many the oldest traces are closed as `overflow`. */
  readonly maxOpenSpans?: number;
  /** How many closed traces are remembered for telling a repeated span from a late one. */
  readonly rememberedTraces?: number;
  /** Wall clock for rejecting spans over one hour in the future; absent: none is rejected. */
  readonly now?: () => number;
}

/**
 * A record that holds spans of traces that are still open, or the last record read of its file; `traceIds` are opaque (they
 * also say how far event time had come) and go back into `restore` as they are.
 */
export interface PendingRecord {
  readonly ref: RecordRef;
  readonly traceIds: readonly string[];
}

export interface AssemblerStats {
  readonly openTraces: number;
  readonly openSpans: number;
  readonly closedTraces: number;
  /** Traces closed early because too many spans were open. */
  readonly overflowed: number;
  /** Spans dropped because the same span was delivered before. */
  readonly duplicates: number;
  /** Spans dropped for a time that cannot be: no number, or over one hour in the future. */
  readonly rejected: number;
}

/** Joins spans into traces by trace id, in event time alone. */
export interface Assembler {
  /** Takes a record whole and returns the traces that are complete now, in the order in which they began to arrive. */
  readonly add: (record: SourceRecord) => readonly Trace[];
  /** Closes what is due by the wall clock (ms) less a minute; for when all that is there was read. */
  readonly settle: (wallMs: number) => readonly Trace[];
  /** Closes everything as `end-of-input`. */
  readonly flush: () => readonly Trace[];
  /** Provisional views; a trace that did not change since the last look is the same object. */
  readonly open: () => readonly Trace[];
  /** What must be read again after a restart, in order of arrival. */
  readonly pending: () => readonly PendingRecord[];
  /** Takes back the open part of a record that `pending` named; never closes a trace. */
  readonly restore: (record: SourceRecord, traceIds: readonly string[]) => void;
  readonly stats: () => AssemblerStats;
  /** Rejected spans by file; `Problem.file` is the key of the record's file, not its path. */
  readonly problems: () => readonly Problem[];
}

interface FileClock {
  watermarkMs: number;
  records: number;
  last: Arrival | undefined;
}

/** A record as it was read, with the state of the clocks before it. */
interface Arrival {
  readonly ref: RecordRef;
  readonly number: number;
  readonly fileMs: number;
  readonly allMs: number;
  readonly records: number;
}

interface OpenTrace {
  readonly traceId: string;
  readonly spans: Map<string, Span>;
  /** Records with spans of this trace, each with those of its spans that do not belong to it (repeats of a closed part). */
  readonly arrivals: Map<Arrival, readonly string[]>;
  /** True when an earlier part of the same trace was closed. */
  readonly late: boolean;
  rootEndMs: number | undefined;
  newestMs: number;
  file: FileClock;
  /** The newest record with spans of this trace. */
  newest: Arrival;
  view: Trace | undefined;
}

/** Begins the text among `PendingRecord.traceIds` that holds the clocks. */
const CLOCKS = '#';
const HOUR_MS = 3_600_000;
/** Exporters send within seconds; what a minute did not bring does not come in order any more. */
const SETTLE_MS = 60_000;
/** A trace read behind its file's watermark (old spans appended late) waits for this many further records of the file. */
const STALE_RECORDS = 8;

export function createAssembler(options: AssemblerOptions = {}): Assembler {
  const {
    rootGraceMs = 5000,
    timeoutMs = 60_000,
    maxOpenSpans = 200_000,
    rememberedTraces = 100_000,
  } = options;
  const traces = new Map<string, OpenTrace>();
  const files = new Map<string, FileClock>();
  const closedSpans = createClosedSpans(rememberedTraces);
  const rejectedByFile = new Map<string, number>();
  const counts = { openSpans: 0, closedTraces: 0, overflowed: 0, duplicates: 0, rejected: 0 };
  let allMs = -Infinity;
  let arrivals = 0;

  function place(record: SourceRecord, wanted: ReadonlyMap<string, ReadonlySet<string>> | null): void {
    const file = files.get(record.ref.file) ?? newClock();
    files.set(record.ref.file, file);
    const clocks = { fileMs: file.watermarkMs, allMs, records: file.records };
    const arrival: Arrival = { ref: record.ref, number: arrivals++, ...clocks };
    file.records++;
    file.last = arrival;
    const repeats: Map<string, string[]> | null = wanted === null ? new Map() : null;
    const latestMs = options.now === undefined ? Infinity : options.now() + HOUR_MS;
    for (const span of record.spans) {
      const endMs = endOf(span);
      if (!Number.isFinite(endMs) || span.startMs < 0 || endMs > latestMs) {
        reject(record.ref.file);
        continue;
      }
      file.watermarkMs = Math.max(file.watermarkMs, endMs);
      allMs = Math.max(allMs, endMs);
      const excluded = wanted?.get(span.traceId);
      if (wanted !== null && (excluded === undefined || excluded.has(span.spanId))) continue;
      const trace = take(span, arrival, repeats);
      if (trace === undefined) continue;
      trace.file = file;
      trace.newest = arrival;
    }
    // So that a restart does not take a repeat of the closed part for a new span.
    for (const [traceId, spanIds] of repeats ?? wanted ?? []) {
      const trace = traces.get(traceId);
      if (trace?.arrivals.has(arrival) === true) trace.arrivals.set(arrival, [...spanIds]);
    }
  }

  /** The trace that the span went into, or undefined for a repeated span. */
  function take(span: Span, arrival: Arrival, repeats: Map<string, string[]> | null): OpenTrace | undefined {
    let trace = traces.get(span.traceId);
    const late = repeats !== null && (trace === undefined ? closedSpans.knows(span.traceId) : trace.late);
    const repeatsClosed = late && closedSpans.has(span.traceId, span.spanId);
    if (repeatsClosed || trace?.spans.has(span.spanId) === true) {
      counts.duplicates++;
      if (repeatsClosed) repeats.set(span.traceId, [...(repeats.get(span.traceId) ?? []), span.spanId]);
      return undefined;
    }
    trace ??= begin(span, arrival, late);
    trace.spans.set(span.spanId, span);
    counts.openSpans++;
    if (!trace.arrivals.has(arrival)) trace.arrivals.set(arrival, []);
    const endMs = endOf(span);
    trace.newestMs = Math.max(trace.newestMs, endMs);
    if (isRoot(span)) trace.rootEndMs = Math.max(trace.rootEndMs ?? -Infinity, endMs);
    trace.view = undefined;
    return trace;
  }

  function begin(span: Span, arrival: Arrival, late: boolean): OpenTrace {
    const trace: OpenTrace = {
      traceId: span.traceId,
      spans: new Map(),
      arrivals: new Map(),
      late,
      rootEndMs: undefined,
      newestMs: -Infinity,
      file: newClock(),
      newest: arrival,
      view: undefined,
    };
    traces.set(span.traceId, trace);
    return trace;
  }

  function setClocks(key: string, traceIds: readonly string[]): void {
    const saved = traceIds.find((id) => id.startsWith(CLOCKS));
    if (saved === undefined) return;
    const [fileMs = NaN, beforeMs = NaN, records = NaN] = saved.slice(CLOCKS.length).split(';').map(Number);
    const file = files.get(key) ?? newClock();
    files.set(key, file);
    file.watermarkMs = Math.max(file.watermarkMs, fileMs);
    file.records = Math.max(file.records, records);
    allMs = Math.max(allMs, beforeMs);
  }

  function reject(file: string): void {
    counts.rejected++;
    rejectedByFile.set(file, (rejectedByFile.get(file) ?? 0) + 1);
  }

  const waitOf = (trace: OpenTrace): number => (trace.rootEndMs === undefined ? timeoutMs : rootGraceMs);

  function isDue(trace: OpenTrace): boolean {
    const waitMs = waitOf(trace);
    const deadlineMs = (trace.rootEndMs ?? trace.newestMs) + waitMs;
    const { file, newest } = trace;
    if (file.watermarkMs >= deadlineMs) {
      const readBehind = newest.fileMs >= deadlineMs;
      if (!readBehind || file.records - newest.records > STALE_RECORDS) return true;
    }
    // Files are read one after another: another file's time counts only as far as it moved since this trace's last record.
    return allMs >= Math.max(deadlineMs, newest.allMs + waitMs) && file.watermarkMs < allMs;
  }

  function close(trace: OpenTrace, closed: Trace['closed']): Trace {
    traces.delete(trace.traceId);
    closedSpans.remember(trace.traceId, trace.spans.keys());
    counts.openSpans -= trace.spans.size;
    counts.closedTraces++;
    return { ...viewOf(trace), closed };
  }

  function closeWhere(due: (trace: OpenTrace) => boolean): Trace[] {
    const closed: Trace[] = [];
    for (const trace of traces.values()) {
      if (due(trace)) closed.push(close(trace, trace.rootEndMs === undefined ? 'timed-out' : 'root-ended'));
    }
    return closed;
  }

  function closeDue(): readonly Trace[] {
    const closed = closeWhere(isDue);
    for (const trace of traces.values()) {
      if (counts.openSpans <= maxOpenSpans) break;
      counts.overflowed++;
      closed.push(close(trace, 'overflow'));
    }
    return closed;
  }

  return {
    add: (record) => {
      place(record, null);
      return closeDue();
    },
    settle: (wallMs) =>
      closeWhere((trace) => (trace.rootEndMs ?? trace.newestMs) + waitOf(trace) + SETTLE_MS <= wallMs),
    flush: () => [...traces.values()].map((trace) => close(trace, 'end-of-input')),
    open: () => [...traces.values()].map(viewOf),
    pending: () => pendingOf(traces.values(), files.values()),
    restore: (record, traceIds) => {
      setClocks(record.ref.file, traceIds);
      place(record, new Map(traceIds.map(parsePendingId)));
    },
    stats: () => ({ ...counts, openTraces: traces.size }),
    problems: () =>
      [...rejectedByFile].map(([file, count]) => ({
        file,
        code: 'impossible-time',
        message: 'Spans whose time is not a date, or lies over one hour in the future, were left out.',
        count,
      })),
  };
}

function newClock(): FileClock {
  return { watermarkMs: -Infinity, records: 0, last: undefined };
}

function viewOf(trace: OpenTrace): Trace {
  trace.view ??= {
    traceId: trace.traceId,
    spans: inOrder([...trace.spans.values()]),
    refs: [...trace.arrivals.keys()].map((arrival) => arrival.ref),
    closed: 'open',
  };
  return trace.view;
}

/** `trace id`, or `trace id!span id!...` with the spans of the record that were repeats of an already closed part. */
function parsePendingId(id: string): [string, ReadonlySet<string>] {
  const [traceId = '', ...excluded] = id.split('!');
  return [traceId, new Set(excluded)];
}

function pendingOf(traces: Iterable<OpenTrace>, files: Iterable<FileClock>): readonly PendingRecord[] {
  const byArrival = new Map<Arrival, string[]>();
  // Without its last record a file's clock would stand still behind traces that it has closed already.
  for (const { last } of files) if (last !== undefined) byArrival.set(last, []);
  for (const trace of traces) {
    for (const [arrival, excluded] of trace.arrivals) {
      const ids = byArrival.get(arrival) ?? [];
      ids.push([trace.traceId, ...excluded].join('!'));
      byArrival.set(arrival, ids);
    }
  }
  return [...byArrival]
    .toSorted(([a], [b]) => a.number - b.number)
    .map(([{ ref, fileMs, allMs, records }, traceIds]) => ({
      ref,
      traceIds: [`${CLOCKS}${fileMs};${allMs};${records}`, ...traceIds],
    }));
}
