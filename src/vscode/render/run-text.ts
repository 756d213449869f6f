import type { RunSummary } from '../../core/engine/tests.ts';
import { oneLine } from './escape.ts';
import type { Translate } from './translate.ts';

/** How a run of tests ended, in a few words; says "passed" of nothing but tests that ran and passed. */
export function runText({ outcome, passed, failed }: RunSummary, t: Translate): string {
  if (outcome === 'cancelled') return t('Test run cancelled');
  if (outcome === 'inconclusive') return t('The tests could not be run');
  if (outcome === 'nothing-to-run') return t('There are no tests to run');
  const total = passed + failed;
  if (failed > 0) return total === 1 ? t('1 test failed') : t('{0} of {1} tests failed', failed, total);
  if (total === 0) return t('No test ran');
  return total === 1 ? t('1 test passed') : t('{0} tests passed', passed);
}

/** First line of why something did not run; the rest is for the log. */
export function reasonText({ notes }: RunSummary): string {
  return oneLine(notes[0]?.split('\n')[0] ?? '', 300);
}

/** Sum of several runs; one that could not run is never hidden by others that did. */
export function addRuns(left: RunSummary, right: RunSummary): RunSummary {
  const order: readonly RunSummary['outcome'][] = ['nothing-to-run', 'inconclusive', 'ran', 'cancelled'];
  const outcome = order.indexOf(left.outcome) >= order.indexOf(right.outcome) ? left.outcome : right.outcome;
  return {
    outcome,
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    notes: [...left.notes, ...right.notes],
  };
}
