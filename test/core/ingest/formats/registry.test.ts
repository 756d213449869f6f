import assert from 'node:assert/strict';
import { headOf } from '../../../../src/core/ingest/format.ts';
import type { Format, LogFormat, RecordFormat } from '../../../../src/core/ingest/format.ts';
import * as registry from '../../../../src/core/ingest/formats/registry.ts';
import { decodeFrame } from '../../../../src/core/ingest/sources/decode-frame.ts';
import { createFramer } from '../../../../src/core/ingest/sources/framing.ts';
import type { Decoded } from '../../../../src/core/model/source.ts';
import type { Span } from '../../../../src/core/model/span.ts';

const formats: readonly Format[] = Object.values(registry);
const recordFormats: readonly RecordFormat[] = formats.flatMap((format) => (format.decode ? [format] : []));
const logFormats: readonly LogFormat[] = formats.flatMap((format) => (format.open ? [format] : []));
const at = { file: 'x.jsonl', line: 7 };

function spansOf(content: Buffer, create = createFramer): readonly Span[] {
  const framer = create({ offset: 0, line: 0, maxRecordBytes: 1 << 20 });
  const collect = (frames: ReturnType<typeof framer.push>): readonly Span[] =>
    frames.flatMap((frame) => decodeFrame(frame, 'x.jsonl', undefined, undefined).spans);
  return [...collect(framer.push(content)), ...collect(framer.end())];
}

describe('formats', () => {
  it('has members', () => assert.notEqual(formats.length, 0));

  for (const format of recordFormats) {
    describe(format.id, () => {
      const { input, spans } = format.example;
      const bytes = Buffer.from(input as string);

      it('decodes its example to the spans it states', () => {
        assert.ok(format.recognises(headOf(bytes)));
        assert.deepEqual(format.decode(bytes, at), { spans, problems: [] });
      });

      it('gives spans or a problem for every truncation', () => {
        for (let cut = 0; cut < bytes.length; cut += 1) {
          const decoded = format.decode(bytes.subarray(0, cut), at);
          assert.ok(decoded.spans.length + decoded.problems.length > 0, `cut at ${cut}`);
          assert.ok(decoded.problems.every((problem) => problem.line === 7 && problem.file === 'x.jsonl'));
        }
      });

      if (typeof input !== 'string') return;

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

  for (const format of logFormats) {
    describe(format.id, () => {
      const { spans } = format.example;
      const input = format.example.input.toString();
      const bytes = Buffer.from(input);
      const linesOf = (text: string): readonly string[] => text.split('\n');

      /** Lines from 0 up to `from` are fed and dropped, as after a restart there. */
      const decode = (text: string, from = 0, withEnd = true): Decoded => {
        const decoder = format.open({ path: 'x.log', key: 'example' });
        const all = linesOf(text).map((line, index, { length }) => ({
          index,
          ...decoder.decode(line, { line: index + 1, ...(index + 1 === length ? { torn: true } : {}) }),
        }));
        const end = withEnd ? [decoder.end()] : [];
        const parts = [...all.filter(({ index }) => index >= from), ...end];
        return {
          spans: parts.flatMap((part) => part.spans),
          problems: parts.flatMap((part) => part.problems),
        };
      };

      it('decodes its example to the spans it states', () => {
        assert.ok(format.recognises(headOf(Buffer.from(input))));
        assert.deepEqual(decode(input), { spans, problems: [] });
      });

      it('gives of every truncation a part of the same spans, and says what is open', () => {
        for (let cut = 0; cut < bytes.length; cut += 1) {
          const decoded = decode(bytes.subarray(0, cut).toString('utf8'));
          // An error may lose the end of its stack, nothing else may differ.
          const bare = (list: readonly Span[]): unknown =>
            list.map((span) => ({
              ...span,
              events: [],
              statusMessage: '',
              attributes: { ...span.attributes, 'error.type': '' },
            }));
          assert.deepEqual(bare(decoded.spans), bare(spans.slice(0, decoded.spans.length)), `cut at ${cut}`);
          assert.ok(decoded.problems.every(({ file, line }) => file === 'x.log' && line !== undefined));
        }
      });

      it('gives every span once, wherever it is interrupted', () => {
        const lines = linesOf(input);
        for (let at = 0; at <= lines.length; at += 1) {
          const first = decode(`${lines.slice(0, at).join('\n')}\n`, 0, false);
          assert.deepEqual([...first.spans, ...decode(input, at).spans], spans, `interrupted at line ${at}`);
        }
      });
    });
  }
});
