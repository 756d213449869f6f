import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { lensesOf, openSource, sourceUri, until, workspaceRoot } from '../editor.ts';
import { anomalyRows, diagnosed, expected, fingerprint } from '../faults.ts';
import { shot, waitForText } from '../page.ts';

const root = workspaceRoot();

describe('a workspace of two folders', function () {
  this.timeout(120_000);

  it('has the diagnostics of each, at its own files', async () => {
    assert.equal(vscode.workspace.workspaceFolders?.length, 2);
    await openSource('src/controllers/products.ts');
    await until(
      diagnosed,
      (seen) => {
        for (const one of expected()) assert.ok(seen.includes(one), JSON.stringify(seen));
      },
      60_000,
    );
    const files = vscode.languages
      .getDiagnostics()
      .filter(([, all]) => all.some(({ source }) => source === 'Suture'))
      .map(([uri]) => uri.fsPath);
    assert.ok(files.includes(sourceUri('src/controllers/products.ts').fsPath), files.join());
    const lenses = await lensesOf('src/controllers/products.ts');
    assert.ok(lenses.some(({ title }) => title.startsWith('p95 ')));
  });

  it('has a row for each folder, what was compared in each, and leads to an anomaly', async () => {
    await vscode.commands.executeCommand('suture.anomalies.focus');
    await waitForText('.pane-body .message', /shop: 1\.1\.0 was compared with 1\.0\.0/);
    const reference = { root, fingerprint: await fingerprint('error-burst') };
    await vscode.commands.executeCommand('suture.showAnomaly', reference);
    const rows = await until(anomalyRows, (all) => {
      assert.ok(
        all.some((row) => /cause, \d/.test(row)),
        JSON.stringify(all),
      );
    });
    assert.ok(
      rows.some((row) => row.trim().startsWith('shop')),
      JSON.stringify(rows),
    );
    await shot('anomalies-two-folders');
  });

  it('follows a folder that leaves', async () => {
    await vscode.commands.executeCommand('suture.anomalies.focus');
    const other = vscode.workspace.workspaceFolders?.[1];
    assert.equal(other?.uri.fsPath, join(root, '..', 'conductor'));
    assert.ok(vscode.workspace.updateWorkspaceFolders(1, 1));
    await until(anomalyRows, (all) =>
      assert.ok(all.length > 0 && all.every((row) => !row.trim().startsWith('shop')), JSON.stringify(all)),
    );
    await until(diagnosed, (seen) => assert.deepEqual(seen, expected()));
  });
});
