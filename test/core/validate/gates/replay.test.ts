import assert from 'node:assert/strict';
import { replay } from '../../../../src/core/validate/gates/replay.ts';
import { CouldNotRun } from '../../../../src/core/validate/trial.ts';
import { scripted } from './scripted.ts';

const given = { replay: { file: 'tests/replay.test.ts', text: '(replay)', samples: [] } };

describe('the replay of a performance fix', () => {
  it('is run in turns without and with the fix', async () => {
    const { trial, states } = scripted(
      ['30 31 32', '10 11 12', '31 30 33', '9 12 10', '30 30 31', '11 11 10'],
      given,
    );
    const { status, evidence } = await replay(trial);
    assert.equal(status, 'passed');
    assert.match(evidence, /^Median 31\.0 ms without and 11\.0 ms with the fix: 0\.35 times, 95 % interval 0\.3\d to 0\.\d\d \(9 and 9/); // prettier-ignore
    const turn = ['untouched (replay)', 'fixed (replay)'];
    assert.deepEqual(states, [...turn, ...turn, ...turn]);
  });

  it('fails what is not surely faster', async () => {
    const { trial } = scripted(['10 30 20', '9 29 21', '25 11 14', '26 10 13', '12 22 9', '13 21 8'], given);
    assert.equal((await replay(trial)).status, 'failed');
  });

  it('says nothing when nothing was measured', async () => {
    await assert.rejects(replay(scripted(['new+shows'], given).trial), CouldNotRun);
    await assert.rejects(replay(scripted(['new!'], given).trial), /cannot be loaded: no such module/);
    assert.equal((await replay(scripted([]).trial)).status, 'skipped');
  });
});
