import assert from 'node:assert/strict';
import { affectedTests, baseline } from '../../../../src/core/validate/gates/suite.ts';
import { scripted } from './scripted.ts';

/** Runs both gates over what the runs say, the first word for the baseline. */
async function outcome(...script: readonly string[]): Promise<string> {
  const { trial, states } = scripted(script);
  const first = await baseline(trial);
  if (first.status !== 'passed') return `${first.status}: ${first.evidence}`;
  const second = await affectedTests(trial);
  assert.equal(states.length, script.length, 'every run that was written down was asked for');
  return `${second.status}: ${second.evidence}`;
}

describe('the affected tests of a fix', () => {
  it('are run twice before it when some fail, and what fails once or twice is not blamed', async () => {
    const { trial, states } = scripted(['old+a old-b old+c', 'old+a old-b old-c']);
    const { status, evidence } = await baseline(trial);
    assert.equal(status, 'passed');
    assert.match(evidence, /Before the fix 2 fail, .*: .*> b; .*> c\. Only one time of two: .*> c\./);
    assert.deepEqual(states, ['untouched', 'untouched']);
    assert.match(
      await outcome('old+a old-b', 'old+a old-b', 'old+a old-b'),
      /^passed: .*beyond the 1 that did before/,
    );
  });

  it('say nothing when none of them passes before', async () => {
    assert.match(await outcome('old-a', 'old-a'), /^inconclusive: .*None passes/);
    assert.match(await outcome('old!', 'old!'), /^inconclusive: .*cannot be loaded/);
  });

  it('are worse when one fails twice that did not before, and does not without the fix', async () => {
    const fails = ['old+a old-b', 'old+a old-b'];
    assert.match(
      await outcome('old+a old+b', ...fails, 'old+a old+b', 'old+a old+b'),
      /^failed: .*1 worse .*> b\./,
    );
    assert.match(
      await outcome('old+a old+b', ...fails, 'old+a old+b', 'old+a old-b'),
      /^passed: .*not blamed/,
    );
    assert.match(await outcome('old+a old+b', 'old+a old-b', 'old+a old+b'), /^passed: .*not every time/);
  });

  it('are worse when their file cannot be loaded any more, or some are lost', async () => {
    assert.match(
      await outcome('old+a', 'old!', 'old!', 'old+a', 'old+a'),
      /^failed: .*old.test.ts \(cannot be loaded\)/,
    );
    assert.match(
      await outcome('old+a old+b', 'old+a old~b', 'old+a old~b', 'old+a old+b', 'old+a old+b'),
      /^failed: .*2 passed before, 1 with the fix/,
    );
    assert.match(await outcome('old+at1 old+at2', 'old+at3 old+at4 new+shows'), /^passed: /);
  });

  it('are not worse when a file can be loaded that could not before', async () => {
    const broken = 'new+a old!';
    assert.match(await outcome(broken, broken, 'new+a old-b old+c'), /^passed: /);
  });

  it('are none for code that no test touches', async () => {
    const { trial } = scripted([], { present: [] });
    assert.equal((await baseline(trial)).status, 'skipped');
    assert.equal((await affectedTests(trial)).status, 'skipped');
  });
});
