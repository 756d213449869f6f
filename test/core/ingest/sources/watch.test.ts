import assert from 'node:assert/strict';
import { appendFile, copyFile, mkdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { FilePosition } from '../../../../src/core/model/source.ts';
import { createScratch, ids, recording, request, requests } from './scratch.ts';
import type { Reader, Scratch } from './scratch.ts';

/** Small seeded generator of numbers in 0..1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Resolves when the file under this name was read to its end. */
async function untilRead(reader: Reader, path: string, bytes: number): Promise<void> {
  await reader.until(() => reader.source.status().some((file) => file.path === path && file.bytes === bytes));
}

describe('watching', () => {
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await createScratch();
  });
  afterEach(() => scratch.remove());

  it('gives the same as reading at once, however a file grows', async () => {
    const lines = recording('collector-traces.jsonl.gz').map((line) => line.replaceAll('graphql', 'gräphql'));
    const content = Buffer.from(`${lines.join('\r\n')}\r\n`);
    await writeFile(scratch.path('whole.jsonl'), content);
    const whole = await scratch.readAll({ paths: [scratch.path('whole.jsonl')] });
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = randomOf(seed);
    const reader = scratch.read({ watch: true, paths: [scratch.path('t')] });
    await reader.source.ready;
    await mkdir(scratch.path('t'));
    for (let offset = 0; offset < content.length;) {
      const length = 1 + Math.floor(random() ** 3 * 60_000);
      await appendFile(scratch.path('t', 'a.jsonl'), content.subarray(offset, offset + length));
      offset = Math.min(content.length, offset + length);
      if (random() < 0.5) await untilRead(reader, 't/a.jsonl', offset);
    }
    await reader.untilSpans(whole.spanIds().length);
    assert.deepEqual(reader.spanIds(), whole.spanIds(), `seed ${seed}`);
    assert.deepEqual(reader.problems(), ['path-absent t:- x1'], `seed ${seed}`);
  });

  it('waits for the rest of a half-written line, without a problem', async () => {
    const [a, b] = [request(0), request(1)];
    await writeFile(scratch.path('a.jsonl'), `${a}\n${b.slice(0, 50)}`);
    const reader = scratch.read({ watch: true });
    await reader.source.ready;
    await appendFile(scratch.path('a.jsonl'), b.slice(50, 60));
    await untilRead(reader, 'a.jsonl', a.length + 61);
    assert.deepEqual(reader.spanIds(), ids(0, 1));
    await appendFile(scratch.path('a.jsonl'), b.slice(60));
    await reader.untilSpans(2);
    assert.deepEqual(reader.spanIds(), ids(0, 2));
    assert.deepEqual(reader.problems(), []);
  });

  it('follows rotation by renaming, with what is added to the old file afterwards', async () => {
    const reader = scratch.read({ watch: true });
    let next = 0;
    for (const round of [1, 2, 3]) {
      await appendFile(scratch.path('data.json'), requests(next, next + 5));
      if (round !== 2) await reader.untilSpans(next + 5);
      await rename(scratch.path('data.json'), scratch.path(`data-${round}.json`));
      await appendFile(scratch.path(`data-${round}.json`), requests(next + 5, next + 6));
      await writeFile(scratch.path('data.json'), requests(next + 6, next + 7));
      next += 7;
      await reader.untilSpans(next);
      await rm(scratch.path('data.json'));
    }
    assert.deepEqual(reader.spanIds().toSorted(), ids(0, 21));
    assert.deepEqual(reader.problems(), []);
  });

  it('follows rotation by copying and cutting', async () => {
    const reader = scratch.read({ watch: true });
    await writeFile(scratch.path('data.json'), requests(0, 10));
    await reader.untilSpans(10);
    await appendFile(scratch.path('data.json'), requests(10, 12));
    await copyFile(scratch.path('data.json'), scratch.path('data-1.json'));
    await truncate(scratch.path('data.json'));
    await appendFile(scratch.path('data.json'), requests(12, 40));
    await reader.untilSpans(40);
    await untilRead(reader, 'data.json', Buffer.byteLength(requests(12, 40)));
    assert.deepEqual(reader.spanIds().toSorted(), ids(0, 40));
    assert.deepEqual(reader.problems(), []);
  });

  it('starts again after a file was cut, deleted or made anew', async () => {
    const reader = scratch.read({ watch: true });
    await writeFile(scratch.path('a.jsonl'), requests(0, 10));
    await reader.untilSpans(10);
    await writeFile(scratch.path('a.jsonl'), requests(10, 12));
    await reader.untilSpans(12);
    await rm(scratch.path('a.jsonl'));
    await reader.until(() => reader.source.status().length === 0);
    await writeFile(scratch.path('a.jsonl'), requests(12, 30));
    await reader.untilSpans(30);
    await rm(scratch.path('a.jsonl'));
    await reader.until(() => reader.source.status().length === 0);
    // The same content again is the same file: nothing is read twice.
    await writeFile(scratch.path('a.jsonl'), requests(12, 31));
    await reader.untilSpans(31);
    assert.deepEqual(reader.spanIds(), ids(0, 31));
    assert.deepEqual(reader.problems(), []);
    assert.equal(new Set(reader.positions().map(({ file }) => file)).size, 3);
  });

  it('reads a gzip file that is still being copied when it is whole, and says so when it stays cut', async () => {
    const packed = gzipSync(requests(0, 200));
    const reader = scratch.read({ watch: true });
    await writeFile(scratch.path('a.jsonl.gz'), packed.subarray(0, -200));
    await reader.until(() => reader.problems().length > 0);
    const readable = reader.spanIds().length;
    assert.ok(readable > 0 && readable < 200);
    assert.deepEqual(reader.problems(), ['truncated-gzip a.jsonl.gz:- x1']);
    await writeFile(scratch.path('a.jsonl.gz'), packed);
    await reader.untilSpans(200);
    assert.deepEqual(reader.spanIds(), ids(0, 200));
  });

  it('reads every record exactly once through any mix of growth, rotation and restarts', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = randomOf(seed);
    const data = scratch.path('data.json');
    const found: string[] = [];
    const positions: FilePosition[] = [];
    let reader = scratch.read({ watch: true });
    let [made, rotated, rest] = [1, 0, ''];
    await writeFile(data, requests(0, 1));
    for (let step = 0; step < 100; step += 1) {
      const choice = random();
      if (choice < 0.7) {
        const more = 1 + Math.floor(random() * 4);
        const text = rest + requests(made, made + more);
        const cut = text.length - (random() < 0.5 ? Math.floor(random() * 200) : 0);
        await appendFile(data, text.slice(0, cut));
        made += more;
        rest = text.slice(cut);
      } else if (choice < 0.9 && rest === '') {
        rotated += 1;
        if (choice < 0.8) await rename(data, scratch.path(`data-${rotated}.json`));
        else await copyFile(data, scratch.path(`data-${rotated}.json`)).then(() => truncate(data));
        await appendFile(data, '');
      } else if (choice > 0.95) {
        await reader.source.close();
        found.push(...reader.spanIds());
        positions.push(...reader.positions());
        reader = scratch.read({ watch: true, positions });
      }
      if (random() < 0.3) await new Promise((resolve) => setTimeout(resolve, random() * 20));
    }
    await appendFile(data, rest);
    await reader.untilSpans(made - found.length);
    await reader.source.close();
    assert.deepEqual([...found, ...reader.spanIds()].toSorted(), ids(0, made), `seed ${seed}`);
    assert.deepEqual(reader.problems(), [], `seed ${seed}`);
  });

  it('lets the event loop run while it reads a large file, and stops when it is closed', async () => {
    const block = requests(0, 4000);
    for (let part = 0; part < 20; part += 1) await appendFile(scratch.path('a.jsonl'), block);
    let turns = 0;
    const reader = scratch.read({ watch: true });
    const count = (): void => {
      turns += 1;
      if (reader.batches.length < 5) setImmediate(count);
    };
    count();
    await reader.until(() => reader.batches.length >= 5);
    await reader.source.close();
    const { length } = reader.batches;
    assert.ok(turns > 5);
    assert.ok(length < 20);
    await reader.source.ready;
    assert.equal(reader.batches.length, length);
  });
});
