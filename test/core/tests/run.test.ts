import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  planRuns,
  runTests,
  type RunOutcome,
  type RunPlan,
  type RunPort,
} from '../../../src/core/tests/run.ts';
import type { TestIndex } from '../../../src/core/tests/status.ts';
import { runProcess } from '../../../src/core/validate/workspace/process.ts';
import { virtualWorkspace, type Files } from './virtual-workspace.ts';

const installed = (dir: string): readonly string[] => [
  `${dir}node_modules/.bin/vitest`,
  `${dir}node_modules/vitest/vitest.mjs`,
];

const plansOf = async (files: Files, present: readonly string[]) => {
  const { index } = await virtualWorkspace(files);
  return planRuns(index.files(), (path) => present.includes(path)).map((plan) =>
    'reason' in plan ? plan : { cwd: plan.cwd, files: plan.files, command: plan.command },
  );
};

describe('planning a run', () => {
  const monorepo = {
    'a.test.ts': '',
    'packages/b/package.json': '{ "name": "b", "devDependencies": { "vitest": "1" } }',
    'packages/b/src/b.test.ts': '',
    'packages/b/src/a.test.ts': '',
  };

  it('starts the nearest local executable in the folder that runs the files', async () => {
    const present = [...installed(''), ...installed('packages/b/')];
    assert.deepEqual(await plansOf(monorepo, present), [
      { cwd: '', files: ['a.test.ts'], command: 'node_modules/.bin/vitest' },
      {
        cwd: 'packages/b',
        files: ['packages/b/src/a.test.ts', 'packages/b/src/b.test.ts'],
        command: 'packages/b/node_modules/.bin/vitest',
      },
    ]);
    const [, hoisted] = await plansOf(monorepo, installed(''));
    assert.deepEqual(hoisted && 'command' in hoisted && [hoisted.cwd, hoisted.command], [
      'packages/b',
      'node_modules/.bin/vitest',
    ]);
  });

  it('says so where nothing is installed', async () => {
    const plans = await plansOf(monorepo, []);
    assert.equal(plans.length, 2);
    for (const plan of plans)
      assert.match('reason' in plan ? plan.reason : '', /^Vitest is not installed in /);
  });
});

describe('how a run ends', () => {
  const plan = async (): Promise<RunPlan> => {
    const { index } = await virtualWorkspace({
      'p/package.json': '{ "name": "p", "devDependencies": { "vitest": "1" } }',
      'p/a.test.ts': '',
      'p/b.test.ts': '',
    });
    const [only] = planRuns(index.files(), (path) => installed('').includes(path));
    assert.ok(only !== undefined && 'command' in only);
    return only;
  };
  const passed = JSON.stringify({
    testResults: [{ name: 'a.test.ts', assertionResults: [{ title: 'x', status: 'passed' }] }],
  });
  const ending = async (
    end: Partial<Awaited<ReturnType<RunPort['run']>>>,
    report: string | null,
    platform: NodeJS.Platform = 'linux',
  ): Promise<{
    readonly outcome: RunOutcome;
    readonly start: Parameters<RunPort['run']>[0];
    readonly progress: readonly string[];
  }> => {
    const starts: Parameters<RunPort['run']>[0][] = [];
    const progress: string[] = [];
    const port: RunPort = {
      run: async (start) => {
        starts.push(start);
        for (const line of ['RUN', ' ok b.test.ts (1 test)', ' ok b.test.ts', ' ok a.test.ts'])
          start.onLine?.(line);
        return { code: 0, signal: null, cancelled: false, outputTail: 'tail', ...end };
      },
      read: async () => report,
      absolute: (path) => `/w/${path}`,
      platform,
    };
    const outcome = await runTests(await plan(), port, {
      reportFile: '/tmp/r.json',
      onProgress: (...args) => progress.push(args.join(' ')),
    });
    return { outcome, start: starts[0]!, progress };
  };

  it('is done with a report', async () => {
    const { outcome, start, progress } = await ending({}, passed);
    assert.equal(outcome.k, 'done');
    assert.deepEqual(
      [start.command, start.cwd, start.args.slice(0, 3)],
      ['/w/node_modules/.bin/vitest', '/w/p', ['run', 'a.test.ts', 'b.test.ts']],
    );
    assert.deepEqual(progress, ['1 2 b.test.ts', '2 2 a.test.ts']);
  });

  it('needs no shell on Windows', async () => {
    const { start } = await ending({}, passed, 'win32');
    assert.deepEqual(
      [start.command, ...start.args.slice(0, 2)],
      ['node', '/w/node_modules/vitest/vitest.mjs', 'run'],
    );
  });

  for (const [what, end, report, reason] of [
    ['cannot start', { code: null, failure: 'ENOENT' }, null, /could not be started: ENOENT/],
    ['crashes', { code: null, signal: 'SIGSEGV' }, null, /was ended by SIGSEGV and wrote no report/],
    ['writes nothing', { code: 1 }, null, /ended with code 1 and wrote no report/],
    ['writes something else', { code: 0 }, '{"testRes', /report could not be read/],
    ['fails outside of any test', { code: 1 }, passed, /although its report holds no failure/],
    ['finds nothing', { code: 0 }, '{"testResults":[]}', /found no test/],
  ] as const) {
    it(`is inconclusive when the runner ${what}`, async () => {
      const { outcome } = await ending(end, report);
      assert.equal(outcome.k, 'inconclusive');
      assert.match(outcome.k === 'inconclusive' ? outcome.reason : '', reason);
    });
  }

  it('is cancelled when somebody cancelled it, report or not', async () => {
    assert.deepEqual((await ending({ code: null, cancelled: true }, passed)).outcome, { k: 'cancelled' });
  });
});

