import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { workspaceRoot } from '../editor.ts';
import { waitForNotification } from '../page.ts';

describe('anomalies without trust', () => {
  const reference = { root: workspaceRoot(), fingerprint: '0123456789abcdef' };

  it('are not fixed, and it is said why', async () => {
    const answer = vscode.commands.executeCommand('suture.fixAnomaly', reference);
    assert.match(await waitForNotification(/only when you trust it/), /Manage Workspace Trust/);
    await vscode.commands.executeCommand('notifications.clearAll');
    assert.equal(await answer, undefined);
  });

  it('are not explained, for git would be asked', async () => {
    await vscode.commands.executeCommand('suture.explainAnomaly', reference);
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /when you trust this workspace/);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });
});
