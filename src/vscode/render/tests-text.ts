import type { HandlerTests } from '../../core/model/test.ts';
import type { Translate } from './translate.ts';

/** Test status in a few words; the empty string while tests are not known. */
export function testsText(tests: HandlerTests | undefined, t: Translate): string {
  if (tests === undefined) return '';
  if (tests.level === 'none') return t('no test');
  if (tests.level === 'placeholder') return t('only a placeholder test');
  const total = tests.passed + tests.failed + tests.notRun;
  if (tests.failed > 0) {
    return total === 1 ? t('1 test fails') : t('{0} of {1} tests fail', tests.failed, total);
  }
  if (tests.passed === 0) return total === 1 ? t('1 test, not run') : t('{0} tests, not run', total);
  const passed = tests.passed === 1 ? t('1 test passes') : t('{0} tests pass', tests.passed);
  return tests.notRun > 0 ? `${passed}, ${t('{0} not run', tests.notRun)}` : passed;
}

/** True for a handler with tests that a run would say something about. */
export function hasTests(tests: HandlerTests | undefined): tests is HandlerTests {
  return tests !== undefined && tests.level !== 'none' && tests.level !== 'placeholder';
}

/** What a lens offers to run: the tests that fail or were not run; the empty string where all passed or there are none. */
export function runOffer(tests: HandlerTests | undefined, t: Translate): string {
  if (!hasTests(tests) || tests.failed + tests.notRun === 0) return '';
  return tests.failed > 0 ? t('run again') : t('run tests');
}
