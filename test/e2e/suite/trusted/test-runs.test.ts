import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { lensesOf, openSource, sourceUri, until, workspaceRoot } from '../editor.ts';
import { skipBecause } from '../skip.ts';

const root = workspaceRoot();
const test = 'tests/health.test.ts';

async function lensOf(path: string, suffix: string) {
  const lens = (await lensesOf(path)).find(({ id }) => id.endsWith(suffix));
  assert.ok(lens, `no lens of ${suffix} in ${path}`);
  return lens;
}
const health = () => lensOf('src/app.ts', '@GET /health');

describe('tests of handlers', () => {
  const file = sourceUri(test).fsPath;
  const original = readFileSync(file, 'utf8');

  before(async () => {
    await openSource('src/app.ts');
  });
  afterEach(() => {
    writeFileSync(file, original);
  });

  const installed = existsSync(join(root, 'node_modules', '.bin', 'vitest'));
  const run = async () => {
    const { id } = await health();
    return vscode.commands.executeCommand<{
      readonly outcome: string;
      readonly passed: number;
      readonly failed: number;
      readonly notes: readonly string[];
    }>('suture.runTests', { root, id });
  };

  it('are said to be missing where there are none', async () => {
    await openSource('src/controllers/search.ts');
    await until(
      () => lensOf('src/controllers/search.ts', '@GET /api/catalog/search'),
      ({ title }) => {
        assert.match(title, /no test$/);
      },
    );
  });

  it('turn the lens when one is broken, and back when it is mended', async function () {
    if (!installed) skipBecause(this, 'the dependencies of the demo workspace are not installed');
    this.timeout(180_000);
    await until(health, ({ title }) => {
      assert.match(title, /not run/);
    });
    const broken = original.replace("status: 'ok'", "status: 'broken by the suite'");
    assert.notEqual(broken, original);
    writeFileSync(file, broken);
    const failed = await run();
    assert.equal(failed.outcome, 'ran', failed.notes.join('\n'));
    assert.equal(failed.failed, 1);
    await until(health, ({ title }) => {
      assert.match(title, /tests? fails?/);
    });

    writeFileSync(file, original);
    const mended = await run();
    assert.equal(mended.outcome, 'ran', mended.notes.join('\n'));
    assert.equal(mended.failed, 0);
    assert.ok(mended.passed > 0);
    await until(health, ({ title }) => {
      assert.match(title, /tests? pass(es)?/);
      assert.doesNotMatch(title, /fail|not run/);
    });
  });
});
