import assert from 'node:assert/strict';
import { addedTime } from '../../../../src/core/diagnose/causes/added-time.ts';
import type { DiagnoseInput } from '../../../../src/core/diagnose/cause-finder.ts';
import type { OperationSample } from '../../../../src/core/model/comparison.ts';
import { analysisOf } from '../../code/memory-host.ts';

const { input, files } = addedTime.example;
const ports = { code: analysisOf(files), locate: () => null, lastChanges: () => Promise.resolve([]) };

/** The same sample with a child that takes so long in all of its 100 calls. */
function withChild(sample: OperationSample, ms: number): OperationSample {
  assert.ok(sample.shape);
  const child = { key: 'client GET stock', name: 'GET stock', kind: 'client' as const, total: 100, counts: [], overlapping: 0, durationSumMs: ms * 100, latency: new Uint8Array() }; // prettier-ignore
  return { ...sample, shape: { ...sample.shape, children: [child] } };
}

function withChildren(nowMs: number, beforeMs: number): DiagnoseInput {
  assert.ok(input.comparison?.before);
  const { now, before } = input.comparison;
  const comparison = { ...input.comparison, now: withChild(now, nowMs), before: withChild(before, beforeMs) };
  return { ...input, comparison };
}

describe('added time', () => {
  it('is laid to what is called where most of it is spent there', async () => {
    const [cause] = await addedTime.find(withChildren(32, 5), ports);
    assert.match(cause?.message ?? '', /spent in GET stock/);
    assert.equal(cause?.site, undefined);
  });

  it('is laid to the handler where what it calls takes no longer', async () => {
    const [cause] = await addedTime.find(withChildren(5, 5), ports);
    assert.match(cause?.message ?? '', /in showLamp itself/);
    assert.equal(cause?.site?.start.line, 1);
  });

  it('says nothing of a call that takes no longer', async () => {
    assert.ok(input.comparison?.before);
    const { now } = input.comparison;
    assert.deepEqual(
      await addedTime.find({ ...input, comparison: { ...input.comparison, before: now } }, ports),
      [],
    );
  });
});
