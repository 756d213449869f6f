import assert from 'node:assert/strict';
import { virtualWorkspace } from './virtual-workspace.ts';

const files = {
  'src/app.ts': `import express from 'express';
import { show } from './show';
export const app = express();
app.get('/things/:id', show);
`,
  'src/show.ts': `export function show(req, res) { res.end(); }\n`,
  'tests/http.test.ts': `import request from 'supertest';
import { app } from '../src/app';
it('answers', () => request(app).get('/things/1').expect(200));
it('refuses', () => request(app).get('/things/x').expect(400));
`,
  'tests/unit.test.ts': `import { show } from '../src/show';\nit('ends', () => show({}, response));\n`,
  'tests/other.test.ts': `import { sum } from '../src/sum';\nit('adds', () => expect(sum(1, 1)).toBe(2));\n`,
};
const ID = 'src/show.ts#show@GET /things/:id';

const report = (states: Readonly<Record<string, string>>, startTime = 1000): string =>
  JSON.stringify({
    startTime,
    testResults: Object.entries(states).map(([key, status]) => {
      const [file, title] = key.split('#');
      return { name: `/anywhere/${file}`, assertionResults: [{ ancestorTitles: [], title, status }] };
    }),
  });

describe('test status of a handler', () => {
  it('joins links and results', async () => {
    const { index } = await virtualWorkspace(files);
    assert.deepEqual(
      { ...index.forHandler(ID), tests: index.forHandler(ID).tests.length },
      { level: 'called', passed: 0, failed: 0, notRun: 3, tests: 3 },
    );
    index.setReport(
      report({
        'tests/http.test.ts#answers': 'passed',
        'tests/http.test.ts#refuses': 'failed',
        'tests/unit.test.ts#ends': 'skipped',
      }),
      'a',
      0,
    );
    const { level, passed, failed, notRun, tests } = index.forHandler(ID);
    assert.deepEqual({ level, passed, failed, notRun }, { level: 'called', passed: 1, failed: 1, notRun: 1 });
    assert.deepEqual(
      tests.map(({ test, result }) => `${test.title} ${result?.state}`),
      ['answers passed', 'refuses failed', 'ends skipped'],
    );
    assert.deepEqual(index.forHandler('nobody').level, 'none');
  });

  it('takes the newest result of each test, whatever the order of the reports', async () => {
    const { index } = await virtualWorkspace(files);
    index.setReport(report({ 'tests/http.test.ts#answers': 'failed' }, 2000), 'late', 0);
    index.setReport(
      report({ 'tests/http.test.ts#answers': 'passed', 'tests/unit.test.ts#ends': 'passed' }, 1000),
      'early',
      0,
    );
    assert.deepEqual([index.forHandler(ID).passed, index.forHandler(ID).failed], [1, 1]);
    index.setReport(null, 'late', 0);
    assert.deepEqual([index.forHandler(ID).passed, index.forHandler(ID).failed], [2, 0]);
    assert.equal(index.setReport('no report', 'early', 0).runner, null);
    assert.equal(index.forHandler(ID).notRun, 3);
  });

  it('is stale when the test or the handler changed after the run', async () => {
    for (const [changed, stale] of [
      ['tests/unit.test.ts', [false, true]],
      ['src/show.ts', [true, true]],
      ['src/app.ts', [false, false]],
    ] as const) {
      const { index } = await virtualWorkspace(files, {
        changedAfter: (path, ms) => path === changed && ms < 1500,
      });
      index.setReport(
        report({ 'tests/http.test.ts#answers': 'passed', 'tests/unit.test.ts#ends': 'passed' }),
        'a',
        0,
      );
      const results = index.forHandler(ID).tests.flatMap(({ result }) => result?.stale ?? []);
      assert.deepEqual(results, stale, changed);
    }
  });

  it('names the files to run', async () => {
    const { index } = await virtualWorkspace(files);
    assert.deepEqual(
      index.affectedFiles(ID).map(({ path }) => path),
      ['tests/http.test.ts', 'tests/unit.test.ts'],
    );
    assert.deepEqual(index.affectedFiles('nobody'), []);
  });

  it('follows edits of tests, of the program and of the routes', async () => {
    const workspace = await virtualWorkspace(files);
    const { index, change } = workspace;
    await change({ 'tests/unit.test.ts': `it('ends', () => other());\n` });
    assert.equal(index.forHandler(ID).tests.length, 2);
    await change({ 'src/app.ts': files['src/app.ts'].replace('/things', '/goods') });
    const moved = 'src/show.ts#show@GET /goods/:id';
    assert.equal(index.forHandler(moved).level, 'none');
    await change({ 'tests/http.test.ts': files['tests/http.test.ts'].replaceAll('/things', '/goods') });
    assert.equal(index.forHandler(moved).tests.length, 2);
    // Lines move: the function is another place, not another function.
    await change({
      'tests/unit.test.ts': files['tests/unit.test.ts'],
      'src/show.ts': `\n\n${files['src/show.ts']}`,
    });
    assert.equal(index.forHandler(moved).tests.length, 3);
    await change({ 'tests/http.test.ts': null, 'tests/unit.test.ts': null });
    assert.equal(index.forHandler(moved).level, 'none');
    assert.deepEqual(
      index.cases().map(({ title }) => title),
      ['adds'],
    );
  });

  it('keeps results through edits and lays them over tests that come or are renamed', async () => {
    const { index, change } = await virtualWorkspace(files);
    index.setReport(
      report({ 'tests/unit.test.ts#ends': 'passed', 'tests/new.test.ts#new': 'failed' }),
      'a',
      0,
    );
    const unit = files['tests/unit.test.ts'];
    const stateOf = (title: string): string | undefined => {
      const test = index.cases().find((candidate) => candidate.title === title);
      return test && (index.resultOf(test)?.state ?? 'none');
    };
    await change({ 'src/show.ts': `// moved\n${files['src/show.ts']}` });
    assert.equal(stateOf('ends'), 'passed');
    await change({ 'tests/unit.test.ts': unit.replace("'ends'", "'stops'") });
    assert.equal(stateOf('stops'), 'none');
    await change({ 'tests/unit.test.ts': unit, 'tests/new.test.ts': `it('new', () => run());` });
    assert.deepEqual([stateOf('ends'), stateOf('new')], ['passed', 'failed']);
    await change({ 'tests/new.test.ts': null });
    assert.equal(stateOf('new'), undefined);
  });

  it('sees a file appear that an import was waiting for', async () => {
    const { 'src/show.ts': show, ...rest } = files;
    const { index, change } = await virtualWorkspace(rest);
    assert.equal(index.forHandler(ID).level, 'none');
    await change({ 'src/show.ts': show });
    assert.equal(index.forHandler(ID).tests.length, 3);
  });

  it('is the same after edits as when read anew', async () => {
    const edited = await virtualWorkspace(files);
    const changes = {
      'src/show.ts': `// moved\n${files['src/show.ts']}`,
      'tests/http.test.ts': `// moved\n${files['tests/http.test.ts']}`,
    };
    await edited.change(changes);
    const fresh = await virtualWorkspace({ ...files, ...changes });
    assert.deepEqual(edited.index.links(), fresh.index.links());
    assert.deepEqual(edited.index.cases(), fresh.index.cases());
  });
});
