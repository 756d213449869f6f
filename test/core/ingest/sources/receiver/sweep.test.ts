import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLimits } from '../../../../../src/core/ingest/sources/receiver/limits.ts';
import { endOfRequests, listSegments } from '../../../../../src/core/ingest/sources/receiver/segments.ts';
import { openSpool } from '../../../../../src/core/ingest/sources/receiver/spool.ts';
import { sweepSpool } from '../../../../../src/core/ingest/sources/receiver/sweep.ts';

const request = Buffer.from('{"resourceSpans":[]}');

describe('the spool', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'suture-spool-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const fill = async (close: boolean): Promise<() => Promise<void>> => {
    const spool = await openSpool({ folder, limits: defaultLimits, now: () => 1 });
    for (const encoding of ['json', 'protobuf'] as const) {
      for (let index = 0; index < 3; index++) {
        assert.equal(typeof (await spool.append(encoding, request)), 'string');
      }
    }
    if (close) await spool.close();
    return () => spool.close();
  };

  it('frames protobuf by length and JSON by line', async () => {
    await fill(true);
    const segments = await listSegments(folder);
    const bytes = segments.map(({ encoding, bytes: size }) => [encoding, size]);
    assert.deepEqual(bytes, [
      ['json', 3 * (request.length + 1)],
      ['protobuf', 3 * (request.length + 4)],
    ]);
  });

  it('goes when it was read to the end, not before', async () => {
    await fill(true);
    const segments = await listSegments(folder);
    await sweepSpool(folder, () => undefined);
    const ends = new Map(
      await Promise.all(segments.map(async (each) => [each.path, await endOfRequests(each)] as const)),
    );
    await sweepSpool(folder, (path) => (ends.get(path) ?? 0) - 1);
    assert.equal((await readdir(folder)).length, 2);
    await sweepSpool(folder, (path) => ends.get(path));
    assert.deepEqual(await readdir(folder), []);
  });

  it('stays while it is written', async () => {
    const close = await fill(false);
    await sweepSpool(folder, () => Infinity);
    assert.equal((await readdir(folder)).length, 2);
    await close();
    await sweepSpool(folder, () => Infinity);
    assert.deepEqual(await readdir(folder), []);
  });

  it('counts as read where its end was never answered for, since its writer was killed', async () => {
    await fill(true);
    const segments = await listSegments(folder);
    for (const each of segments) {
      const end = await endOfRequests(each);
      await appendFile(each.path, request.subarray(0, 7));
      const torn = { ...each, bytes: each.bytes + 7 };
      assert.equal(await endOfRequests(torn), end);
    }
  });

  it('is written anew where somebody removed it', async () => {
    const spool = await openSpool({ folder, limits: defaultLimits, now: () => 1 });
    const first = await spool.append('json', request);
    assert.ok(typeof first === 'string');
    await rm(folder, { recursive: true });
    const second = await spool.append('json', request);
    assert.ok(typeof second === 'string' && second !== first);
    assert.equal((await listSegments(folder)).length, 1);
    await spool.close();
  });
});
