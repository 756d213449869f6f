import { z } from 'zod';
import type { TestState } from '../../model/test.ts';
import type { ReportedTest, TestReport, TestRunner } from '../runner.ts';

const assertion = z.object({
  ancestorTitles: z.array(z.string()).default([]),
  title: z.string(),
  status: z.string(),
  duration: z.number().nullish(),
  failureMessages: z.array(z.string()).nullish(),
});
const fileResult = z.object({
  name: z.string(),
  status: z.string().nullish(),
  message: z.string().nullish(),
  assertionResults: z.array(z.unknown()).default([]),
});
const report = z.object({ testResults: z.array(z.unknown()), startTime: z.number().nullish() });

const STATES: Readonly<Record<string, TestState>> = {
  passed: 'passed',
  failed: 'failed',
  skipped: 'skipped',
  pending: 'skipped',
  disabled: 'skipped',
  todo: 'skipped',
};

export const vitest: TestRunner = {
  id: 'vitest',
  title: 'Vitest',
  packages: ['vitest'],
  configFile: /^vite(st)?\.config\.[cm]?[jt]s$/,
  configKey: 'test',
  include: ['**/*.{test,spec}.?(c|m)[jt]s?(x)'],
  exclude: ['**/node_modules/**', '**/.git/**', '**/dist/**'],
  vocabulary: {
    suites: ['describe', 'suite'],
    tests: ['it', 'test'],
    hooks: [
      'beforeEach',
      'afterEach',
      'beforeAll',
      'afterAll',
      'onTestFinished',
      'onTestFailed',
      'aroundEach',
      'aroundAll',
    ],
    curried: ['each', 'for', 'skipIf', 'runIf'],
    tables: ['each', 'for'],
    extensions: ['extend'],
    todo: 'todo',
    tools: ['expect', 'assert', 'vi', 'vitest', 'expectTypeOf', 'assertType', 'console'],
    mocks: { object: 'vi', methods: ['mock', 'doMock'] },
    modules: ['vitest'],
  },
  binary: 'vitest',
  script: 'vitest/vitest.mjs',
  args: (files, reportFile) => [
    'run', ...files, '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`,
  ], // prettier-ignore
  parseReport,
  example: {
    files: {
      'package.json': '{ "name": "lamps", "devDependencies": { "vitest": "*" } }',
      'src/lamp.ts': 'export const light = (on: boolean) => (on ? 1 : 0);\n',
      'tests/lamp.test.ts': `import { describe, expect, it } from 'vitest';
import { light } from '../src/lamp.ts';
describe('a lamp', () => {
  it('shines', () => expect(light(true)).toBe(1));
  it.each([[false, 0]])('is %s', (on, lumen) => expect(light(on)).toBe(lumen));
  it('is pretty', () => expect(true).toBe(true));
  it.todo('dims');
});
`,
    },
    tests: [
      'tests/lamp.test.ts#a lamp > shines',
      'tests/lamp.test.ts#a lamp > is %s',
      'tests/lamp.test.ts#a lamp > is pretty (placeholder)',
      'tests/lamp.test.ts#a lamp > dims (placeholder)',
    ],
    report: JSON.stringify({
      startTime: 1_700_000_000_000,
      testResults: [
        {
          name: '/home/somebody/lamps/tests/lamp.test.ts',
          assertionResults: [
            { ancestorTitles: ['a lamp'], title: 'shines', status: 'passed', duration: 1.5 },
            {
              ancestorTitles: ['a lamp'],
              title: 'is false',
              status: 'failed',
              failureMessages: ['expected 1 to be 0'],
            },
            { ancestorTitles: ['a lamp'], title: 'is pretty', status: 'passed' },
            { ancestorTitles: ['a lamp'], title: 'dims', status: 'todo' },
          ],
        },
      ],
    }),
    states: {
      'tests/lamp.test.ts#a lamp > shines': 'passed',
      'tests/lamp.test.ts#a lamp > is %s': 'failed',
      'tests/lamp.test.ts#a lamp > is pretty': 'passed',
      'tests/lamp.test.ts#a lamp > dims': 'skipped',
    },
  },
};

/** Reads the JSON reporter's file, which is Jest's format. */
function parseReport(text: string): TestReport | null {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
  const whole = report.safeParse(json);
  if (!whole.success) return null;
  const tests: ReportedTest[] = [];
  const brokenFiles: { file: string; message: string }[] = [];
  let skipped = 0;
  for (const entry of whole.data.testResults) {
    const result = fileResult.safeParse(entry);
    if (!result.success) {
      skipped++;
      continue;
    }
    const { name: file, status, message, assertionResults } = result.data;
    if (assertionResults.length === 0 && status === 'failed')
      brokenFiles.push({ file, message: message ?? '' });
    for (const item of assertionResults) {
      const test = reported(file, item);
      if (test === undefined) skipped++;
      else tests.push(test);
    }
  }
  const { startTime } = whole.data;
  return { tests, brokenFiles, skipped, ...(typeof startTime === 'number' && { ranAtMs: startTime }) };
}

function reported(file: string, item: unknown): ReportedTest | undefined {
  const parsed = assertion.safeParse(item);
  if (!parsed.success) return undefined;
  const { ancestorTitles, title, status, duration, failureMessages } = parsed.data;
  const message = failureMessages?.[0];
  // Vitest 1 counts the file itself as the outermost suite, without a name.
  const suites = ancestorTitles[0] === '' ? ancestorTitles.slice(1) : ancestorTitles;
  return {
    file,
    titles: [...suites, title],
    state: STATES[status] ?? 'not-run',
    ...(typeof duration === 'number' && { durationMs: duration }),
    ...(message !== undefined && { message }),
  };
}
