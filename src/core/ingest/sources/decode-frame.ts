import type { Decoded } from '../../model/source.ts';
import type { Problem } from '../../model/problem.ts';
import * as zlib from 'node:zlib';
import { headOf } from '../format.ts';
import type { Format, RecordFormat } from '../format.ts';
import * as formats from '../formats/registry.ts';
import { isZstd } from './content.ts';
import type { Frame } from './framing.ts';

const all: readonly Format[] = Object.values(formats);
const ofRecords: readonly RecordFormat[] = all.flatMap((format) => (format.decode ? [format] : []));

/** The format of a whole file, told from its start; undefined where none knows it. */
export function formatOfFile(start: Buffer): Format | undefined {
  const head = headOf(start);
  return formatOfRecord(start) ?? all.find((format) => format.recognises(head));
}

/** True where the bytes begin like a record of a known format, perhaps compressed. */
export function beginsRecord(start: Buffer): boolean {
  return isZstd(start) || formatOfRecord(start) !== undefined;
}

/** The format that a record is in, tried first with the one seen last. */
function formatOfRecord(record: Buffer, last?: Format): RecordFormat | undefined {
  const head = headOf(record);
  return last?.decode && last.recognises(head) ? last : ofRecords.find((format) => format.recognises(head));
}

/** The folder source's own limit. */
export const recordLimit = 64 * 1024 * 1024;

/** What a frame holds and in which format; never throws. `nowMs` as in `RecordPlace`; the limit is that of an unpacked record. */
export function decodeFrame(
  packed: Frame,
  file: string,
  last: Format | undefined,
  nowMs: number | undefined,
  maxRecordBytes = recordLimit,
): Decoded & { readonly format?: Format } {
  const frame = unpackFrame(packed, maxRecordBytes);
  const one = (code: string, message: string): Decoded => {
    const problem: Problem = { file, line: frame.line, code, message, count: 1 };
    return { spans: [], problems: [problem] };
  };
  if (frame.kind === 'junk') return one('not-json', 'This line is not JSON: skipped.');
  if (frame.kind === 'corrupt')
    return one('torn-record', 'This compressed record is cut off or damaged: skipped.');
  if (frame.kind === 'oversize') return { spans: [], problems: [oversizeProblem(frame, file)] };
  if (frame.scanned !== undefined) return { spans: frame.scanned, problems: [] };
  const format = formatOfRecord(frame.bytes, last);
  if (format) {
    const at = { file, line: frame.line, ...(nowMs === undefined ? {} : { nowMs }) };
    const spans = format.scan?.(frame.bytes, at);
    if (spans !== undefined) return { spans, problems: [], format };
    return { ...format.decode(frame.bytes, at), format };
  }
  if (!frame.closed) return one('torn-line', 'This record is cut off: skipped.');
  const known = ofRecords.map((candidate) => candidate.title).join(', ');
  return one('unknown-schema', `This record is JSON in no known form (known: ${known}): skipped.`);
}

/** That a frame was too large to be kept. */
export function oversizeProblem({ line, length }: Pick<Frame, 'line' | 'length'>, file: string): Problem {
  const message = `This record is larger than the limit (${mebibytes(length)} MiB): skipped.`;
  return { file, line, code: 'record-too-large', message, count: 1 };
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}

/** A frame with the content of a compressed one; never more of it than the limit is held. */
function unpackFrame(
  frame: Frame,
  maxOutputLength: number,
): Omit<Frame, 'kind'> & { readonly kind: Frame['kind'] | 'corrupt' } {
  if (frame.kind !== 'record' || !isZstd(frame.bytes)) return frame;
  try {
    return { ...frame, bytes: zlib.zstdDecompressSync(frame.bytes, { maxOutputLength }) };
  } catch (error) {
    const large = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return large ? { ...frame, kind: 'oversize', length: maxOutputLength } : { ...frame, kind: 'corrupt' };
  }
}
