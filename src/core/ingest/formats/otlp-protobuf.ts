import type { Span } from '../../model/span.ts';
import { createTally } from '../format.ts';
import type { RecordFormat } from '../format.ts';
import { protobufExample } from './otlp/proto-example.ts';
import { createProtoMemory, createProtoReader } from './otlp/proto-reader.ts';
import { beginsRequest, readRequest } from './otlp/proto-request.ts';
import { createIds, readSpan } from './otlp/proto-spans.ts';
import type { Complain } from './otlp/raw.ts';

const hourMs = 3_600_000;
/** The last moment that a Date can hold. */
const lastMs = 8.64e15;
const memory = createProtoMemory();

/** Export requests in binary form, one a record, as SDKs send them by default and the Collector's file exporter writes them with `format: proto`. */
export const otlpProtobuf: RecordFormat = {
  id: 'otlp-protobuf',
  title: 'OpenTelemetry Protocol, protobuf',
  recognises: ({ bytes }) => beginsRequest(bytes),
  decode(record, at) {
    const tally = createTally();
    const complain: Complain = (code, message) =>
      tally.add({ file: at.file, line: at.line, code, message, count: 1 });
    if (record.length === 0) complain('torn-record', 'This record is empty.');
    const latestMs = at.nowMs === undefined ? lastMs : at.nowMs + hourMs;
    const spans: Span[] = [];
    const reader = createProtoReader(record, complain, memory);
    const ids = createIds();
    readRequest(reader, {
      element(signal, to, scope) {
        const span = signal === 'spans' ? readSpan(reader, to, scope, latestMs, ids) : undefined;
        if (span) spans.push(span);
      },
    });
    return { spans, problems: tally.list() };
  },
  example: protobufExample,
};
