import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openFolderSource } from '../../../../src/core/ingest/sources/folder.ts';
import type { FolderSource, FolderSourceOptions } from '../../../../src/core/ingest/sources/folder.ts';
import type { FilePosition, SourceBatch, SourceRecord } from '../../../../src/core/model/source.ts';

/** Shortly after the recordings were made. */
export const nowMs = 1795385600000;

/** A source with all it gave so far. */
export interface Reader {
  readonly source: FolderSource;
  readonly batches: readonly SourceBatch[];
  records(): readonly SourceRecord[];
  /** Span ids in the order in which they came. */
  spanIds(): readonly string[];
  /** `code file:line xCount`, a problem each. */
  problems(): readonly string[];
  /** Newest position of each file. */
  positions(): readonly FilePosition[];
  /** Resolves when the source gave this many spans, or fails through the test's own limit. */
  untilSpans(count: number): Promise<void>;
  until(condition: () => boolean): Promise<void>;
}

export interface Scratch {
  readonly root: string;
  path(...names: string[]): string;
  read(options?: Partial<FolderSourceOptions>): Reader;
  /** Reads what is there and closes. */
  readAll(options?: Partial<FolderSourceOptions>): Promise<Reader>;
  remove(): Promise<void>;
}

export async function createScratch(): Promise<Scratch> {
  const root = await mkdtemp(join(tmpdir(), 'suture-ingest-'));
  const opened: FolderSource[] = [];
  const read = (options: Partial<FolderSourceOptions> = {}): Reader => {
    const reader = createReader({
      root,
      paths: [root],
      watch: false,
      positions: [],
      now: () => nowMs,
      onBatch: () => {},
      rescanMs: 50,
      ...options,
    });
    opened.push(reader.source);
    return reader;
  };
  return {
    root,
    path: (...names) => join(root, ...names),
    read,
    async readAll(options) {
      const reader = read(options);
      await reader.source.ready;
      await reader.source.close();
      return reader;
    },
    async remove() {
      await Promise.all(opened.map((source) => source.close()));
      await rm(root, { recursive: true, force: true });
    },
  };
}

function createReader(options: FolderSourceOptions): Reader {
  const batches: SourceBatch[] = [];
  const records = (): readonly SourceRecord[] => batches.flatMap((batch) => batch.records);
  const spanIds = (): readonly string[] => records().flatMap(({ spans }) => spans.map((span) => span.spanId));
  const onBatch = async (batch: SourceBatch): Promise<void> => {
    await options.onBatch(batch);
    batches.push(batch);
  };
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return {
    source: openFolderSource({ ...options, onBatch }),
    batches,
    records,
    spanIds,
    problems: () =>
      batches.flatMap((batch) =>
        batch.problems.map((item) => `${item.code} ${item.file}:${item.line ?? '-'} x${item.count}`),
      ),
    positions: () => [...new Map(batches.map(({ position }) => [position.file, position])).values()],
    untilSpans: (count) => until(() => spanIds().length >= count),
    until,
  };
}

/** Lines of a recording in `test/fixtures/telemetry`. */
export function recording(name: string): readonly string[] {
  const packed = readFileSync(new URL(`../../../fixtures/telemetry/${name}`, import.meta.url));
  return gunzipSync(packed).toString('utf8').trimEnd().split('\n');
}

/** A request of one span, with a new id by number. */
export function request(number: number, name = 'x'): string {
  const id = (number + 1).toString(16);
  const span = {
    traceId: id.padStart(32, '0'),
    spanId: id.padStart(16, '0'),
    name,
    startTimeUnixNano: '1795385460652000000',
    endTimeUnixNano: '1795385460653000000',
  };
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
}

/** Lines of `request`s by number, each ended. */
export function requests(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => `${request(from + index)}\n`).join('');
}

/** Their span ids. */
export function ids(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, index) => (from + index + 1).toString(16).padStart(16, '0'));
}
