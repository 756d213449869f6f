import assert from 'node:assert/strict';
import { connect } from 'node:net';
import * as vscode from 'vscode';
import { pause, workspaceRoot } from '../editor.ts';
import { waitForNotification } from '../page.ts';

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

describe('receiving without trust', () => {
  it('opens no port and says why', async () => {
    const answer = vscode.commands.executeCommand('suture.startReceiving', { root: workspaceRoot() });
    assert.match(await waitForNotification(/only when you trust/), /Manage Workspace Trust/);
    await vscode.commands.executeCommand('notifications.clearAll');
    assert.equal(await answer, undefined);
    await pause(500);
    assert.equal(await isOpen(4318), false);
  });
});
