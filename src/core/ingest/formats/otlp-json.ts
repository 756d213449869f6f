import type { Problem } from '../../model/problem.ts';
import type { Decoded } from '../../model/source.ts';
import type { Span } from '../../model/span.ts';
import { createTally } from '../format.ts';
import type { RecordFormat, RecordPlace } from '../format.ts';
import { otlpJsonExample } from './otlp/example.ts';
import { isObject, listOf } from './otlp/raw.ts';
import type { Complain, RawRequest } from './otlp/raw.ts';
import { createScanner } from './otlp/scan/scanner.ts';
import type { Scanner } from './otlp/scan/scanner.ts';
import { decodeResourceSpans, latestMs } from './otlp/spans.ts';
import { quoteTimes } from './otlp/time.ts';
import { mayHoldLoneSurrogate, wellFormed } from './otlp/well-formed.ts';

const signature = /"resource(?:Spans|Logs|Metrics)"\s*:/;
const request = /\{\s*"resource(?:Spans|Logs|Metrics)"\s*:/g;

/** Export requests as OpenTelemetry SDKs and the Collector's file exporter write them; logs and metrics give no spans and no problem. */
export const otlpJson: RecordFormat = {
  id: 'otlp-json',
  title: 'OpenTelemetry Protocol, JSON',
  recognises: ({ text }) => signature.test(text),
  decode(record, at) {
    const tally = createTally();
    const complain: Complain = (code, message) => tally.add(problemAt(at, code, message));
    const spans: Span[] = [];
    for (const value of parse(record.toString('utf8'), complain)) decodeRequest(value, at, complain, spans);
    return { spans, problems: tally.list() } satisfies Decoded;
  },
  scan(record, { nowMs }) {
    scanner ??= createScanner() ?? { scan: () => undefined };
    return scanner.scan(record, latestMs(nowMs));
  },
  example: otlpJsonExample,
};

/** Made at the first request: most commands never read one. */
let scanner: Scanner | undefined;

function problemAt(at: RecordPlace, code: string, message: string): Problem {
  return { file: at.file, line: at.line, code, message, count: 1 };
}

function decodeRequest(value: unknown, at: RecordPlace, complain: Complain, into: Span[]): void {
  const raw: RawRequest = isObject(value) ? value : {};
  if (
    raw.resourceSpans === undefined &&
    raw.resourceLogs === undefined &&
    raw.resourceMetrics === undefined
  ) {
    complain('unknown-schema', 'This is JSON, but not an OTLP request with spans, logs or metrics: skipped.');
    return;
  }
  for (const entry of listOf(raw.resourceSpans, 'resourceSpans', complain)) {
    decodeResourceSpans(entry, at.nowMs, complain, into);
  }
}

function parse(record: string, complain: Complain): readonly unknown[] {
  const whole = tryParse(record, complain);
  if (whole !== undefined) return [whole];
  complain('torn-line', 'This record is cut off or is not valid JSON: what cannot be read was skipped.');
  const glued = lastRequest(record);
  return glued === undefined ? [] : [tryParse(glued, complain)].filter((value) => value !== undefined);
}

/** After a crash the next request may follow a half-written one on the same line: it is still whole. */
function lastRequest(record: string): string | undefined {
  const last = [...record.matchAll(request)].at(-1)?.index ?? 0;
  return last > 0 ? record.slice(last) : undefined;
}

function tryParse(json: string, complain: Complain): unknown {
  let value: unknown;
  try {
    value = JSON.parse(quoteTimes(json));
  } catch {
    return undefined;
  }
  if (!mayHoldLoneSurrogate(json)) return value;
  const onMended = (): void =>
    complain('lone-surrogate', 'A text holds half a character: replaced by U+FFFD.');
  return wellFormed(value, onMended);
}
