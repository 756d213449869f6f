import type { FileHandle } from 'node:fs/promises';
import type { Problem } from '../../model/problem.ts';
import type { FilePosition, SourceBatch, SourceRecord } from '../../model/source.ts';
import { createTally } from '../format.ts';
import type { Format, Tally } from '../format.ts';
import { isPacked, isZstd, readContent } from './content.ts';
import type { ContentFault, Encoding } from './content.ts';
import { decodeFrame } from './decode-frame.ts';
import { createFramer } from './framing.ts';
import type { Frame, Framer, FramerOptions } from './framing.ts';
import { formatIdentity, headBytes, headMark, startsWith, tailBytes, tailMark } from './identity.ts';
import type { Identity } from './identity.ts';
import { createMessageFramer } from './length-prefixed-framing.ts';
import type { Framing } from './length-prefixed-framing.ts';
import { createLineFramer } from './line-framing.ts';
import { createLogReading } from './log-reading.ts';
import type { LogReading } from './log-reading.ts';

/** A file that is or was read, under whatever name. */
export interface TailedFile {
  readonly key: string;
  /** Absolute; the last one known where the file is gone. */
  path: string;
  /** False while no file on disk is known to be this one. */
  present: boolean;
  identity: Identity;
  encoding: Encoding;
  framing: Framing;
  /** A message of it was compressed by itself. */
  packedMessages: boolean;
  /** Content consumed: the end of a record, and the line breaks before it. */
  offset: number;
  line: number;
  /** Kept between readings where content can be read on in place; holds what is half read. */
  framer: Framer | undefined;
  /** Kept with the framer; absent where records stand for themselves. */
  log: LogReading | undefined;
  /** What only the end of a log completes was delivered at `offset`. */
  ended: boolean;
  /** `Listed.stamp` at the last reading; empty to have it read again. */
  stamp: string;
  /** Stamp at which a compressed file was found to end early; told only when it stays so. */
  faultStamp: string;
  format: Format | undefined;
  note: string | undefined;
  /** Of content. */
  bytes: number;
  records: number;
  spans: number;
}

export interface TailContext {
  /** Path to show for a file. */
  name(path: string): string;
  now(): number;
  deliver(batch: SourceBatch): Promise<void>;
  closed(): boolean;
  /** True when nothing will be added to the file: what is left over is a torn record. */
  readonly final: boolean;
  readonly maxRecordBytes: number;
}

/** Text in one batch, about; a single larger record is a batch of its own. */
const batchBytes = 1024 * 1024;

/**
 * Reads what was added to a file since it was last read, and delivers it; `head` is the start of its content as it was
 * identified. False when the content was exchanged meanwhile: nothing of what was read since the last batch is delivered
 * then, and the file has to be identified anew.
 */
export async function readOn(
  file: TailedFile,
  handle: FileHandle,
  head: Buffer,
  context: TailContext,
): Promise<boolean> {
  const { final } = context;
  const inPlace = file.encoding === 'plain';
  const name = context.name(file.path);
  const { framer, log } = readingOf(file, name, context);
  const start = framer.offset === 0 ? createHead() : { bytes: head, add: () => {} };
  const from = framer.offset;
  let part = createPart();
  let unfinished: Frame | undefined;

  const take = (frame: Frame): void => {
    const decoded: ReturnType<typeof decodeFrame> | undefined = log
      ? log.take(frame)
      : decodeFrame(frame, name, file.format, context.now(), context.maxRecordBytes);
    if (decoded === undefined) return;
    file.format ??= decoded.format;
    for (const problem of decoded.problems) part.problems.add(problem);
    // Told, but not passed over: what is half written at the end may be whole at the next run.
    if (frame === unfinished && (log ? decoded.spans.length === 0 : inPlace)) return;
    part.offset = frame.offset + frame.length;
    part.line = frame.endLine;
    part.pending += frame.length;
    if (frame.kind !== 'record') return;
    part.read += 1;
    file.packedMessages ||= isZstd(frame.bytes);
    part.tail = { bytes: Buffer.from(frame.bytes.subarray(-tailBytes)), end: part.offset };
    if (decoded.spans.length === 0) return;
    const ref = { file: file.key, offset: frame.offset, length: frame.length };
    part.records.push({ ref, spans: decoded.spans });
  };

  /** What a log's end completes stands behind its last line. */
  const takeEnd = (reading: LogReading): void => {
    const { spans, problems } = reading.end();
    for (const problem of problems) part.problems.add(problem);
    if (spans.length === 0) return;
    part.offset ??= file.offset;
    part.ended = true;
    part.records.push({ ref: { file: file.key, offset: part.offset, length: 0 }, spans });
  };

  const flush = async (): Promise<boolean> => {
    if (framer.offset === from && part.problems.size === 0) return true;
    const mark = headMark(start.bytes, framer.offset);
    // Looked at after the reading: a file that was cut and filled again since then is another one.
    if (inPlace && !(await startsWith(handle, mark))) return false;
    const { records, problems, tail, offset = file.offset, line = file.line } = part;
    const moved = offset !== file.offset || part.ended;
    const ended = part.ended || (file.ended && !moved);
    Object.assign(file, { offset, line, ended, bytes: framer.offset, records: file.records + part.read });
    file.spans += records.reduce((sum, { spans }) => sum + spans.length, 0);
    file.identity = {
      ...file.identity,
      head: mark,
      ...(tail ? { tail: tailMark(tail.bytes, tail.end) } : {}),
    };
    part = createPart();
    if (moved || problems.size > 0) {
      await context.deliver({ position: positionOf(file, name), records, problems: problems.list() });
    }
    return true;
  };

  const faults: ContentFault[] = [];
  const onFault = (fault: ContentFault): void => void faults.push(fault);
  for await (const chunk of readContent(handle, { encoding: file.encoding, from, onFault })) {
    start.add(chunk);
    for (const frame of framer.push(chunk)) take(frame);
    if (part.pending >= batchBytes && !(await flush())) return false;
    if (context.closed()) return true;
  }
  framer.settle().forEach(take);
  const [fault] = faults;
  if (fault) tellFault(file, fault, name, final, (problem) => part.problems.add(problem));
  // A complete compressed file is final by itself; one that is still being copied is not.
  if (final || (isPacked(file.encoding) && !fault)) {
    const rest = framer.end();
    unfinished = rest.find((frame) => !frame.closed);
    rest.forEach(take);
    if (log) takeEnd(log);
  } else if (inPlace) Object.assign(file, { framer, log });
  return flush();
}

