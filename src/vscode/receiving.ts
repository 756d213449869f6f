import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ReceiverStatus } from '../core/model/status.ts';
import { receiverLine } from './render/status-text.ts';
import type { Session } from './session.ts';
import { setting } from './settings.ts';

const { t } = vscode.l10n;

/** Starts and stops the receivers of folders. */
export interface ReceivingControl extends vscode.Disposable {
  /** Undefined where the workspace is not trusted. */
  readonly start: (root: string) => Promise<ReceiverStatus | undefined>;
  readonly stop: (root: string) => Promise<ReceiverStatus | undefined>;
}

/** A receiver opens a port: asks for trust first, where it is missing. */
async function isAllowed(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = t('Manage Workspace Trust');
  const answer = await vscode.window.showWarningMessage(
    t(
      'Receiving telemetry opens a port of this machine to other programs on it: Suture does so only when you trust this workspace.',
    ),
    manage,
  );
  if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}

/** Receives on a person's wish only, until it is stopped or the window closes; a crash of the engine in between is made good. */
export function createReceiving({ client, log, onState }: Session): ReceivingControl {
  /** Port by folder. */
  const wanted = new Map<string, number>();

  const showState = (): void => {
    void vscode.commands.executeCommand('setContext', 'suture.receiving', wanted.size > 0);
  };
  const follow = onState((root) => {
    const port = wanted.get(root);
    if (port === undefined) return;
    const state = client.state(root);
    if (!client.folders().includes(root)) {
      wanted.delete(root);
      showState();
    } else if (
      state.kind === 'live' &&
      state.status.phase === 'ready' &&
      state.status.receiver === undefined
    ) {
      client.request('startReceiving', root, { port }).catch((error: unknown) => {
        wanted.delete(root);
        showState();
        log.error(error instanceof Error ? error : String(error));
      });
    }
  });

  return {
    async start(root) {
      if (!(await isAllowed())) return undefined;
      const port = setting('receiver.port');
      const status = await client.request('startReceiving', root, { port });
      wanted.set(root, port);
      showState();
      vscode.window.setStatusBarMessage(`${basename(root)}: ${receiverLine(status, t)}`, 5000);
      return status;
    },
    async stop(root) {
      wanted.delete(root);
      showState();
      const last = await client.request('stopReceiving', root, null);
      if (last !== null)
        vscode.window.setStatusBarMessage(t('{0}: no longer receiving', basename(root)), 5000);
      return last ?? undefined;
    },
    dispose: () => {
      follow.dispose();
    },
  };
}
