import assert from 'node:assert/strict';
import path from 'node:path';
import { appendFile, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { SourceBatch } from '../../../../src/core/model/source.ts';
import { createScratch, ids, recording, request, requests } from './scratch.ts';
import type { Scratch } from './scratch.ts';
import { rereadRecords } from '../../../../src/core/ingest/sources/reread.ts';

describe('folder source', () => {
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await createScratch();
  });
  afterEach(() => scratch.remove());

  it('gives the same spans for lines, gzip, an array and one indented object a file', async () => {
    const lines = recording('collector-traces.jsonl.gz');
    const text = `${lines.join('\n')}\n`;
    const pretty = lines.map((line) => JSON.stringify(JSON.parse(line), undefined, 2));
    const folders: Record<string, Record<string, string | Buffer>> = {
      lines: { 'a.jsonl': text },
      gzip: { 'a.jsonl.gz': gzipSync(text) },
      crlf: { 'a.log': text.replaceAll('\n', '\r\n') },
      array: { 'a.json': `[${lines.join(',')}]` },
      prettyArray: {
        'a.json': JSON.stringify(
          lines.map((line) => JSON.parse(line) as unknown),
          undefined,
          2,
        ),
      },
      glued: { 'a.txt': lines.join('') },
      utf16: { 'a.ndjson': Buffer.from(`\ufeff${text}`, 'utf16le') },
      files: Object.fromEntries(
        pretty.map((item, index) => [`${String(index).padStart(3, '0')}.json`, item]),
      ),
    };
    const results: (readonly string[])[] = [];
    for (const [folder, files] of Object.entries(folders)) {
      await mkdir(scratch.path(folder));
      for (const [name, content] of Object.entries(files))
        await writeFile(scratch.path(folder, name), content);
      const reader = await scratch.readAll({ paths: [scratch.path(folder)] });
      assert.deepEqual(reader.problems(), [], folder);
      results.push(reader.spanIds());
    }
    assert.ok((results[0]?.length ?? 0) > 500);
    for (const result of results) assert.deepEqual(result, results[0]);
  });

  it('reads the Express 5 recording in batches of about 1 MB that are never handed over two at a time', async () => {
    await writeFile(scratch.path('a.jsonl'), recording('express5-traces.jsonl.gz').join('\n'));
    let inside = 0;
    const sizes: number[] = [];
    const onBatch = async (batch: SourceBatch): Promise<void> => {
      assert.equal((inside += 1), 1);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      sizes.push(batch.records.reduce((sum, { ref }) => sum + ref.length, 0));
    };
    const reader = await scratch.readAll({ onBatch });
    assert.equal(reader.spanIds().length, 13515);
    assert.deepEqual(reader.problems(), []);
    assert.ok(sizes.length > 5 && Math.max(...sizes) < 2 * 1024 * 1024);
    const [status] = reader.source.status();
    assert.deepEqual(
      { ...status, bytes: 0 },
      { path: 'a.jsonl', format: 'otlp-json', framing: 'text', bytes: 0, records: 27, spans: 13515 },
    );
  });

  it('reads files in the order of their names, each once, whatever links lead to them', async () => {
    await mkdir(scratch.path('b', 'node_modules'), { recursive: true });
    await writeFile(scratch.path('c.jsonl'), request(2));
    await writeFile(scratch.path('b', 'x.jsonl'), request(1));
    await writeFile(scratch.path('b', 'node_modules', 'x.jsonl'), request(7));
    await writeFile(scratch.path('a.jsonl'), request(0));
    await writeFile(scratch.path('notes.md'), request(8));
    await symlink(scratch.root, scratch.path('b', 'loop'));
    await symlink(scratch.path('a.jsonl'), scratch.path('z.jsonl'));
    await symlink(scratch.path('nowhere'), scratch.path('dangling.jsonl'));
    const reader = await scratch.readAll();
    assert.deepEqual(reader.spanIds(), ids(0, 3));
    assert.deepEqual(
      reader.source.status().map(({ path }) => path),
      ['a.jsonl', 'b/x.jsonl', 'c.jsonl'],
    );
  });

  it('names each bad input with its place and reads everything else', async () => {
    await writeFile(scratch.path('binary.log'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1, 2]));
    await writeFile(scratch.path('empty.json'), '');
    await writeFile(
      scratch.path('large.jsonl'),
      `${request(0)}\n${request(9, 'x'.repeat(20_000))}\n${request(1)}\n`,
    );
    await writeFile(scratch.path('other.jsonl'), '{"level":30}\n{"level":30}\n');
    await writeFile(scratch.path('packed.jsonl.gz'), gzipSync(requests(2, 4)).subarray(0, -6));
    await writeFile(scratch.path('text.log'), `started\n${request(4)}\n`);
    await writeFile(scratch.path('torn.jsonl'), `${request(5)}\n${request(6).slice(0, 90)}`);
    await symlink(scratch.path('circle'), scratch.path('circle'));
    const paths = [scratch.root, scratch.path('absent'), scratch.path('circle'), scratch.path('text.log')];
    const reader = await scratch.readAll({ paths, maxRecordBytes: 10_000 });
    assert.deepEqual(reader.spanIds(), ids(0, 6));
    assert.deepEqual(reader.problems().toSorted(), [
      'binary-file binary.log:- x1',
      'not-json text.log:1 x1',
      'path-absent absent:- x1',
      'record-too-large large.jsonl:2 x1',
      'torn-line torn.jsonl:2 x1',
      'truncated-gzip packed.jsonl.gz:- x1',
      'unknown-schema other.jsonl:1 x2',
      'unreadable-path circle:- x1',
    ]);
    assert.deepEqual(
      reader.source.paths().map(({ path, state }) => `${path} ${state}`),
      ['. folder', 'absent absent', 'circle unreadable', 'text.log file'],
    );
    assert.deepEqual(
      reader.source.status().map(({ path, format, note }) => [path, format, note]),
      [
        ['binary.log', null, 'binary: ignored'],
        ['empty.json', null, 'empty'],
        ['large.jsonl', 'otlp-json', undefined],
        ['other.jsonl', null, 'nothing in a known form so far'],
        ['packed.jsonl.gz', 'otlp-json', undefined],
        ['text.log', 'otlp-json', undefined],
        ['torn.jsonl', 'otlp-json', undefined],
      ],
    );
  });

  it('goes on from saved positions, at every record', async () => {
    await writeFile(scratch.path('a.jsonl'), requests(0, 20));
    await writeFile(scratch.path('b.jsonl.gz'), gzipSync(requests(20, 40)));
    const first = await scratch.readAll();
    assert.equal(first.spanIds().length, 40);
    await appendFile(scratch.path('a.jsonl'), requests(40, 45));
    await writeFile(
      scratch.path('b.jsonl.gz'),
      Buffer.concat([gzipSync(requests(20, 40)), gzipSync(requests(45, 50))]),
    );
    const second = await scratch.readAll({ positions: first.positions() });
    assert.deepEqual(second.spanIds(), ids(40, 50));
    assert.deepEqual(second.problems(), []);
    assert.deepEqual(
      second.source.status().map(({ format }) => format),
      ['otlp-json', 'otlp-json'],
    );
    const third = await scratch.readAll({ positions: [...first.positions(), ...second.positions()] });
    assert.deepEqual(third.batches, []);
    assert.deepEqual(
      second.positions().map(({ file, line }) => [file, line]),
      first.positions().map(({ file }) => [file, 24]),
    );
  });

  it('leaves a half-written end for the next run, wherever it is cut', async () => {
    const [first = '', second = ''] = recording('collector-traces.jsonl.gz');
    const text = Buffer.from(`${first}\n${second}\n`);
    await writeFile(scratch.path('whole.jsonl'), text);
    const whole = (await scratch.readAll({ paths: [scratch.path('whole.jsonl')] })).spanIds();
    const secondAt = Buffer.byteLength(first) + 1;
    for (const cut of [1, 20, secondAt - 2, secondAt + 1, secondAt + 300, text.length - 2]) {
      const file = scratch.path(`cut-${cut}.jsonl`);
      await writeFile(file, text.subarray(0, cut));
      const before = await scratch.readAll({ paths: [file] });
      assert.match(before.problems().join(), /torn-line/, String(cut));
      await appendFile(file, text.subarray(cut));
      const after = await scratch.readAll({ paths: [file], positions: before.positions() });
      assert.deepEqual([...before.spanIds(), ...after.spanIds()], whole, String(cut));
      assert.deepEqual(after.problems(), [], String(cut));
    }
  });

  it('says of a device or a pipe that it is no file', async () => {
    const reader = await scratch.readAll({ paths: ['/dev/null'] });
    assert.match(reader.problems().join(), /unreadable-path/);
    assert.equal(reader.source.paths()[0]?.state, 'unreadable');
  });

  it('is exact after being stopped in any batch', async () => {
    await writeFile(scratch.path('a.jsonl'), recording('express5-traces.jsonl.gz').join('\n'));
    const whole = (await scratch.readAll()).spanIds();
    for (const stop of [1, 2, 5]) {
      const reader = scratch.read({
        onBatch: () => {
          if (reader.batches.length === stop) throw new Error('killed');
        },
      });
      await assert.rejects(reader.source.ready, /killed/);
      const rest = await scratch.readAll({ positions: reader.positions() });
      assert.deepEqual([...reader.spanIds(), ...rest.spanIds()], whole);
    }
  });

  it('finds a file again that was renamed, copied and cut, or packed while nothing was running', async () => {
    await writeFile(scratch.path('data.json'), requests(0, 10));
    const first = await scratch.readAll();
    await rename(scratch.path('data.json'), scratch.path('data-1.json'));
    await appendFile(scratch.path('data-1.json'), requests(10, 11));
    await writeFile(scratch.path('data.json'), requests(11, 12));
    const renamed = await scratch.readAll({ positions: first.positions() });
    assert.deepEqual(renamed.spanIds(), ids(10, 12));

    await rename(scratch.path('data-1.json'), scratch.path('old'));
    await writeFile(scratch.path('data-1.json.gz'), gzipSync(requests(0, 11)));
    await writeFile(scratch.path('data-2.json'), requests(11, 13));
    await writeFile(scratch.path('data.json'), requests(13, 14));
    const cut = await scratch.readAll({ positions: [...first.positions(), ...renamed.positions()] });
    assert.deepEqual(cut.spanIds().toSorted(), ids(12, 14));
  });

  it('tells records again by their references', async () => {
    await writeFile(scratch.path('a.jsonl'), requests(0, 3000));
    await writeFile(
      scratch.path('b.jsonl.gz'),
      gzipSync(recording('express5-traces.jsonl.gz').slice(0, 5).join('\n')),
    );
    const reader = await scratch.readAll();
    const all = reader.records();
    const wanted = all.filter((_, index) => index % 700 === 3 || index > 3000);
    assert.ok(wanted.length > 6);
    await rename(scratch.path('a.jsonl'), scratch.path('c.jsonl'));
    const folder = path.dirname(scratch.path('a.jsonl'));
    const run = { root: folder, paths: [folder], positions: reader.positions() };
    const again = [];
    for await (const record of rereadRecords(run, wanted.map(({ ref }) => ref).toReversed()))
      again.push(record);
    assert.deepEqual(
      again.toSorted(
        (x, y) => all.findIndex(({ ref }) => ref === x.ref) - all.findIndex(({ ref }) => ref === y.ref),
      ),
      wanted,
    );
    for await (const record of rereadRecords(run, [{ file: 'unknown', offset: 0, length: 1 }]))
      assert.fail(record.ref.file);
  });
});
