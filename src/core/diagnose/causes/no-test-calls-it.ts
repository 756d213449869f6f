import type { Evidence } from '../../model/anomaly.ts';
import type { CauseFinder } from '../cause-finder.ts';
import { noTestExample } from '../examples/no-test-calls-it.ts';

const WHY = {
  none: 'no test calls it or names it',
  placeholder: 'the tests that name it assert nothing about it',
  imported: 'tests import it, but none is seen to call it',
} as const;

/** The handler as the place where a test is missing. */
export const noTestCallsIt: CauseFinder = {
  id: 'no-test-calls-it',
  title: 'No test calls it',
  explains: ['untested-handler'],
  async find({ finding, handler }, ports) {
    const { subject } = finding;
    if (handler === undefined || subject.k !== 'no-test' || !handler.resolved) return [];
    const { file, symbol, start, end, registration } = handler;
    const site = { file, start, end, symbol };
    const route = [handler.method, handler.route].filter((part) => part !== undefined).join(' ');
    const evidence: Evidence[] = [
      { label: `The handler ${symbol}`, detail: WHY[subject.level], file, line: start.line },
      {
        label: route === '' ? 'Registered here' : `Registered here as ${route}`,
        file: registration.file,
        line: registration.start.line,
      },
      ...finding.evidence.filter(
        (one) => one.file !== undefined && one.file !== file && one.file !== registration.file,
      ),
      ...(await ports.lastChanges(site)),
    ];
    return [
      {
        cause: 'no-test-calls-it',
        message: `${symbol === '<anonymous>' ? `The handler of ${route}` : symbol} answers calls in production, and ${WHY[subject.level]}.`,
        score: 0.95,
        site,
        evidence,
        detail: { k: 'no-test-calls-it' },
      },
    ];
  },
  example: noTestExample,
};
