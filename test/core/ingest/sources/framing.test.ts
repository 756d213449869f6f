import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createFramer } from '../../../../src/core/ingest/sources/framing.ts';

interface Seen {
  readonly kind: string;
  readonly text: string;
  readonly line: number;
  readonly closed: boolean;
}

/** Frames of a content that arrives in these chunks; each is checked against the content at its offset. */
function frames(
  content: Buffer | string,
  chunkBytes = 1 << 20,
  maxRecordBytes = 1 << 20,
  scan?: { readonly settles: number; readonly tried: string[] },
): readonly Seen[] {
  const bytes = Buffer.from(content);
  const framer = createFramer({
    offset: 0,
    line: 0,
    maxRecordBytes,
    ...(scan && { scan: (line: Buffer) => (isObjectText(line.toString(), scan.tried) ? [] : undefined) }),
  });
  const seen: Seen[] = [];
  const collect = (list: ReturnType<typeof framer.push>): void => {
    for (const { kind, offset, length, line, closed, bytes: own } of list) {
      const text = bytes.subarray(offset, offset + length).toString('utf8');
      if (kind === 'record') assert.equal(own.toString('utf8'), text);
      seen.push({ kind, text, line, closed });
    }
  };
  for (let index = 0; index < bytes.length; index += chunkBytes) {
    // A copy that is wiped afterwards: the framer must not keep the caller's buffer.
    const chunk = Buffer.from(bytes.subarray(index, index + chunkBytes));
    collect(framer.push(chunk));
    if (scan && (index / chunkBytes) % scan.settles === 0) collect(framer.settle());
    chunk.fill(0x78);
  }
  collect(framer.end());
  return seen;
}

function isObjectText(text: string, tried: string[]): boolean {
  tried.push(text);
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

const records = (content: string): readonly string[] =>
  frames(content).map(({ kind, text, closed }) => (kind === 'record' && closed ? text : `!${kind} ${text}`));

describe('framing', () => {
  it('finds objects however they are laid out', () => {
    const [a, b] = ['{"a":"}{\\"","b":[{}]}', '{"c":1}'];
    for (const content of [
      `${a}\n${b}\n`,
      `${a}\r\n\r\n${b}`,
      `${a}${b}`,
      `[${a},${b}]`,
      `[\n  ${a},\n  ${b}\n]\n`,
      `\ufeff${a}\n${b}`,
      `\x1e${a}\n\x1e${b}\n`,
    ]) {
      assert.deepEqual(records(content), [a, b], JSON.stringify(content));
    }
  });

  it('finds objects spread over lines, with the lines they start on', () => {
    const pretty = JSON.stringify({ a: [{ b: 1 }, { c: 'x' }] }, undefined, 2);
    const seen = frames(`${pretty}\n${pretty}\n`);
    assert.deepEqual(
      seen.map(({ text, line }) => [text, line]),
      [
        [pretty, 1],
        [pretty, 11],
      ],
    );
  });

  it('ends a torn record at a line break in a text or before a brace in the first column', () => {
    assert.deepEqual(records('{"a":"x\n{"b":1}\n'), ['!record {"a":"x', '{"b":1}']);
    assert.deepEqual(records('{"a":[1,\n{"b":1}\n'), ['!record {"a":[1,\n', '{"b":1}']);
    assert.deepEqual(records('{"b":1}\n{"a":{'), ['{"b":1}', '!record {"a":{']);
  });

  it('passes over what is no JSON, line by line', () => {
    const seen = frames('hello {"a":1}\n{"b":1} tail\n\u0000\u0000\n{"c":1}');
    assert.deepEqual(
      seen.map(({ kind, text, line }) => [kind, text, line]),
      [
        ['junk', 'hello {"a":1}', 1],
        ['record', '{"b":1}', 2],
        ['junk', 'tail', 2],
        ['junk', '\u0000\u0000', 3],
        ['record', '{"c":1}', 4],
      ],
    );
  });

  it('skips a record over the limit and goes on after it', () => {
    const large = JSON.stringify({ large: 'x'.repeat(5000) });
    for (const chunk of [7, 1000, 1 << 20]) {
      const seen = frames(`{"a":1}\n${large}\n{"b":1}\n{"large":"${'y'.repeat(5000)}\n{"c":1}`, chunk, 1000);
      assert.deepEqual(
        seen.map(({ kind, line }) => [kind, line]),
        [
          ['record', 1],
          ['oversize', 2],
          ['record', 3],
          ['oversize', 4],
          ['record', 5],
        ],
      );
    }
  });

  it('gives the same frames however the bytes are cut into chunks, and from wherever it goes on', () => {
    const line = fc.oneof(
      fc.json().map((text) => `{"é":${text}}`),
      fc.constantFrom(
        '',
        '\r',
        '[',
        ']',
        ',',
        'junk',
        '{"torn":"',
        '{"torn":[{',
        '{"x":"\\',
        '}',
        '  {"a":\n  1}',
      ),
    );
    const tried: string[] = [];
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 12 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        (lines, chunkBytes, pick) => {
          const content = Buffer.from(lines.join('\n'));
          const whole = frames(content);
          assert.deepEqual(frames(content, chunkBytes), whole);
          for (const settles of [1, 2, 7, 1e9]) {
            const scan = { settles, tried };
            assert.deepEqual(frames(content, chunkBytes, 1 << 20, scan), whole);
            assert.deepEqual(frames(content, 1 << 20, 1 << 20, scan), whole);
            assert.deepEqual(frames(content, chunkBytes, 20, scan), frames(content, chunkBytes, 20));
          }

          const framer = createFramer({ offset: 0, line: 0, maxRecordBytes: 1 << 20 });
          const all = [...framer.push(content), ...framer.end()];
          const from = all[pick % Math.max(1, all.length)];
          if (!from) return;
          const offset = from.offset + from.length;
          const again = createFramer({ offset, line: from.endLine, maxRecordBytes: 1 << 20 });
          assert.deepEqual(
            [...again.push(content.subarray(offset)), ...again.end()],
            all.slice(all.indexOf(from) + 1),
          );
        },
      ),
      { numRuns: 1000 },
    );
    assert.ok(tried.length > 1000);
  });
});