/** Where the last reading stopped, or a new start; a log starts at its first line each time. */
function readingOf(
  file: TailedFile,
  path: string,
  context: TailContext,
): { readonly framer: Framer; readonly log: LogReading | undefined } {
  const { key, offset, line, ended, format } = file;
  const { maxRecordBytes } = context;
  const { framing } = file;
  const isLog = format?.open !== undefined && framing === 'text';
  if (file.encoding === 'plain' && file.framer && isLog === (file.log !== undefined)) {
    return { framer: file.framer, log: file.log };
  }
  if (framing !== 'text') {
    return { framer: createMessageFramer({ framing, offset, line, maxRecordBytes }), log: undefined };
  }
  if (!isLog) {
    const scan: FramerOptions['scan'] = (bytes, number) => {
      const known = file.format;
      return known?.decode && known.scan?.(bytes, { file: path, line: number, nowMs: context.now() });
    };
    return { framer: createFramer({ offset, line, maxRecordBytes, scan }), log: undefined };
  }
  const log = createLogReading(format, { path, key, offset, ended });
  return { framer: createLineFramer({ maxRecordBytes }), log };
}

/** What was read and not yet delivered. */
interface Part {
  offset?: number;
  line?: number;
  pending: number;
  read: number;
  ended: boolean;
  tail?: { readonly bytes: Buffer; readonly end: number };
  readonly records: SourceRecord[];
  readonly problems: Tally;
}

function createPart(): Part {
  return { pending: 0, read: 0, ended: false, records: [], problems: createTally() };
}

/** Gathers the start of a content as it goes by. */
function createHead(): { readonly bytes: Buffer; add(chunk: Buffer): void } {
  let bytes: Buffer = Buffer.alloc(0);
  return {
    get bytes() {
      return bytes;
    },
    add(chunk) {
      if (bytes.length < headBytes)
        bytes = Buffer.concat([bytes, chunk.subarray(0, headBytes - bytes.length)]);
    },
  };
}

/** While watching, a file that ends early may still be on its way: it is told of when it did not change until the next look. */
function tellFault(
  file: TailedFile,
  fault: ContentFault,
  name: string,
  final: boolean,
  tell: (problem: Problem) => void,
): void {
  if (!final && file.faultStamp !== file.stamp) {
    file.faultStamp = file.stamp;
    file.stamp = '';
    return;
  }
  const { encoding } = file;
  const what = fault === 'truncated' ? 'ends early' : 'is damaged';
  const message =
    fault === 'unsupported'
      ? `This ${encoding} file cannot be unpacked here: Node.js 22.15 or later is needed.`
      : `This ${encoding} file ${what}: what stands before that place was read.`;
  tell({ file: name, code: `${fault}-${encoding}`, message, count: 1 });
}

export function positionOf(file: TailedFile, name: string): FilePosition {
  const { key, offset, line, identity, ended } = file;
  return { file: key, path: name, offset, line, fingerprint: formatIdentity(identity, ended) };
}
