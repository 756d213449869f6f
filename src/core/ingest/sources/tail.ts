import type { FileHandle } from 'node:fs/promises';
import type { Problem } from '../../model/problem.ts';
import type { FilePosition, SourceBatch, SourceRecord } from '../../model/source.ts';
import { createTally } from '../format.ts';
import type { Format, Tally } from '../format.ts';
import { readContent } from './content.ts';
import type { ContentFault, Encoding } from './content.ts';
import { decodeFrame } from './decode-frame.ts';
import { createFramer } from './framing.ts';
import type { Frame, Framer } from './framing.ts';
import { formatIdentity, headBytes, headMark, startsWith, tailBytes, tailMark } from './identity.ts';
import type { Identity } from './identity.ts';

/** A file that is or was read, under whatever name. */
export interface TailedFile {
  readonly key: string;
  /** Absolute; the last one known where the file is gone. */
  path: string;
  /** False while no file on disk is known to be this one. */
  present: boolean;
  identity: Identity;
  encoding: Encoding;
  /** Content consumed: the end of a record, and the line breaks before it. */
  offset: number;
  line: number;
  /** Kept between readings where content can be read on in place; holds what is half read. */
  framer: Framer | undefined;
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
  const { maxRecordBytes, final } = context;
  const inPlace = file.encoding === 'plain';
  const framer =
    (inPlace && file.framer) || createFramer({ offset: file.offset, line: file.line, maxRecordBytes });
  const name = context.name(file.path);
  const start = framer.offset === 0 ? createHead() : { bytes: head, add: () => {} };
  const from = framer.offset;
  let part = createPart();
  let unfinished: Frame | undefined;

  const take = (frame: Frame): void => {
    const decoded = decodeFrame(frame, name, file.format, context.now());
    file.format ??= decoded.format;
    for (const problem of decoded.problems) part.problems.add(problem);
    // Told, but not passed over: what is half written at the end may be whole at the next run.
    if (inPlace && frame === unfinished) return;
    part.offset = frame.offset + frame.length;
    part.line = frame.endLine;
    part.pending += frame.length;
    if (frame.kind !== 'record') return;
    part.read += 1;
    part.tail = { bytes: Buffer.from(frame.bytes.subarray(-tailBytes)), end: part.offset };
    if (decoded.spans.length === 0) return;
    const ref = { file: file.key, offset: frame.offset, length: frame.length };
    part.records.push({ ref, spans: decoded.spans });
  };

  const flush = async (): Promise<boolean> => {
    if (framer.offset === from && part.problems.size === 0) return true;
    const mark = headMark(start.bytes, framer.offset);
    // Looked at after the reading: a file that was cut and filled again since then is another one.
    if (inPlace && !(await startsWith(handle, mark))) return false;
    const { records, problems, tail, offset = file.offset, line = file.line } = part;
    const moved = offset !== file.offset;
    Object.assign(file, { offset, line, bytes: framer.offset, records: file.records + part.read });
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
  const [fault] = faults;
  if (fault) tellFault(file, fault, name, final, (problem) => part.problems.add(problem));
  // A complete gzip file is final by itself; one that is still being copied is not.
  if (final || (file.encoding === 'gzip' && !fault)) {
    const rest = framer.end();
    unfinished = rest.find((frame) => !frame.closed);
    rest.forEach(take);
  } else if (inPlace) file.framer = framer;
  return flush();
}

/** What was read and not yet delivered. */
interface Part {
  offset?: number;
  line?: number;
  pending: number;
  read: number;
  tail?: { readonly bytes: Buffer; readonly end: number };
  readonly records: SourceRecord[];
  readonly problems: Tally;
}

function createPart(): Part {
  return { pending: 0, read: 0, records: [], problems: createTally() };
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
  const what = fault === 'truncated' ? 'ends early' : 'is damaged';
  const message = `This gzip file ${what}: what stands before that place was read.`;
  tell({ file: name, code: `${fault}-gzip`, message, count: 1 });
}

export function positionOf(file: TailedFile, name: string): FilePosition {
  const { key, offset, line, identity } = file;
  return { file: key, path: name, offset, line, fingerprint: formatIdentity(identity) };
}
