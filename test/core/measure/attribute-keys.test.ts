import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createAssembler } from '../../../src/core/assemble/assembler.ts';
import { otlpJson } from '../../../src/core/ingest/formats/otlp-json.ts';
import { callsOf } from '../../../src/core/measure/calls.ts';
import { createShapes } from '../../../src/core/measure/shapes/shapes.ts';
import { createWindows } from '../../../src/core/measure/windows.ts';
import { sharedAttributes, varyingAttributes } from '../../../src/core/model/attribute-keys.ts';
import type { Attributes, Span } from '../../../src/core/model/span.ts';

const recordings = ['express5-traces', 'express4-traces', 'frameworks-traces', 'shop/shop-1.1.0'];
const at = { file: 'f', line: 1 };

function recordsOf(name: string): readonly Buffer[] {
  const file = new URL(`../../fixtures/telemetry/${name}.jsonl.gz`, import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => Buffer.from(line));
}

/** Everything that is kept of the spans. */
function measured(records: readonly (readonly Span[])[]): object {
  const assembler = createAssembler();
  const windows = createWindows();
  const shapes = createShapes();
  const traces = records.flatMap((spans, index) =>
    assembler.add({ ref: { file: 'f', offset: index, length: 1 }, spans }),
  );
  for (const trace of [...traces, ...assembler.flush()]) {
    const calls = callsOf(trace);
    windows.fold(calls);
    shapes.fold(trace, calls);
  }
  return { ...windows.dirty(), shapes: shapes.dirty() };
}

describe('attributes that are read', () => {
  it('are all named', () => {
    const named = new Set([...sharedAttributes, ...varyingAttributes]);
    const asked = new Set<string>();
    const watched = (attributes: Attributes): Attributes =>
      new Proxy(attributes, {
        get: (target, key) => {
          asked.add(String(key));
          return Reflect.get(target, key) as unknown;
        },
        has: (target, key) => {
          asked.add(String(key));
          return Reflect.has(target, key);
        },
        ownKeys: () => {
          throw new Error('Nobody may ask for all attributes: a scanner leaves some out.');
        },
      });
    for (const name of recordings) {
      measured(
        recordsOf(name).map((record) =>
          otlpJson
            .decode(record, at)
            .spans.map((span) => ({ ...span, attributes: watched(span.attributes) })),
        ),
      );
    }
    assert.ok(asked.size > 40);
    assert.deepEqual(
      [...asked].filter((key) => !named.has(key)),
      [],
    );
  });

  for (const name of recordings) {
    it(`are enough for the same windows and shapes of ${name}`, () => {
      const records = recordsOf(name);
      const scanned = records.map((record) => {
        const spans = otlpJson.scan?.(record, at);
        assert.ok(spans !== undefined);
        return spans;
      });
      assert.deepEqual(
        measured(scanned),
        measured(records.map((record) => otlpJson.decode(record, at).spans)),
      );
    });
  }
});
