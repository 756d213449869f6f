import assert from 'node:assert/strict';
import type { Format } from '../../../../src/core/ingest/format.ts';
import * as registry from '../../../../src/core/ingest/formats/registry.ts';
import { decodeFrame } from '../../../../src/core/ingest/sources/decode-frame.ts';
import { createFramer } from '../../../../src/core/ingest/sources/framing.ts';
import type { Span } from '../../../../src/core/model/span.ts';

const formats: readonly Format[] = Object.values(registry);
const at = { file: 'x.jsonl', line: 7 };

function spansOf(content: Buffer): readonly Span[] {
  const framer = createFramer({ offset: 0, line: 0, maxRecordBytes: 1 << 20 });
  const collect = (frames: ReturnType<typeof framer.push>): readonly Span[] =>
    frames.flatMap((frame) => decodeFrame(frame, 'x.jsonl', undefined, undefined).spans);
  return [...collect(framer.push(content)), ...collect(framer.end())];
}

describe('formats', () => {
  it('has members', () => assert.notEqual(formats.length, 0));

  for (const format of formats) {
    describe(format.id, () => {
      const { input, spans } = format.example;
      const bytes = Buffer.from(input);

      it('decodes its example to the spans it states', () => {
        assert.ok(format.recognises(input.slice(0, 4096)));
        assert.deepEqual(format.decode(input, at), { spans, problems: [] });
      });

      it('gives spans or a problem for every truncation', () => {
        for (let cut = 0; cut < bytes.length; cut += 1) {
          const decoded = format.decode(bytes.subarray(0, cut).toString('utf8'), at);
          assert.ok(decoded.spans.length + decoded.problems.length > 0, `cut at ${cut}`);
          assert.ok(decoded.problems.every((problem) => problem.line === 7 && problem.file === 'x.jsonl'));
        }
      });

      it('keeps both neighbours of every truncation, on lines of their own or glued to it', () => {
        const newline = Buffer.from('\n');
        for (let cut = 1; cut < bytes.length; cut += 1) {
          const torn = bytes.subarray(0, cut);
          const apart = spansOf(Buffer.concat([bytes, newline, torn, newline, bytes, newline]));
          assert.deepEqual(apart, [...spans, ...spans], `cut at ${cut}`);
          const glued = spansOf(Buffer.concat([bytes, newline, torn, bytes, newline, bytes]));
          assert.deepEqual(glued, [...spans, ...spans, ...spans], `cut at ${cut}, glued`);
        }
      });
    });
  }
});
