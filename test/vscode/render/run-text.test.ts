import assert from 'node:assert/strict';
import type { RunSummary } from '../../../src/core/engine/tests.ts';
import { addRuns, reasonText, runText } from '../../../src/vscode/render/run-text.ts';
import { english } from '../../../src/vscode/render/translate.ts';

const summary = (over: Partial<RunSummary>): RunSummary => ({
  outcome: 'ran',
  passed: 0,
  failed: 0,
  notes: [],
  ...over,
});

describe('render/run-text', () => {
  it('says passed only of tests that passed', () => {
    const texts = [
      summary({ passed: 3 }),
      summary({ passed: 1 }),
      summary({ passed: 2, failed: 1 }),
      summary({ failed: 1 }),
      summary({}),
      summary({ outcome: 'inconclusive' }),
      summary({ outcome: 'cancelled', passed: 2 }),
      summary({ outcome: 'nothing-to-run' }),
    ].map((one) => runText(one, english));
    assert.deepEqual(texts, [
      '3 tests passed',
      '1 test passed',
      '1 of 3 tests failed',
      '1 test failed',
      'No test ran',
      'The tests could not be run',
      'Test run cancelled',
      'There are no tests to run',
    ]);
  });

  it('adds runs without hiding what could not run', () => {
    const ran = summary({ passed: 2 });
    const not = summary({ outcome: 'inconclusive', notes: ['no runner\nlong output'] });
    const both = addRuns(addRuns(summary({ outcome: 'nothing-to-run' }), not), ran);
    assert.deepEqual(both, summary({ passed: 2, notes: ['no runner\nlong output'] }));
    assert.equal(reasonText(both), 'no runner');
  });
});
