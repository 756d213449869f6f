import assert from 'node:assert/strict';
import { noTestCallsIt } from '../../../../src/core/diagnose/causes/no-test-calls-it.ts';
import { analysisOf } from '../../code/memory-host.ts';

describe('cause no-test-calls-it', () => {
  it('names no place for a handler that is not resolved', async () => {
    const { files, input } = noTestCallsIt.example;
    assert.ok(input.handler);
    const ports = {
      code: analysisOf(files),
      locate: () => null,
      lastChanges: () => Promise.resolve([]),
    };
    const unresolved = { ...input, handler: { ...input.handler, resolved: false } };
    assert.deepEqual(await noTestCallsIt.find(unresolved, ports), []);
    assert.equal((await noTestCallsIt.find(input, ports)).length, 1);
  });
});
