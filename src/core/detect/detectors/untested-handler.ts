import type { Finding, Severity } from '../../model/anomaly.ts';
import type { DetectInput, HandlerTraffic } from '../../model/comparison.ts';
import type { HandlerKind } from '../../model/handler.ts';
import type { TestLevel } from '../../model/test.ts';
import type { Detector } from '../detector.ts';
import { exampleInput, exampleOperation, exampleSample } from '../example.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { minCalls } from '../sample.ts';
import { counted, percent } from '../texts.ts';

const id = 'untested-handler';

/** Middleware is run by the tests of every route behind it. */
const exempt: ReadonlySet<HandlerKind> = new Set(['middleware', 'error-middleware']);

/** Production calls a handler that no test calls. */
export const untestedHandler: Detector = {
  id,
  title: 'In use and without a test',
  kind: 'coverage',
  detect: ({ handlers }) => {
    const all = handlers.reduce(
      (sum, traffic) => sum + (exempt.has(traffic.handler.kind) ? 0 : traffic.calls),
      0,
    );
    return handlers.flatMap((traffic) => untested(traffic, all) ?? []);
  },
  figure: (claim, { handlers }) => {
    const found = handlers.find(({ handler }) => fingerprint(handler.id) === claim.fingerprint);
    if (found === undefined || found.calls < minCalls) return null;
    return { value: levelWithout(found.tests.level) === null ? 0 : found.calls, n: found.calls };
  },
  example: { quiet: example('called'), anomalous: example('none') },
};

const fingerprint = (handlerId: string): string => fingerprintOf(id, handlerId, 'tests');

function levelWithout(level: TestLevel): 'imported' | 'placeholder' | 'none' | null {
  return level === 'executed' || level === 'called' ? null : level;
}

function untested(traffic: HandlerTraffic, all: number): Finding | undefined {
  const { handler, calls, operation, release, tests } = traffic;
  const level = levelWithout(tests.level);
  if (level === null || exempt.has(handler.kind) || calls < minCalls) return undefined;
  const share = calls / Math.max(1, all);
  const nearest = {
    imported: 'a test imports it, none calls it',
    placeholder: 'the only test of it asserts nothing about it',
    none: 'no test reaches it',
  }[level];
  return {
    fingerprint: fingerprint(handler.id),
    kind: 'coverage',
    detector: id,
    operation,
    handlerId: handler.id,
    severity: severityOf(share),
    // Tests may call it in ways that reading them does not show; an import is the likeliest such case.
    confidence: level === 'imported' ? 0.7 : 0.9,
    message: `${handler.symbol} answers ${percent(share)} of the traffic (${counted(calls, 'call')} of ${operation.name}), and ${nearest}.`,
    release,
    baselineRelease: null,
    effect: {
      measure: 'calls without a test',
      unit: 'count',
      before: null,
      after: calls,
      ratio: calls,
      low: calls,
      high: calls,
      n: calls,
      nBefore: 0,
    },
    evidence: [
      { label: `${handler.symbol}: ${nearest}`, file: handler.file, line: handler.start.line },
      ...tests.tests.map(({ test, level: testLevel }) => ({
        label: `${testLevel}: ${test.title}`,
        file: test.file,
        line: test.start.line,
      })),
    ],
    subject: { k: 'no-test', level },
  };
}

function severityOf(share: number): Severity {
  if (share >= 1 / 3) return 'high';
  return share >= 0.1 ? 'medium' : 'low';
}

function example(level: TestLevel): DetectInput {
  const now = exampleSample('1.1.0', { calls: 90 });
  const at = { line: 3, column: 1 };
  const operation = exampleOperation('/search');
  const handler: HandlerTraffic['handler'] = {
    id: 'src/search.ts#search@GET /search',
    function: 'src/search.ts#search',
    kind: 'route',
    framework: 'express',
    method: 'GET',
    route: '/search',
    file: 'src/search.ts',
    symbol: 'search',
    start: at,
    end: { line: 9, column: 2 },
    registration: { file: 'src/app.ts', start: at },
    resolved: true,
    plugin: 'shop',
    package: 'shop',
    syntaxHash: '0',
  };
  const tests = { level, passed: 0, failed: 0, notRun: 0, tests: [] };
  const traffic = {
    handler,
    calls: now.calls,
    errors: 0,
    release: '1.1.0',
    operations: [now],
    operation,
    tests,
  };
  const few = { ...traffic, handler: { ...handler, id: `${handler.id}~2` }, calls: 7 };
  return { ...exampleInput([]), handlers: [traffic, { ...few, tests: { ...tests, level: 'none' } }] };
}
