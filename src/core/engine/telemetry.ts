import { createAssembler } from '../assemble/assembler.ts';
import { openFolderSource, type FolderSource } from '../ingest/sources/folder.ts';
import { callsOf } from '../measure/calls.ts';
import { createWindows, type Windows } from '../measure/windows.ts';
import type { Call } from '../model/operation.ts';
import type { Problem } from '../model/problem.ts';
import type { SourceBatch } from '../model/source.ts';
import type { Trace } from '../model/trace.ts';

export interface TelemetryOptions {
  /** Absolute. */
  readonly root: string;
  /** Absolute folders or files. */
  readonly paths: readonly string[];
  readonly watch: boolean;
  readonly now: () => number;
  readonly onProblems: (problems: readonly Problem[]) => void;
  /** Called after a batch was taken in; not awaited. */
  readonly onBatch: () => void;
}

/** From telemetry files to windows of operations. */
export interface Telemetry {
  /** Reads what is there; resolves when it is in. */
  readonly start: () => Promise<void>;
  readonly windows: Windows;
  /** Shows the calls of traces that are still open; call before asking `windows`. */
  readonly refresh: () => void;
  readonly spanCount: () => number;
  readonly problems: () => readonly Problem[];
  readonly files: () => ReturnType<FolderSource['status']>;
  readonly paths: () => ReturnType<FolderSource['paths']>;
  readonly close: () => Promise<void>;
}

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const assembler = createAssembler({ now: options.now });
  const windows = createWindows();
  const callsOfOpen = new WeakMap<Trace, readonly Call[]>();
  let source: FolderSource | undefined;
  let spans = 0;
  let stale = false;

  const fold = (traces: readonly Trace[]): void => {
    for (const trace of traces) windows.fold(callsOf(trace));
  };

  const provisionalCalls = (trace: Trace): readonly Call[] => {
    const known = callsOfOpen.get(trace) ?? callsOf(trace);
    callsOfOpen.set(trace, known);
    return known;
  };

  const take = (batch: SourceBatch): void => {
    for (const record of batch.records) {
      spans += record.spans.length;
      fold(assembler.add(record));
    }
    if (batch.problems.length > 0) options.onProblems(batch.problems);
    stale = true;
    options.onBatch();
  };

  return {
    async start() {
      source = openFolderSource({
        root: options.root,
        paths: options.paths,
        watch: options.watch,
        positions: [],
        now: options.now,
        onBatch: take,
      });
      await source.ready;
      if (!options.watch) fold(assembler.flush());
    },
    windows,
    refresh() {
      if (!stale) return;
      stale = false;
      windows.setProvisional(assembler.open().flatMap(provisionalCalls));
    },
    spanCount: () => spans,
    problems: () => [...assembler.problems(), ...windows.problems()],
    files: () => source?.status() ?? [],
    paths: () => source?.paths() ?? [],
    async close() {
      await source?.close();
    },
  };
}
