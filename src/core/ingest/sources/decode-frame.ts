import type { Decoded } from '../../model/source.ts';
import type { Problem } from '../../model/problem.ts';
import type { Format } from '../format.ts';
import * as formats from '../formats/registry.ts';
import type { Frame } from './framing.ts';

const headCharacters = 4096;
const all: readonly Format[] = Object.values(formats);

/** The format that a text starts in, tried first with the one seen last; undefined where none knows it. */
export function formatOf(text: string, last?: Format): Format | undefined {
  const head = text.slice(0, headCharacters);
  return last?.recognises(head) ? last : all.find((format) => format.recognises(head));
}

/** What a frame holds and in which format; never throws. `nowMs` as in `RecordPlace`. */
export function decodeFrame(
  frame: Frame,
  file: string,
  last: Format | undefined,
  nowMs: number | undefined,
): Decoded & { readonly format?: Format } {
  const one = (code: string, message: string): Decoded => {
    const problem: Problem = { file, line: frame.line, code, message, count: 1 };
    return { spans: [], problems: [problem] };
  };
  if (frame.kind === 'junk') return one('not-json', 'This line is not JSON: skipped.');
  if (frame.kind === 'oversize') {
    return one(
      'record-too-large',
      `This record is larger than the limit (${mebibytes(frame.length)} MiB): skipped.`,
    );
  }
  const text = frame.bytes.toString('utf8');
  const format = formatOf(text, last);
  if (format)
    return {
      ...format.decode(text, { file, line: frame.line, ...(nowMs === undefined ? {} : { nowMs }) }),
      format,
    };
  if (!frame.closed) return one('torn-line', 'This record is cut off: skipped.');
  const known = all.map((candidate) => candidate.title).join(', ');
  return one('unknown-schema', `This record is JSON in no known form (known: ${known}): skipped.`);
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}
