import assert from 'node:assert/strict';
import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { createAssembler } from '../../../../src/core/assemble/assembler.ts';
import { rereadRecords } from '../../../../src/core/ingest/sources/reread.ts';
import type { FilePosition, SourceRecord } from '../../../../src/core/model/source.ts';
import { deskOpen, envelopes } from '../formats/renderx/log.ts';
import { createScratch, nowMs, request } from './scratch.ts';
import type { Scratch } from './scratch.ts';

const write = envelopes['console'] ?? ((_: number, text: string) => text);
/** Plays that overlap, of which every third ends in an exception with a stack. */
const lines = Array.from({ length: 24 }, (_, play) => {
  const id = `desk-open-17723556${String(play).padStart(5, '0')}-abc${play}`;
  const log = deskOpen(write, play * 600, id);
  if (play % 3 !== 0) return log;
  const failure = write(
    play * 600 + 800,
    'PluginManager: Handler execution failed for DeskPlugin.tellAll: Error: no',
  );
  return [...log.slice(0, -1), failure, '    at tellAll (desk.ts:9:3)', '    at run (conductor.ts:1:1)'];
}).flat();
const log = `${lines.join('\n')}\n`;

describe('reading a log', () => {
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await createScratch();
  });
  afterEach(() => scratch.remove());

  /** What one reading from start to end gives, as text that tells spans apart. */
  const whole = async (): Promise<readonly string[]> => {
    await writeFile(scratch.path('a.log'), log);
    const reader = await scratch.readAll();
    return textsOf(reader.records());
  };
  const textsOf = (records: readonly SourceRecord[]): readonly string[] =>
    records.flatMap(({ spans }) => spans.map((span) => JSON.stringify(span)));

  it('says what it is, and gives the same for every encoding', async () => {
    const expected = await whole();
    assert.equal(expected.length, 24 * 5);
    assert.equal(expected.filter((span) => span.includes('"error"')).length, 8);
    const shapes: Record<string, Buffer | string> = {
      'crlf.log': log.replaceAll('\n', '\r\n'),
      'bom.log': `\ufeff${log}`,
      'utf16.txt': Buffer.from(`\ufeff${log}`, 'utf16le'),
      'packed.log.gz': gzipSync(log),
    };
    const bare = (list: readonly string[]): readonly string[] =>
      list.map((span) => span.replaceAll(/"(?:traceId|spanId|parentSpanId)":"\w+"/g, ''));
    for (const [name, content] of Object.entries(shapes)) {
      await writeFile(scratch.path(name), content);
      const reader = await scratch.readAll({ paths: [scratch.path(name)] });
      assert.deepEqual(bare(textsOf(reader.records())), bare(expected), name);
      assert.deepEqual(reader.problems(), []);
      assert.equal(reader.source.status()[0]?.format, 'renderx-console');
    }
  });

  it('gives every span once when it is stopped and goes on at every 50th line', async () => {
    const expected = await whole();
    for (let at = 50; at < lines.length; at += 50) {
      await truncate(scratch.path('a.log'), 0);
      await writeFile(scratch.path('b.log'), `${lines.slice(0, at).join('\n')}\n`);
      const first = scratch.read({ watch: true, paths: [scratch.path('b.log')] });
      await first.source.ready;
      await first.source.close();
      await appendFile(scratch.path('b.log'), `${lines.slice(at).join('\n')}\n`);
      const second = await scratch.readAll({ paths: [scratch.path('b.log')], positions: first.positions() });
      const ids = [...first.spanIds(), ...second.spanIds()];
      assert.equal(ids.length, expected.length, `stopped at line ${at}`);
      assert.equal(new Set(ids).size, expected.length);
    }
  });

  it('gives every span once when it is read to its end again and again while it grows', async () => {
    const expected = await whole();
    let positions: readonly FilePosition[] = [];
    const ids: string[] = [];
    await writeFile(scratch.path('b.log'), '');
    for (let from = 0; from < log.length; from += 700) {
      await appendFile(scratch.path('b.log'), log.slice(from, from + 700));
      const reader = await scratch.readAll({ paths: [scratch.path('b.log')], positions });
      ids.push(...reader.spanIds());
      if (reader.positions().length > 0) positions = reader.positions();
    }
    assert.equal(new Set(ids).size, expected.length);
    assert.equal(ids.length, expected.length);
  });

  it('follows a log that is written in pieces', async () => {
    const expected = await whole();
    const path = scratch.path('b.log');
    await writeFile(path, log.slice(0, 40));
    const reader = scratch.read({ watch: true, paths: [path] });
    await reader.source.ready;
    for (let from = 40; from < log.length; from += 5000) await appendFile(path, log.slice(from, from + 5000));
    await appendFile(path, `${write(30_000, 'ConductorCore: idle')}\n`);
    await reader.untilSpans(expected.length);
    assert.equal(new Set(reader.spanIds()).size, expected.length);
  });

  it('gives of a log cut at any byte a part of the same spans, and counts what is open', async () => {
    const sample = lines.slice(0, 17);
    const text = `${sample.join('\n')}\n`;
    const path = scratch.path('c.log');
    await writeFile(path, text);
    const full = (await scratch.readAll({ paths: [path] })).records().flatMap(({ spans }) => spans);
    const key = full.map((span) => `${span.name} ${span.startMs} ${span.durationMs} ${span.status}`);
    for (let cut = text.length; cut > 0; cut -= 7) {
      await truncate(path, Buffer.byteLength(text.slice(0, cut)));
      const reader = await scratch.readAll({ paths: [path] });
      const spans = reader.records().flatMap((record) => record.spans);
      const survivors = spans.map((span) => `${span.name} ${span.startMs} ${span.durationMs} ${span.status}`);
      assert.deepEqual(survivors, key.slice(0, survivors.length), `cut at ${cut}`);
      const ended = spans.some((span) => span.parentSpanId === undefined);
      const begun = text.slice(0, cut).includes('Now executing "Desk Open"\n');
      if (begun && !ended) assert.match(reader.problems().join(), /unfinished-execution/);
    }
  });

  it('reads the lines of open traces again after a restart', async () => {
    await whole();
    const first = await scratch.readAll();
    const half = Math.floor(first.records().length / 2);
    const assembler = createAssembler({ now: () => nowMs });
    for (const record of first.records().slice(0, half)) assembler.add(record);
    const pending = assembler.pending();
    assert.ok(pending.length > 1);
    const again: SourceRecord[] = [];
    const refs = pending.map(({ ref }) => ref);
    const options = { root: scratch.root, paths: [scratch.root], positions: first.positions() };
    for await (const record of rereadRecords(options, refs)) again.push(record);
    const byRef = new Map(first.records().map((record) => [record.ref.offset, record]));
    assert.deepEqual(
      again,
      refs.map((ref) => byRef.get(ref.offset)),
    );
  });

  it('reads what only the end of a log completed again after a restart', async () => {
    await whole();
    const path = scratch.path('b.log');
    await writeFile(path, `${lines.slice(0, 16).join('\n')}\n`);
    const reader = await scratch.readAll({ paths: [path] });
    const last = reader.records().at(-1);
    assert.equal(last?.ref.length, 0);
    await appendFile(path, `${lines.slice(16).join('\n')}\n`);
    const again: SourceRecord[] = [];
    const options = { root: scratch.root, paths: [path], positions: reader.positions() };
    for await (const record of rereadRecords(options, last ? [last.ref] : [])) again.push(record);
    assert.deepEqual(again, [last]);
  });

  it('does not take a file of requests for a log because of what is in them', async () => {
    await writeFile(scratch.path('d.jsonl'), request(1, 'EventBus: Subscribed to "x" (1 total subscribers)'));
    const reader = await scratch.readAll({ paths: [scratch.path('d.jsonl')] });
    assert.equal(reader.source.status()[0]?.format, 'otlp-json');
    assert.equal(reader.spanIds().length, 1);
  });
});
