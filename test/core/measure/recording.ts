import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createAssembler } from '../../../src/core/assemble/assembler.ts';
import { otlpJson } from '../../../src/core/ingest/formats/otlp-json.ts';
import type { Call } from '../../../src/core/model/operation.ts';
import type { SourceRecord } from '../../../src/core/model/source.ts';
import type { Trace } from '../../../src/core/model/trace.ts';

const folder = new URL('../../fixtures/telemetry/', import.meta.url);

/** Records of a recording among the fixtures, through the real format. */
export function recordsOf(fixture: string): readonly SourceRecord[] {
  const lines = gunzipSync(readFileSync(new URL(fixture, folder)))
    .toString('utf8')
    .split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line, index) => ({
      ref: { file: fixture, offset: index, length: line.length },
      spans: otlpJson.decode(Buffer.from(line), { file: fixture, line: index + 1 }).spans,
    }));
}

export function tracesOf(records: readonly SourceRecord[]): readonly Trace[] {
  const assembler = createAssembler();
  return [...records.flatMap((record) => assembler.add(record)), ...assembler.flush()];
}

/** How many of them have each value of `key`, as an object. */
export function tally(
  calls: readonly Call[],
  key: (call: Call) => string | undefined,
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const call of calls) {
    const value = key(call);
    if (value !== undefined) counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}
