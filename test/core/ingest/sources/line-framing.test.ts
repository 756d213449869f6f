import assert from 'node:assert/strict';
import { createLineFramer } from '../../../../src/core/ingest/sources/line-framing.ts';

describe('line framing', () => {
  const text = Buffer.from('one\n\ntwo äö\r\n\r\n  three  \nlast');
  const frames = (size: number, maxRecordBytes = 1000): readonly string[] => {
    const framer = createLineFramer({ maxRecordBytes });
    const all: string[] = [];
    const note = (list: ReturnType<typeof framer.push>): void => {
      for (const { kind, offset, line, endLine, closed, length, bytes } of list) {
        assert.ok(kind !== 'record' || text.subarray(offset, offset + length).equals(bytes));
        all.push([kind, line, endLine, closed, bytes.toString('utf8')].join('|'));
      }
    };
    for (let at = 0; at < text.length; at += size) {
      const chunk = Buffer.from(text.subarray(at, at + size));
      note(framer.push(chunk));
      chunk.fill(0);
    }
    note(framer.end());
    assert.equal(framer.offset, text.length);
    return all;
  };

  it('gives the same lines however they are chunked', () => {
    const whole = [
      'record|1|0|true|one',
      'record|3|2|true|two äö',
      'record|5|4|true|  three  ',
      'record|6|5|false|last',
    ];
    const streamed = (size: number): readonly string[] => frames(size);
    for (let size = 1; size <= text.length; size += 1) assert.deepEqual(streamed(size), whole, `${size}`);
  });

  it('passes over a line that is too long', () => {
    const kinds = frames(3, 6).map((frame) => frame.split('|').slice(0, 2).join(' '));
    assert.deepEqual(kinds, ['record 1', 'oversize 3', 'oversize 5', 'record 6']);
  });
});
