import type { FileHandle } from 'node:fs/promises';
import type { Problem } from '../../model/problem.ts';
import type { FilePosition, SourceBatch, SourceRecord } from '../../model/source.ts';
import { createTally } from '../format.ts';
import type { Format } from '../format.ts';
import { readContent } from './content.ts';
import type { ContentFault, Encoding } from './content.ts';
import { decodeFrame } from './decode-frame.ts';
import { createFramer } from './framing.ts';
import type { Frame, Framer } from './framing.ts';
import { formatIdentity, headMark, tailBytes, tailMark } from './identity.ts';
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

/** Reads what was added to a file since it was last read, and delivers it; `head` is the start of its content now. */
export async function readOn(
  file: TailedFile,
  handle: FileHandle,
  head: Buffer,
  context: TailContext,
): Promise<void> {
  const inPlace = file.encoding === 'plain';
  const { maxRecordBytes } = context;
  const framer =
    (inPlace && file.framer) || createFramer({ offset: file.offset, line: file.line, maxRecordBytes });
  const name = context.name(file.path);
  let delivered = file.offset;
  let records: SourceRecord[] = [];
  let problems = createTally();
  let pending = 0;
  let tail: { readonly bytes: Buffer; readonly end: number } | undefined;

  const take = (frame: Frame): void => {
    const decoded = decodeFrame(frame, name, file.format, context.now());
    file.format ??= decoded.format;
    file.offset = frame.offset + frame.length;
    file.line = frame.endLine;
    file.spans += decoded.spans.length;
    pending += frame.length;
    for (const problem of decoded.problems) problems.add(problem);
    if (frame.kind !== 'record') return;
    file.records += 1;
    tail = { bytes: Buffer.from(frame.bytes.subarray(-tailBytes)), end: file.offset };
    if (decoded.spans.length > 0) {
      records.push({
        ref: { file: file.key, offset: frame.offset, length: frame.length },
        spans: decoded.spans,
      });
    }
  };

  const flush = async (): Promise<void> => {
    file.bytes = framer.offset;
    file.identity = {
      ...file.identity,
      head: headMark(head, Math.min(framer.offset, head.length)),
      ...(tail ? { tail: tailMark(tail.bytes, tail.end) } : {}),
    };
    if (file.offset === delivered && problems.size === 0) return;
    const batch = { position: positionOf(file, name), records, problems: problems.list() };
    delivered = file.offset;
    records = [];
    problems = createTally();
    pending = 0;
    await context.deliver(batch);
  };

  const faults: ContentFault[] = [];
  const request = {
    encoding: file.encoding,
    from: framer.offset,
    onFault: (fault: ContentFault) => faults.push(fault),
  };
  for await (const chunk of readContent(handle, request)) {
    for (const frame of framer.push(chunk)) {
      take(frame);
      if (pending >= batchBytes) await flush();
    }
    if (context.closed()) return;
  }
  const [fault] = faults;
  if (fault) tellFault(file, fault, name, context.final, (problem) => problems.add(problem));
  // A complete gzip file is final by itself; one that is still being copied is not.
  if (context.final || (file.encoding === 'gzip' && !fault)) framer.end().forEach(take);
  else if (inPlace) file.framer = framer;
  await flush();
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
