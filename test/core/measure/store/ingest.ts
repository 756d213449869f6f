import type { Assembler } from '../../../../src/core/assemble/assembler.ts';
import { createAssembler } from '../../../../src/core/assemble/assembler.ts';
import { callsOf } from '../../../../src/core/measure/calls.ts';
import type { Store } from '../../../../src/core/measure/store/store.ts';
import { createShapes } from '../../../../src/core/measure/shapes/shapes.ts';
import type { Shapes } from '../../../../src/core/measure/shapes/shapes.ts';
import { createWindows } from '../../../../src/core/measure/windows.ts';
import type { Windows } from '../../../../src/core/measure/windows.ts';
import type { SourceRecord } from '../../../../src/core/model/source.ts';
import { recordsOf } from '../recording.ts';

/** A recording cut into records of a few spans each and stretched in time, so that traces close all along the way. */
export function smallRecords(): readonly SourceRecord[] {
  const spans = recordsOf('frameworks-traces.jsonl.gz').flatMap((record) => record.spans);
  const begin = Math.min(...spans.map((span) => span.startMs));
  const stretched = spans.map((span) => ({ ...span, startMs: begin + (span.startMs - begin) * 400 }));
  const records: SourceRecord[] = [];
  for (let at = 0; at < stretched.length; at += 7) {
    records.push({
      ref: { file: 'f', offset: records.length, length: 1 },
      spans: stretched.slice(at, at + 7),
    });
  }
  return records;
}

/** What an engine does, in small: takes up where the store left off, and commits after every record. */
export class Ingest {
  readonly #store: Store;
  readonly #records: readonly SourceRecord[];
  readonly #assembler: Assembler = createAssembler();
  readonly windows: Windows;
  readonly shapes: Shapes;
  #next: number;

  constructor(store: Store, records: readonly SourceRecord[]) {
    this.#store = store;
    this.#records = records;
    const saved = store.load();
    this.windows = createWindows(saved);
    this.shapes = createShapes(saved.shapes);
    for (const { ref, traceIds } of saved.pending) {
      const record = records[ref.offset];
      if (record !== undefined) this.#assembler.restore(record, traceIds);
    }
    this.#next = saved.positions[0]?.offset ?? 0;
  }

  /** False at the end of the records, when everything is closed and committed. */
  step(): boolean {
    const record = this.#records[this.#next];
    const closed = record === undefined ? this.#assembler.flush() : this.#assembler.add(record);
    for (const trace of closed) {
      const calls = callsOf(trace);
      this.windows.fold(calls);
      this.shapes.fold(trace, calls);
    }
    if (record !== undefined) this.#next++;
    const position = { file: 'f', path: 'f', offset: this.#next, line: this.#next, fingerprint: '' };
    const changes = {
      ...this.windows.dirty(),
      shapes: this.shapes.dirty(),
      positions: [position],
      pending: this.#assembler.pending(),
    };
    if (!this.#store.commit(changes)) throw new Error('not the writer');
    this.windows.markSaved();
    this.shapes.markSaved();
    return record !== undefined;
  }
}
