import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { LogFormat } from '../format.ts';
import type { FilePosition, RecordRef, SourceRecord } from '../../model/source.ts';
import { readContent } from './content.ts';
import type { Encoding } from './content.ts';
import { decodeFrame, formatOfFile } from './decode-frame.ts';
import { createLedger } from './ledger.ts';
import { startOfContent } from './length-prefixed-framing.ts';
import { createLineFramer } from './line-framing.ts';
import { createLogReading } from './log-reading.ts';
import { inspect, isSame } from './opened.ts';
import type { Frame } from './framing.ts';
import type { Opened } from './opened.ts';
import type { TailedFile } from './tail.ts';
import { codeOf, walk } from './walk.ts';
import type { Listed } from './walk.ts';

/** As the folder source's own limit. */
const maxLineBytes = 64 * 1024 * 1024;

export interface RereadOptions {
  /** Workspace root, absolute. */
  readonly root: string;
  /** Absolute: the telemetry folders or files among which the files of the records are looked for. */
  readonly paths: readonly string[];
  /** Of the run that named the records. */
  readonly positions: readonly FilePosition[];
}

/** Records of an earlier run by file and offset, and nothing else of their files; what is gone is left out. */
export async function* rereadRecords(
  { root, paths, positions }: RereadOptions,
  refs: readonly RecordRef[],
): AsyncGenerator<SourceRecord, void> {
  if (refs.length === 0) return;
  const ledger = createLedger(positions, root);
  const { files } = await walk(paths);
  for (const key of new Set(refs.map((ref) => ref.file))) {
    const file = ledger.files.find((candidate) => candidate.key === key);
    const own = refs.filter((ref) => ref.file === key);
    if (file) yield* rereadFile(file, own, files);
  }
}

/**
 * Reads records of one file again, in the order of their offsets; what is no longer there is left out. `listed` are the
 * files on disk, among which the file is looked for where it was not met yet in this run.
 */
async function* rereadFile(
  file: TailedFile,
  refs: readonly RecordRef[],
  listed: readonly Listed[],
): AsyncGenerator<SourceRecord, void> {
  const distinct = new Map(refs.map((ref) => [ref.offset, ref]));
  const ordered = [...distinct.values()].toSorted((a, b) => a.offset - b.offset);
  const opened = await openAgain(file, listed);
  if (!opened) return;
  const { handle, encoding } = opened;
  const format = formatOfFile(startOfContent(opened));
  try {
    if (format?.open && opened.framing === 'text') {
      yield* rereadLog(format, file.key, opened, ordered);
      return;
    }
    for await (const [ref, bytes] of encoding === 'plain'
      ? inPlace(handle, ordered)
      : streamed(handle, encoding, ordered)) {
      const frame = {
        kind: 'record',
        offset: ref.offset,
        length: ref.length,
        line: 1,
        endLine: 1,
        closed: true,
        bytes,
      } as const;
      const { spans } = decodeFrame(frame, opened.path, file.format, undefined);
      if (spans.length > 0) yield { ref, spans };
    }
  } catch (error) {
    // The file went or broke while it was read: what was read stands.
    if (codeOf(error) === 'unknown') throw error;
  } finally {
    await handle.close();
  }
}

async function openAgain(file: TailedFile, listed: readonly Listed[]): Promise<Opened | undefined> {
  const likely = listed.filter((candidate) => candidate.inode === file.identity.inode);
  for (const { path } of [...likely, ...listed.filter((candidate) => !likely.includes(candidate))]) {
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, 'r');
      const opened = await inspect(handle, path);
      if (await isSame(file.identity, opened)) return opened;
      await handle.close();
    } catch {
      // A file that cannot be read is not the one.
      await handle?.close();
    }
  }
  return undefined;
}

/** A line of a log means nothing without the lines before it: everything up to the last wanted line is read again. */
async function* rereadLog(
  format: LogFormat,
  key: string,
  { handle, encoding, path }: Opened,
  refs: readonly RecordRef[],
): AsyncGenerator<SourceRecord, void> {
  const log = createLogReading(format, { path, key, offset: 0, ended: false });
  const framer = createLineFramer({ maxRecordBytes: maxLineBytes });
  const waiting = [...refs];
  const settle = function* (frame: Frame | undefined): Generator<SourceRecord, void> {
    // What the end of the log completed stands where a line could only begin after it.
    for (let ref = waiting[0]; ref && (frame === undefined || ref.offset < frame.offset); ref = waiting[0]) {
      waiting.shift();
      if (ref.length > 0) continue;
      const { spans } = log.end();
      if (spans.length > 0) yield { ref, spans };
    }
    if (frame === undefined || waiting.length === 0) return;
    const spans = log.take(frame)?.spans ?? [];
    if (waiting[0]?.offset !== frame.offset) return;
    const ref = waiting.shift();
    if (ref && spans.length > 0) yield { ref, spans };
  };
  for await (const chunk of readContent(handle, { encoding, from: 0 })) {
    for (const frame of framer.push(chunk)) yield* settle(frame);
    if (waiting.length === 0) return;
  }
  for (const frame of framer.end()) yield* settle(frame);
  yield* settle(undefined);
}

type Piece = readonly [RecordRef, Buffer];

async function* inPlace(handle: FileHandle, refs: readonly RecordRef[]): AsyncGenerator<Piece, void> {
  for (const ref of refs) {
    const bytes = Buffer.allocUnsafe(ref.length);
    const { bytesRead } = await handle.read(bytes, 0, ref.length, ref.offset);
    if (bytesRead === ref.length) yield [ref, bytes];
  }
}

async function* streamed(
  handle: FileHandle,
  encoding: Encoding,
  refs: readonly RecordRef[],
): AsyncGenerator<Piece, void> {
  let position = refs[0]?.offset ?? 0;
  let next = 0;
  let parts: Buffer[] = [];
  for await (const chunk of readContent(handle, { encoding, from: position })) {
    for (let ref = refs[next]; ref; ref = refs[next]) {
      const end = ref.offset + ref.length;
      const from = Math.max(ref.offset - position, 0);
      if (from < chunk.length) parts.push(Buffer.from(chunk.subarray(from, end - position)));
      if (end > position + chunk.length) break;
      yield [ref, Buffer.concat(parts)];
      parts = [];
      next += 1;
    }
    position += chunk.length;
    if (next >= refs.length) return;
  }
}
