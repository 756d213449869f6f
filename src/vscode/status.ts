import { basename } from 'node:path';
import * as vscode from 'vscode';
import { folderLine, statusKind, statusText } from './render/status-text.ts';
import type { Session } from './session.ts';

/** The one item in the status bar; hidden where no folder is open. */
export function registerStatus(session: Session): vscode.Disposable {
  const { client } = session;
  const { t } = vscode.l10n;
  const item = vscode.window.createStatusBarItem('suture.status', vscode.StatusBarAlignment.Left, 0);
  item.name = 'Suture';
  item.command = 'suture.showStatus';

  const update = (): void => {
    const folders = client.folders();
    const shown = statusText(folders.map(client.state), t);
    void vscode.commands.executeCommand(
      'setContext',
      'suture.state',
      shown === null ? 'no-folder' : shown.kind,
    );
    if (shown === null) {
      item.hide();
      return;
    }
    item.text = shown.text;
    const lines = folders.map((folder) => `${basename(folder)}: ${folderLine(client.state(folder), t)}`);
    item.tooltip = lines.join('\n');
    item.accessibilityInformation = { label: `Suture. ${lines.join('. ')}` };
    item.backgroundColor =
      shown.kind === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    item.show();
  };
  update();
  return vscode.Disposable.from(item, session.onState(update));
}

/** The quick pick behind the status item: what each folder holds, and where to go from here. */
export async function showStatus(session: Session): Promise<void> {
  const { client } = session;
  const { t } = vscode.l10n;
  const action = (label: string, command: string, ...args: unknown[]) => ({ label, run: { command, args } });
  const folders = client.folders().map((folder) => ({
    ...action(
      `$(${statusKind(client.state(folder)) === 'ready' ? 'pulse' : 'question'}) ${basename(folder)}`,
      'suture.doctor',
      { root: folder },
    ),
    detail: folderLine(client.state(folder), t),
  }));
  const receiving = client.folders().some((folder) => {
    const state = client.state(folder);
    return state.kind === 'live' && state.status.receiver !== undefined;
  });
  const picked = await vscode.window.showQuickPick(
    [
      ...folders,
      { label: '', kind: vscode.QuickPickItemKind.Separator, run: undefined },
      action(`$(question) ${t('Why is there nothing here?')}`, 'suture.doctor'),
      action(`$(list-tree) ${t('Show handlers')}`, 'suture.handlers.focus'),
      action(`$(folder-opened) ${t('Open telemetry folder')}`, 'suture.openTelemetryFolder'),
      receiving
        ? action(`$(debug-disconnect) ${t('Stop receiving telemetry')}`, 'suture.stopReceiving')
        : action(`$(broadcast) ${t('Start receiving telemetry')}`, 'suture.startReceiving'),
      action(`$(output) ${t('Show log')}`, 'suture.showLog'),
      action(`$(gear) ${t('Settings')}`, 'workbench.action.openSettings', '@ext:suture.suture'),
    ],
    { title: 'Suture', placeHolder: t('What the engine knows, and where to go from here') },
  );
  if (picked?.run !== undefined) await vscode.commands.executeCommand(picked.run.command, ...picked.run.args);
}
