import assert from 'node:assert/strict';
import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import {
  createMessageFramer,
  framingOf,
} from '../../../../src/core/ingest/sources/length-prefixed-framing.ts';
import { decodeFrame } from '../../../../src/core/ingest/sources/decode-frame.ts';
import type { Frame } from '../../../../src/core/ingest/sources/framing.ts';
import { rereadRecords } from '../../../../src/core/ingest/sources/reread.ts';
import { createScratch, recording, request } from './scratch.ts';
import type { Scratch } from './scratch.ts';

const recorded = gunzipSync(
  readFileSync(new URL('../../../fixtures/telemetry/frameworks-traces.pb.gz', import.meta.url)),
);

function prefix(message: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
}

function messages(bytes: Buffer): Buffer[] {
  const list: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const to = from + 4 + bytes.readUInt32BE(from);
    list.push(bytes.subarray(from + 4, to));
    from = to;
  }
  return list;
}

function framesOf(bytes: Buffer, sizes: readonly number[] = [], maxRecordBytes = 1 << 20): readonly Frame[] {
  const framer = createMessageFramer({ framing: 'length-prefixed', offset: 0, line: 0, maxRecordBytes });
  const frames: Frame[] = [];
  // What a frame holds is valid until the next chunk only.
  const keep = (list: readonly Frame[]): void => {
    for (const frame of list) frames.push({ ...frame, bytes: Buffer.from(frame.bytes) });
  };
  let from = 0;
  for (const size of sizes) {
    keep(framer.push(Buffer.from(bytes.subarray(from, from + size))));
    from += size;
  }
  if (from < bytes.length) keep(framer.push(bytes.subarray(from)));
  keep(framer.end());
  return frames;
}

const spanCount = (frames: readonly Frame[]): number =>
  frames.flatMap((frame) => decodeFrame(frame, 'x', undefined, undefined).spans).length;

describe('length-prefixed framing', () => {
  const recordedMessages = messages(recorded);
  const small = [request(1), request(2, 'longer'.repeat(900)), request(3)].map((text) => Buffer.from(text));
  const mixed = [...small, zstdCompressSync(small[1] ?? ''), ...recordedMessages.slice(0, 2)];
  const bytes = Buffer.concat(mixed.map(prefix));

  it('is told from the first bytes alone', () => {
    for (const message of mixed) assert.equal(framingOf(prefix(message)), 'length-prefixed');
    for (const message of recordedMessages) assert.equal(framingOf(message), 'protobuf');
    for (const text of [
      '',
      '\n',
      '\n\n\n\n{"resourceSpans":[]}',
      'INFO{"resourceSpans":[]}',
      request(1),
      '\n\u0005\n\u0003\n\u0001hello',
    ])
      assert.equal(framingOf(Buffer.from(text)), 'text', text);
  });

  it('gives the same messages however the bytes are chunked', () => {
    const whole = framesOf(bytes);
    assert.deepEqual(
      whole.map((frame) => frame.bytes),
      mixed,
    );
    assert.deepEqual(
      whole.map(({ line, closed }) => [line, closed]),
      mixed.map((_, index) => [index + 1, true]),
    );
    for (const frame of whole)
      assert.deepEqual(bytes.subarray(frame.offset, frame.offset + frame.length), frame.bytes);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { maxLength: 40 }), (sizes) => {
        assert.deepEqual(framesOf(bytes, sizes), whole);
      }),
      { numRuns: 50 },
    );
    const each = Buffer.concat(small.map(prefix));
    assert.deepEqual(
      framesOf(
        each,
        Array.from({ length: each.length }, () => 1),
      ),
      framesOf(each),
    );
  });

  it('finds every message around one that was cut off within its writing', () => {
    const [first = nothing, second = nothing, third = nothing] = recordedMessages.slice(0, 3);
    const expected = spanCount(framesOf(Buffer.concat([prefix(first), prefix(third)])));
    for (let cut = 1; cut < second.length; cut += 977) {
      const torn = Buffer.concat([prefix(first), prefix(second).subarray(0, cut), prefix(third)]);
      const frames = framesOf(torn, [first.length, 5000]);
      assert.ok(spanCount(frames) >= expected, `cut at ${cut}`);
      assert.ok(
        frames.some((frame) => frame.bytes.equals(third)),
        `cut at ${cut}`,
      );
      assert.ok(frames.some((frame) => !frame.closed || !frame.bytes.equals(first)));
    }
  });

  it('passes over a message beyond the limit, and over one that unpacks beyond it', () => {
    const large = Buffer.from(request(5, 'x'.repeat(50_000)));
    const [first = nothing, , third = nothing] = small;
    const frames = framesOf(Buffer.concat([first, large, third].map(prefix)), [300, 9000, 9000], 20_000);
    assert.deepEqual(
      frames.map(({ kind }) => kind),
      ['record', 'oversize', 'record'],
    );
    const bomb = zstdCompressSync(Buffer.from(request(5, 'x'.repeat(5_000_000))));
    assert.ok(bomb.length < 2000);
    const [packed] = framesOf(prefix(bomb));
    assert.ok(packed);
    const decoded = decodeFrame(packed, 'x', undefined, undefined, 1_000_000);
    assert.deepEqual(
      decoded.problems.map(({ code }) => code),
      ['record-too-large'],
    );
    const damaged = decodeFrame({ ...packed, bytes: bomb.subarray(0, -4) }, 'x', undefined, undefined);
    assert.deepEqual(
      damaged.problems.map(({ code }) => code),
      ['torn-record'],
    );
  });

  it('never throws and never stalls on changed bytes', () => {
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 5 }), fc.nat(bytes.length), (changes, at) => {
        const changed = Buffer.from(bytes);
        for (const [where, byte] of changes) changed[where] = byte;
        const frames = framesOf(changed, [at]);
        let end = 0;
        for (const frame of frames) {
          assert.ok(frame.offset >= end && frame.offset + frame.length <= changed.length);
          end = frame.offset + frame.length;
        }
      }),
      { numRuns: 200 },
    );
  });
});

