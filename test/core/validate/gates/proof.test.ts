import assert from 'node:assert/strict';
import { failsBefore, killsMutant, passesAfter } from '../../../../src/core/validate/gates/proof.ts';
import type { GateResult } from '../../../../src/core/validate/trial.ts';
import { newTest, scripted } from './scripted.ts';

const said = ({ status, evidence }: GateResult): string => `${status}: ${evidence}`;

describe('the new test of a fix', () => {
  it('has to fail without the fix, and by itself', async () => {
    const before = async (words: string, failing = true): Promise<string> => {
      const { trial, states } = scripted([words], { failsBefore: failing });
      const result = said(await failsBefore(trial));
      assert.deepEqual(states, ['only-tests']);
      return result;
    };
    assert.equal(await before('new-shows'), 'passed: "shows" fails without the fix: shows says');
    assert.match(await before('new+shows'), /^failed: .*passes without the fix too/);
    assert.match(await before('new!'), /^failed: .*cannot be loaded \(no such module\)/);
    assert.match(await before('new~shows'), /^failed: .*it is skipped/);
    assert.match(await before('new-other old-shows'), /^failed: .*the runner does not report it/);
    assert.match(await before('new+shows', false), /^passed: .*pins down/);
    assert.match(await before('new-shows', false), /^failed: .*pins down: shows says/);
  });

  it('has to pass with it three times, and with it all of a new file', async () => {
    const after = async (...script: readonly string[]): Promise<string> => {
      const { trial, states } = scripted(script);
      const result = said(await passesAfter(trial));
      assert.deepEqual(
        states,
        script.map(() => 'fixed'),
      );
      return result;
    };
    assert.match(await after('new+shows', 'new+shows', 'new+shows'), /^passed: .*3 times of 3/);
    assert.match(await after('new+shows', 'new+shows', 'new-shows'), /^failed: .*run 3 of 3: shows says/);
    assert.match(await after('new!'), /^failed: .*run 1 of 3: its file cannot be loaded/);
    assert.match(await after('new+shows new-more'), /^failed: .*another test of the new file fails, "more"/);
    const { trial } = scripted(Array(3).fill('new+shows new-more'), { present: [newTest] });
    assert.equal(
      (await passesAfter(trial)).status,
      'passed',
      'a test that was there is judged with the others',
    );
  });

  it('has to notice a mutant; one that cannot be run is not noticed', async () => {
    const mutants = ['one', 'two'].map((what) => ({ file: 'src/a.ts', newText: what, what }));
    const killed = async (...script: readonly string[]): Promise<string> => {
      const { trial, states } = scripted(script, { mutants });
      const result = said(await killsMutant(trial));
      assert.deepEqual(states, ['fixed one', 'fixed two']);
      return result;
    };
    assert.equal(
      await killed('new-shows', 'new+shows'),
      `passed: ${newTest} notices 1 of 2 mutants: one. Not noticed: two.`,
    );
    assert.match(await killed('new+shows new-more', 'new+shows new+more'), /^passed: .*mutants: one\. Not/);
    assert.match(
      await killed('new+shows', 'new+shows'),
      /^failed: .*0 of 2 mutants. Not noticed: one; two\./,
    );
    assert.match(
      await killed('crash', 'new+shows'),
      /^failed: .*Not noticed: two. Could not be run: one \(out of memory\)/,
    );
    assert.match(await killed('crash', 'new!'), /^inconclusive: /);
    assert.equal((await killsMutant(scripted([]).trial)).status, 'skipped');
    // A test that passes on the code as it is shows nothing until it failed on something.
    const { trial } = scripted([], { failsBefore: false });
    assert.equal((await killsMutant(trial)).status, 'inconclusive');
  });
});
