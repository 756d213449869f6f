import type { Problem } from '../../../model/problem.ts';
import { headOf, type RecordFormat } from '../../format.ts';
import { otlpJson, otlpProtobuf } from '../../formats/registry.ts';
import { refusal, type Refusal } from './refusal.ts';
import type { Encoding } from './screen.ts';

/** What a request holds, as far as its sender must know. */
export interface Judged {
  readonly spans: number;
  /** Spans or log records that cannot be taken. */
  readonly rejected: number;
  /** What was wrong with them or mended; empty: nothing. */
  readonly message: string;
}

const formats: Readonly<Record<Encoding, RecordFormat>> = { json: otlpJson, protobuf: otlpProtobuf };
/** Problems that mean: this is no request at all. */
const fatal: ReadonlySet<string> = new Set(['torn-line', 'torn-record', 'unknown-schema']);
/** Problems that cost a span or a log record each. */
const costly: ReadonlySet<string> = new Set(['bad-id', 'bad-time', 'future-time']);
const emptyRequest = /^\s*\{\s*\}\s*$/;

/** Undefined: a request that holds nothing. `nowMs` is the wall clock. */
export function judge(encoding: Encoding, body: Buffer, nowMs: number): Judged | Refusal | undefined {
  if (body.length === 0 && encoding === 'protobuf') return undefined;
  if (body.length < 64 && encoding === 'json' && emptyRequest.test(body.toString())) return undefined;
  const format = formats[encoding];
  const malformed = refusal('malformed', `This is no export request of OTLP in ${encoding}.`);
  // What readers of the spool would not know must not be taken either.
  if (!format.recognises(headOf(body))) return malformed;
  const { spans, problems } = format.decode(body, { file: 'request', line: 1, nowMs });
  if (problems.some(({ code }) => fatal.has(code))) return malformed;
  const rejected = problems.filter(({ code }) => costly.has(code)).reduce((sum, { count }) => sum + count, 0);
  return { spans: spans.length, rejected, message: problems.map(sentence).join(' ') };
}

function sentence({ message, count }: Problem): string {
  return count > 1 ? `${message} (${count} times)` : message;
}
