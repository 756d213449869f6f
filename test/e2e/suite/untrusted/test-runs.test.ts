import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { hoverOver, lensesOf, openSource, pause, sourceUri, until, workspaceRoot } from '../editor.ts';
import { waitForNotification } from '../page.ts';

const root = workspaceRoot();
const marker = join(root, 'a-test-ran.txt');

describe('tests without trust', () => {
  before(async () => {
    const { fsPath } = sourceUri('tests/health.test.ts');
    // What only a run of this file can do.
    const touch = `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(marker)}, '');\n`;
    writeFileSync(fsPath, touch + readFileSync(fsPath, 'utf8'));
    await openSource('src/app.ts');
  });

  for (const command of ['suture.runTests', 'suture.runTestsInFile', 'suture.runAllTests']) {
    it(`are not run by ${command}, which says why`, async () => {
      const [lens] = await until(
        () => lensesOf('src/app.ts'),
        (seen) => {
          assert.ok(seen.some(({ id }) => id.endsWith('@GET /health')));
        },
      ).then((seen) => seen.filter(({ id }) => id.endsWith('@GET /health')));
      const argument =
        command === 'suture.runTestsInFile' ? sourceUri('tests/health.test.ts') : { root, id: lens?.id };
      const answer = vscode.commands.executeCommand(command, argument);
      assert.match(await waitForNotification(/only when you trust it/), /Manage Workspace Trust/);
      await vscode.commands.executeCommand('notifications.clearAll');
      assert.equal(await answer, undefined);
      await pause(1000);
      assert.equal(existsSync(marker), false);
    });
  }

  it('are not offered', async () => {
    assert.doesNotMatch(await hoverOver('src/app.ts', "'/health'"), /command:suture\.runTests/);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      sourceUri('src/app.ts'),
      1000,
    );
    assert.ok(lenses.length > 0);
    assert.ok(lenses.every(({ command }) => command?.command !== 'suture.runTests'));
  });
});