const shop = join(dirname(fileURLToPath(import.meta.url)), '../../workspaces/shop/node_modules');
const real = existsSync(join(shop, '.bin/vitest')) ? describe : describe.skip;

real(
  `a real run of Vitest${real === describe ? '' : ' (skipped: test/workspaces/shop has no node_modules)'}`,
  function () {
    this.timeout(120_000);
    const files: Files = {
      'src/app.js': `import express from 'express';
import { double } from './double.js';
export const app = express();
app.get('/double/:n', double);
`,
      'src/double.js': `export function double(req, res) { res.json(Number(req.params.n) * 2); }\n`,
      'src/double.test.js': `import request from 'supertest';
import { expect, it } from 'vitest';
import { app } from './app.js';
it.each([[1, 2], [4, 8]])('doubles %i', async (n, twice) => {
  expect((await request(app).get(\`/double/\${n}\`)).body).toBe(twice);
});
it('says so', async () => { await request(app).get('/double/3').expect(200, '6'); });
`,
      'src/idle.test.js': `import { it } from 'vitest';\nit('is not run', () => {});\n`,
      'package.json': '{ "name": "tiny", "type": "module", "devDependencies": { "vitest": "*" } }',
    };
    const ID = 'src/double.js#double@GET /double/:n';
    let root = '';
    before(async () => {
      root = await mkdtemp(join(tmpdir(), 'suture-run-'));
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text);
      }
      // Entry by entry, so that caches which runners keep in `node_modules` stay in the copy.
      await mkdir(join(root, 'node_modules'));
      for (const name of await readdir(shop)) {
        if (!name.startsWith('.v')) await symlink(join(shop, name), join(root, 'node_modules', name));
      }
    });
    after(() => rm(root, { recursive: true, force: true }));

    const port: RunPort = {
      run: runProcess,
      read: (path) => readFile(path, 'utf8').catch(() => null),
      absolute: (path) => join(root, path),
      platform: process.platform,
    };
    const run = async (index: TestIndex, signal?: AbortSignal): Promise<RunOutcome> => {
      const [plan] = planRuns(index.affectedFiles(ID), (path) => existsSync(join(root, path)));
      assert.ok(plan !== undefined && 'command' in plan);
      assert.deepEqual(plan.files, ['src/double.test.js']);
      return runTests(plan, port, {
        reportFile: join(root, `report-${Math.random()}.json`),
        ...(signal && { signal }),
      });
    };

    it('turns a broken handler red and a mended one green', async () => {
      const { index, change } = await virtualWorkspace(files);
      const states: string[] = [];
      for (const text of [
        files['src/double.js']!,
        files['src/double.js']!.replace('* 2', '* 3'),
        files['src/double.js']!,
      ]) {
        await writeFile(join(root, 'src/double.js'), text);
        await change({ 'src/double.js': text });
        const outcome = await run(index);
        assert.equal(outcome.k, 'done', JSON.stringify(outcome));
        if (outcome.k === 'done') index.setReport(outcome.reportText, 'run', 0);
        const { level, passed, failed, notRun } = index.forHandler(ID);
        states.push(`${level} ${passed} ${failed} ${notRun}`);
      }
      assert.deepEqual(states, ['called 2 0 0', 'called 0 2 0', 'called 2 0 0']);
    });

    it('is cancelled', async () => {
      const { index } = await virtualWorkspace(files);
      const cancel = new AbortController();
      const running = run(index, cancel.signal);
      setTimeout(() => cancel.abort(), 300);
      assert.deepEqual(await running, { k: 'cancelled' });
    });
  },
);
