import assert from 'node:assert/strict';
import { generateTest } from '../../../../src/core/repair/recipes/generate-test.ts';
import { draftIn } from './drafted.ts';

describe('recipe generate-test', () => {
  it('wants to run what it writes', async () => {
    const made = await draftIn(generateTest, generateTest.example.before);
    assert.ok(made.k === 'no-fix' && made.reason.includes('needs to run'));
  });
});