const nothing = Buffer.alloc(0);

describe('binary telemetry files', () => {
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await createScratch();
  });
  afterEach(() => scratch.remove());

  const lines = recording('frameworks-traces.jsonl.gz');
  const packed = (list: readonly (Buffer | string)[]): Buffer =>
    Buffer.concat(list.map((item) => prefix(zstdCompressSync(Buffer.from(item)))));

  it('gives the same spans in every framing and compression, with positions that are told again', async () => {
    const jsonl = Buffer.from(`${lines.join('\n')}\n`);
    const contents: Record<string, Buffer> = {
      'a.jsonl': jsonl,
      'a.pb': recorded,
      'a.pb.gz': gzipSync(recorded),
      'a.pb.zst': zstdCompressSync(recorded),
      'a.json.zst': zstdCompressSync(jsonl),
      'frames.zst.json.zst': Buffer.concat([
        zstdCompressSync(jsonl.subarray(0, 400_001)),
        zstdCompressSync(jsonl.subarray(400_001)),
      ]),
      'packed.json': packed(lines),
      'packed.bin': packed(messages(recorded)),
      'prefixed.json': Buffer.concat(lines.map((line) => prefix(Buffer.from(line)))),
      'bare.pb': Buffer.concat(messages(recorded)),
    };
    let expected: readonly string[] | undefined;
    for (const [name, content] of Object.entries(contents)) {
      await writeFile(scratch.path(name), content);
      const options = { paths: [scratch.path(name)] };
      const reader = await scratch.readAll(options);
      assert.deepEqual(reader.problems(), [], name);
      expected ??= reader.spanIds();
      assert.ok(expected.length > 2000);
      assert.deepEqual(reader.spanIds(), expected, name);
      const again = await scratch.readAll({ ...options, positions: reader.positions() });
      assert.deepEqual([again.spanIds(), again.problems()], [[], []], name);
      const records = reader.records();
      const wanted = records.filter((_, index) => index % 3 === 1);
      const found = [];
      for await (const record of rereadRecords(
        { root: scratch.root, ...options, positions: reader.positions() },
        wanted.map(({ ref }) => ref),
      ))
        found.push(record);
      assert.deepEqual(found, wanted, name);
    }
  });

  it('follows a growing file message by message, also from a half-written one and after a restart', async () => {
    const list = messages(recorded).slice(0, 6);
    const all = Buffer.concat(list.map(prefix));
    const path = scratch.path('grow.pb');
    const whole = await (async () => {
      await writeFile(path, all);
      return (await scratch.readAll()).spanIds();
    })();
    const reader = scratch.read({ watch: true });
    await reader.untilSpans(whole.length);
    await appendFile(path, all.subarray(0, 7000));
    await truncate(path, all.length + 3000);
    await reader.source.close();
    for (const cut of [1, 3, 5, 4000, prefix(list[0] ?? nothing).length + 2, all.length - 1]) {
      await writeFile(path, all.subarray(0, cut));
      const first = await scratch.readAll();
      await appendFile(path, all.subarray(cut));
      const second = await scratch.readAll({ positions: first.positions() });
      assert.deepEqual([...first.spanIds(), ...second.spanIds()], whole, `cut at ${cut}`);
      assert.deepEqual(second.problems(), []);
    }
    await writeFile(path, all.subarray(0, 2));
    const live = scratch.read({ watch: true });
    await live.source.ready;
    for (let from = 2; from < all.length; from += 60_000) {
      await appendFile(path, all.subarray(from, from + 60_000));
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    await live.untilSpans(whole.length);
    assert.deepEqual([live.spanIds(), live.problems()], [whole, []]);
  });

  it('tells of a damaged .zst, reads what stands before, and refuses what is no telemetry', async () => {
    const jsonl = Buffer.from(`${lines.join('\n')}\n`);
    const whole = zstdCompressSync(jsonl);
    await writeFile(scratch.path('cut.jsonl.zst'), whole.subarray(0, whole.length - 2000));
    await writeFile(
      scratch.path('random.bin'),
      Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7919) % 256)),
    );
    const reader = await scratch.readAll();
    assert.ok(reader.spanIds().length > 0);
    assert.ok(reader.problems().includes('truncated-zstd cut.jsonl.zst:- x1'));
    assert.ok(reader.problems().includes('binary-file random.bin:- x1'));
    assert.deepEqual(
      reader.source.status().map(({ path, framing, compression }) => [path, framing, compression]),
      [
        ['cut.jsonl.zst', 'text', 'zstd'],
        ['random.bin', undefined, undefined],
      ],
    );
  });
});
