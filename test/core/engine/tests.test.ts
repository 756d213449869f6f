import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEngine, type Engine } from '../../../src/core/engine.ts';
import { needs } from '../../needs.ts';
import type { HandlerTests } from '../../../src/core/model/test.ts';

const installed = path.join(import.meta.dirname, '../../workspaces/shop/node_modules');

const app = `import express from 'express';
export const app = express();
app.get('/a', function showA(req, res) { res.json({ a: 1 }); });
app.get('/b', function showB(req, res) { res.json({ b: 1 }); });
`;
const testOfA = (expected: number): string => `import { expect, it } from 'vitest';
import request from 'supertest';
import { app } from './app.js';
it('answers', async () => {
  const response = await request(app).get('/a');
  expect(response.body).toEqual({ a: ${expected} });
});
`;

describe('tests in the engine', function () {
  this.timeout(120_000);
  let root: string;
  let engine: Engine | undefined;

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'suture-tests-'));
    const manifest = {
      name: 'app',
      type: 'module',
      devDependencies: { vitest: '*', express: '*', supertest: '*' },
    };
    await writeFile(path.join(root, 'package.json'), JSON.stringify(manifest));
    await writeFile(path.join(root, 'app.js'), app);
    await writeFile(path.join(root, 'app.test.js'), testOfA(1));
  });

  afterEach(async () => {
    await engine?.close();
    await rm(root, { recursive: true, force: true });
  });

  async function start(): Promise<Engine> {
    engine = createEngine({ root, watch: false, ports: { log: () => undefined, now: Date.now } });
    await engine.start();
    return engine;
  }

  const testsOf = (from: Engine, symbol: string): HandlerTests | undefined =>
    from.fileModels()[0]?.handlers.find((model) => model.handler.symbol === symbol)?.tests;

  const report = (status: string): string =>
    JSON.stringify({
      numTotalTests: 1,
      testResults: [
        {
          name: path.join(root, 'app.test.js'),
          status,
          assertionResults: [
            { ancestorTitles: [], title: 'answers', fullName: 'answers', status, failureMessages: [] },
          ],
        },
      ],
    });

  it('tells a handler that a request of a test reaches from one that none does', async () => {
    const running = await start();
    assert.deepEqual(
      [testsOf(running, 'showA'), testsOf(running, 'showB')].map((tests) => [tests?.level, tests?.notRun]),
      [
        ['called', 1],
        ['none', 0],
      ],
    );
    assert.equal(running.status().testCases, 1);
  });

  it('reads the report that a run left, and calls it stale once the source changed after it', async () => {
    await mkdir(path.join(root, 'test-results'));
    await writeFile(path.join(root, 'test-results/vitest.json'), report('passed'));
    const past = new Date(Date.now() - 60_000);
    for (const file of ['app.js', 'app.test.js']) await utimes(path.join(root, file), past, past);
    const running = await start();
    assert.equal(testsOf(running, 'showA')?.passed, 1);
    assert.equal(testsOf(running, 'showA')?.tests[0]?.result?.stale, false);
    await running.setText('app.js', app.replace('a: 1', 'a: 2'));
    assert.equal(testsOf(running, 'showA')?.tests[0]?.result?.stale, true);
  });

  it('runs the tests of a handler with the real Vitest: pass, fail and cannot run are three things', async function () {
    needs(this, existsSync(path.join(installed, 'vitest')), 'the dependencies of test/workspaces/shop');
    const running = await start();
    const target = { handlerId: 'app.js#showA@GET /a' };
    const without = await running.runTests(target, {});
    assert.equal(without.outcome, 'inconclusive');
    assert.match(without.notes[0] ?? '', /not installed/);
    assert.equal(testsOf(running, 'showA')?.notRun, 1);

    await symlink(installed, path.join(root, 'node_modules'), 'junction');
    const passing = await running.runTests(target, {});
    assert.deepEqual(
      [passing.outcome, passing.passed, passing.failed],
      ['ran', 1, 0],
      passing.notes.join('\n'),
    );
    assert.equal(testsOf(running, 'showA')?.passed, 1);

    await writeFile(path.join(root, 'app.test.js'), testOfA(2));
    await running.filesChanged(['app.test.js']);
    assert.equal((await running.runTests(target, {})).failed, 1);
    assert.equal(testsOf(running, 'showA')?.failed, 1);

    await writeFile(path.join(root, 'app.test.js'), 'import "./absent.js";' + testOfA(1));
    await running.filesChanged(['app.test.js']);
    assert.equal((await running.runTests(target, {})).passed, 0);
    assert.equal(testsOf(running, 'showA')?.passed, 0);

    const cancel = new AbortController();
    const cancelled = running.runTests(target, { signal: cancel.signal });
    cancel.abort();
    assert.equal((await cancelled).outcome, 'cancelled');
  });
});
