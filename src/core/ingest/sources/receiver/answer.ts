import { rpcCode, type Refusal } from './refusal.ts';
import type { Encoding, Signal } from './screen.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Buffer;
}

const contentTypes: Readonly<Record<Encoding, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
};
const rejectedNames: Readonly<Record<Signal, string>> = {
  traces: 'rejectedSpans',
  logs: 'rejectedLogRecords',
  metrics: 'rejectedDataPoints',
};
const nothing = Buffer.alloc(0);

/** An `Export…ServiceResponse`; with a message it is a partial success, of which `rejected` items were lost. */
export function accepted(signal: Signal, encoding: Encoding, rejected: number, message: string): Answer {
  if (message === '') return answer(200, encoding, encoding === 'json' ? Buffer.from('{}') : nothing);
  if (encoding === 'protobuf') {
    const partial = Buffer.concat([varintField(1, rejected), textField(2, message)]);
    return answer(200, encoding, bytesField(1, partial));
  }
  // A 64-bit number of protobuf is text in JSON.
  const partialSuccess = { [rejectedNames[signal]]: String(rejected), errorMessage: message };
  return answer(200, encoding, Buffer.from(JSON.stringify({ partialSuccess })));
}

/** A `google.rpc.Status`. */
export function refused(refusal: Refusal, encoding: Encoding): Answer {
  const code = rpcCode(refusal.status);
  const body =
    encoding === 'json'
      ? Buffer.from(JSON.stringify({ code, message: refusal.message }))
      : Buffer.concat([varintField(1, code), textField(2, refusal.message)]);
  return answer(refusal.status, encoding, body, {
    ...(refusal.retryAfter === undefined ? {} : { 'retry-after': refusal.retryAfter }),
    ...(refusal.reason === 'method' ? { allow: 'POST' } : {}),
  });
}

function answer(status: number, encoding: Encoding, body: Buffer, more: Answer['headers'] = {}): Answer {
  return {
    status,
    headers: { 'content-type': contentTypes[encoding], 'content-length': body.length, ...more },
    body,
  };
}

/** Field of wire type 0; protobuf leaves out a zero. */
function varintField(field: number, value: number): Buffer {
  return value === 0 ? nothing : Buffer.concat([varint(field << 3), varint(value)]);
}

function textField(field: number, text: string): Buffer {
  return bytesField(field, Buffer.from(text));
}

function bytesField(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
