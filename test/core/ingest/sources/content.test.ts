import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import {
  detectEncoding,
  looksBinary,
  readContent,
  readHead,
} from '../../../../src/core/ingest/sources/content.ts';
import type { ContentFault } from '../../../../src/core/ingest/sources/content.ts';
import { createScratch, requests } from './scratch.ts';
import type { Scratch } from './scratch.ts';

describe('content', () => {
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await createScratch();
  });
  afterEach(() => scratch.remove());

  /** The content of a file with these bytes, and what was wrong with it. */
  async function contentOf(
    bytes: Buffer,
    from = 0,
  ): Promise<{ text: string; faults: readonly ContentFault[] }> {
    const path = scratch.path('file');
    await writeFile(path, bytes);
    const handle = await open(path);
    try {
      const parts: Buffer[] = [];
      const faults: ContentFault[] = [];
      const request = {
        encoding: detectEncoding(bytes),
        from,
        onFault: (fault: ContentFault) => faults.push(fault),
      };
      for await (const chunk of readContent(handle, request)) parts.push(Buffer.from(chunk));
      const content = Buffer.concat(parts);
      const head = await readHead(handle, request.encoding, 1000);
      if (from === 0) assert.deepEqual(head, content.subarray(0, 1000));
      return { text: content.toString('utf8'), faults };
    } finally {
      await handle.close();
    }
  }

  const text = requests(0, 900);
  const packed = gzipSync(text);

  it('unpacks gzip files of one and of several members, from any place on', async () => {
    assert.deepEqual(await contentOf(packed), { text, faults: [] });
    const members = Buffer.concat([packed, gzipSync('tail'), gzipSync('')]);
    assert.deepEqual(await contentOf(members), { text: `${text}tail`, faults: [] });
    for (const from of [1, 70_000, text.length, text.length + 3, text.length + 9]) {
      assert.deepEqual(await contentOf(members, from), { text: `${text}tail`.slice(from), faults: [] });
    }
  });

  it('gives what can be read of a gzip file that ends early', async () => {
    let longest = 0;
    for (let cut = 2; cut < packed.length; cut += 97) {
      const content = await contentOf(packed.subarray(0, cut));
      assert.ok(text.startsWith(content.text));
      assert.deepEqual(content.faults, ['truncated'], `cut at ${cut}`);
      assert.ok(content.text.length >= longest);
      longest = content.text.length;
    }
    assert.ok(longest > text.length / 2);
  });

  it('gives what stands before the damage in a gzip file', async () => {
    const damaged = Buffer.concat([packed, packed]);
    damaged.fill(0xff, packed.length + 200, packed.length + 260);
    const content = await contentOf(damaged);
    assert.deepEqual(content.faults, ['corrupt']);
    assert.ok(content.text.startsWith(text));
  });

  it('reads UTF-16 of both byte orders as UTF-8', async () => {
    const accented = `${text}é \u{1f600}\n`;
    const little = Buffer.from(`\ufeff${accented}`, 'utf16le');
    assert.deepEqual(await contentOf(little), { text: accented, faults: [] });
    assert.deepEqual(await contentOf(Buffer.from(little).swap16()), { text: accented, faults: [] });
    assert.equal((await contentOf(little.subarray(0, -3))).text, accented.slice(0, -3));
  });

  it('tells binary content by bytes that no text has', () => {
    assert.ok(looksBinary(Buffer.from('PK\u0003\u0004\u0000')));
    assert.ok(!looksBinary(Buffer.from('{"name":"café"}\r\n\t')));
  });
});
