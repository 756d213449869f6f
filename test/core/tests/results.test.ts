import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { vitest } from '../../../src/core/tests/runners/registry.ts';
import { virtualWorkspace } from './virtual-workspace.ts';

interface Entry {
  readonly titles: readonly string[];
  readonly status?: string;
  readonly message?: string;
  readonly duration?: number;
}

const reportOf = (files: Readonly<Record<string, readonly Entry[]>>, startTime = 1000): string =>
  JSON.stringify({
    startTime,
    testResults: Object.entries(files).map(([name, entries]) => ({
      name,
      status: 'failed',
      message: 'cannot load',
      assertionResults: entries.map(({ titles, status = 'passed', message, duration }) => ({
        ancestorTitles: titles.slice(0, -1),
        title: titles.at(-1),
        status,
        duration,
        ...(message !== undefined && { failureMessages: [message] }),
      })),
    })),
  });

const states = async (
  files: Readonly<Record<string, string>>,
  report: string,
): Promise<{ readonly states: Readonly<Record<string, string | undefined>>; readonly unknown: number }> => {
  const { index } = await virtualWorkspace(files);
  const { unknown } = index.setReport(report, 'report.json', 0);
  return {
    states: Object.fromEntries(index.cases().map((test) => [test.id, index.resultOf(test)?.state])),
    unknown,
  };
};

describe('results of a report', () => {
  it('reads a recorded Vitest report', async () => {
    const text = readFileSync(new URL('../../fixtures/test-reports/vitest.json', import.meta.url), 'utf8');
    const { index } = await virtualWorkspace({
      'test/a.test.js': `describe('users', () => { it('gets a user', () => {}); it('rejects', () => {}); }); test('order total', () => {}); test('fails', () => { expect(1).toBe(2); });`,
    });
    const outcome = index.setReport(text, 'vitest.json', 5);
    assert.deepEqual(outcome, { runner: 'vitest', matched: 4, unknown: 0, skipped: 0 });
    assert.deepEqual(
      index.cases().map((test) => index.resultOf(test)?.state),
      ['passed', 'passed', 'passed', 'failed'],
    );
    const failed = index.resultOf(index.cases()[3]!);
    assert.match(failed?.message ?? '', /^AssertionError: expected 1 to be 2/);
    assert.equal(failed?.ranAtMs, 1795388664267);
    assert.equal(failed?.stale, false);
  });

  it('reads the report of Vitest 1, where the file is a suite without a name', async () => {
    const files = {
      'test/a.test.ts': "describe('users', () => { it('gets one', () => { expect(1).toBe(1); }); });",
    };
    const found = await states(
      files,
      reportOf({ '/x/test/a.test.ts': [{ titles: ['', 'users', 'gets one'] }] }),
    );
    assert.deepEqual(found, { states: { 'test/a.test.ts#users > gets one': 'passed' }, unknown: 0 });
  });

  it('finds files of other machines by their longest end', async () => {
    const files = {
      'a.test.ts': `it('x', () => {});`,
      'pkg/a.test.ts': `it('x', () => {});`,
      'pkg/deep/b.test.ts': `it('x', () => {});`,
    };
    const found = await states(
      files,
      reportOf({
        '/ci/build 7/pkg/a.test.ts': [{ titles: ['x'] }],
        'C:\\work\\a.test.ts': [{ titles: ['x'], status: 'failed' }],
        '/other/root/deep/b.test.ts': [{ titles: ['x'], status: 'skipped' }],
        '/ci/elsewhere.test.ts': [{ titles: ['x'] }],
      }),
    );
    assert.deepEqual(found, {
      states: { 'a.test.ts#x': 'failed', 'pkg/a.test.ts#x': 'passed', 'pkg/deep/b.test.ts#x': 'skipped' },
      unknown: 1,
    });
  });

  it('takes rows of a table, loops and shared tests as one test', async () => {
    const text = `
      it.each([1, 2])('adds %i', (n) => {});
      describe.each([{ name: 'a' }])('suite $name', () => { it('inner', () => {}); });
      for (const x of xs) it(\`loop \${x}\`, () => {});
      function shared() { it('shared', () => {}); }
      describe('one', shared); describe('two', () => { describe('deep', () => shared()); });
      it('adds 2 exactly', () => {});
    `;
    const found = await states(
      { 'a.test.ts': text },
      reportOf({
        '/x/a.test.ts': [
          { titles: ['adds 1'] },
          { titles: ['adds 2'], status: 'failed' },
          { titles: ['suite a', 'inner'] },
          { titles: ['loop (.*)'] },
          { titles: ['two', 'deep', 'shared'] },
          { titles: ['adds 2 exactly'] },
        ],
      }),
    );
    assert.equal(found.unknown, 0);
    assert.deepEqual(Object.values(found.states), ['failed', 'passed', 'passed', 'passed', 'passed']);
  });

  it('tells tests of one name apart by their order', async () => {
    const found = await states(
      { 'a.test.ts': `it('same', () => {}); it('same', () => {}); it('other', () => {});` },
      reportOf({ 'a.test.ts': [{ titles: ['same'] }, { titles: ['same'], status: 'failed' }] }),
    );
    assert.deepEqual(found.states, {
      'a.test.ts#same': 'passed',
      'a.test.ts#same~2': 'failed',
      'a.test.ts#other': undefined,
    });
  });

  it('counts tests that the source does not hold', async () => {
    const found = await states(
      { 'a.test.ts': `describe('s', () => it('x', () => {}));` },
      reportOf({ 'a.test.ts': [{ titles: ['x'] }, { titles: ['s', 'gone'] }, { titles: ['s', 'x'] }] }),
    );
    assert.deepEqual(found, { states: { 'a.test.ts#s > x': 'passed' }, unknown: 2 });
  });

  it('counts a file that did not load as failed', async () => {
    const { index } = await virtualWorkspace({ 'a.test.ts': `it('x', () => {});` });
    index.setReport(reportOf({ '/x/a.test.ts': [] }), 'r', 0);
    assert.equal(index.resultOf(index.cases()[0]!)?.state, 'failed');
    assert.equal(index.resultOf(index.cases()[0]!)?.message, 'cannot load');
  });

  it('matches patterns in linear time', async () => {
    const title = `${'%s'.repeat(200)}!`;
    const found = await states(
      { 'a.test.ts': `it.each([1])(${JSON.stringify(title)}, () => {});` },
      reportOf({ 'a.test.ts': [{ titles: ['a'.repeat(20_000)] }, { titles: ['a!'] }] }),
    );
    assert.equal(found.unknown, 1);
  });

  it('skips what is broken and keeps the rest', () => {
    const good = {
      name: 'a',
      assertionResults: [
        { title: 'x', status: 'passed' },
        { title: 7 },
        null,
        { title: 'y', status: 'strange' },
      ],
    };
    const report = vitest.parseReport(JSON.stringify({ testResults: [good, 5, { name: null }] }));
    assert.deepEqual(
      report?.tests.map(({ titles, state }) => [...titles, state]),
      [
        ['x', 'passed'],
        ['y', 'not-run'],
      ],
    );
    assert.equal(report?.skipped, 4);
    for (const text of ['', 'null', '[]', '{}', '{"testResults":{}}', '\u0000', '<xml/>']) {
      assert.equal(vitest.parseReport(text), null, text);
    }
  });
});
