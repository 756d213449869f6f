import type { FormatExample } from '../../format.ts';
import { otlpJsonExample } from './example.ts';

/** A field that holds bytes, text or other fields. */
function field(number: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

const number = (at: number, value: number): Buffer => Buffer.concat([varint(at * 8), varint(value)]);
const hex = (text: string): Buffer => Buffer.from(text, 'hex');

function time(at: number, nanos: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(nanos);
  return Buffer.concat([varint(at * 8 + 1), bytes]);
}

function double(at: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint(at * 8 + 1), bytes]);
}

const pair = (at: number, key: string, value: Buffer): Buffer => field(at, field(1, key), field(2, value));
const traceId = field(1, hex('5b8efff798038103d269b633813fc60c'));

/** The request of the JSON example in binary form, its resource last. */
export const protobufExample: FormatExample = {
  spans: otlpJsonExample.spans,
  input: field(
    1,
    field(
      2,
      field(1, field(1, '@opentelemetry/instrumentation-http')),
      field(
        2,
        traceId,
        field(2, hex('eee19b7ec3c1b174')),
        field(5, 'GET /café/:id'),
        number(6, 2),
        time(7, 1795385460652000001n),
        time(8, 1795385460664500002n),
        pair(9, 'http.response.status_code', number(3, 500)),
        pair(9, 'retried', number(2, 1)),
        pair(9, 'tags', field(5, field(1, field(1, 'a')), field(1, field(1, 'b')))),
        field(
          11,
          time(1, 1795385460660000000n),
          field(2, 'exception'),
          pair(3, 'exception.type', field(1, 'TypeError')),
        ),
        field(15, field(2, 'boom'), number(3, 2)),
      ),
    ),
    field(
      2,
      field(1, field(1, '@opentelemetry/instrumentation-express')),
      field(
        2,
        traceId,
        field(2, hex('0102030405060708')),
        field(4, hex('eee19b7ec3c1b174')),
        field(5, 'middleware - json'),
        number(6, 1),
        time(7, 1795385460653000000n),
        time(8, 1795385460653250000n),
        pair(9, 'load', double(4, 0.5)),
      ),
    ),
    field(
      1,
      pair(1, 'service.name', field(1, 'shop')),
      pair(1, 'service.version', field(1, '1.4.2')),
      pair(1, 'deployment.environment.name', field(1, 'production')),
      pair(1, 'process.pid', number(3, 42)),
    ),
  ),
};
