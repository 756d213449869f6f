import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { createEngineClient, type EngineClient } from './engine-client.ts';
import type { Freshness } from './render/lens-text.ts';
import { statusKind } from './render/status-text.ts';
import { localFolders } from './workspace-paths.ts';

/** Models of files that changed, as the surfaces are told. */
export interface FilesEvent {
  readonly folder: string;
  readonly files: Parameters<Parameters<typeof createEngineClient>[0]['onFiles']>[1];
}

/** What every surface shares: the engine's client and its events. */
export interface Session {
  readonly client: EngineClient;
  readonly log: vscode.LogOutputChannel;
  readonly onFiles: vscode.Event<FilesEvent>;
  readonly onSettled: vscode.Event<{
    readonly folder: string;
    readonly path: string;
    readonly version: number;
  }>;
  /** Fires with the folder whose state changed. */
  readonly onState: vscode.Event<string>;
  /** Fires with the folder of which detection says something new. */
  readonly onDetection: vscode.Event<string>;
  readonly freshness: (folder: string) => Freshness;
}

function storageFolder(context: vscode.ExtensionContext, folder: string): string | undefined {
  if (context.storageUri?.scheme !== 'file') return undefined;
  return join(context.storageUri.fsPath, createHash('sha256').update(folder).digest('hex').slice(0, 16));
}

/** Starts one engine per workspace folder in a thread of its own and follows the folders of the window. */
export function openSession(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Session {
  const files = new vscode.EventEmitter<FilesEvent>();
  const settled = new vscode.EventEmitter<{ folder: string; path: string; version: number }>();
  const state = new vscode.EventEmitter<string>();
  const detection = new vscode.EventEmitter<string>();
  const client = createEngineClient({
    spawn: () => new Worker(new URL('./worker.js', import.meta.url), { name: 'suture' }),
    log: (level, message) => {
      log[level](message);
    },
    onFiles: (folder, changed) => {
      files.fire({ folder, files: changed });
    },
    onSettled: (folder, path, version) => {
      settled.fire({ folder, path, version });
    },
    onState: (folder) => {
      state.fire(folder);
    },
    onDetection: (folder) => {
      detection.fire(folder);
    },
  });
  const follow = (): void => {
    const wanted = localFolders().map((folder) => folder.uri.fsPath);
    for (const folder of client.folders()) if (!wanted.includes(folder)) client.close(folder);
    for (const folder of wanted) client.open(folder, storageFolder(context, folder));
  };
  context.subscriptions.push(
    files,
    settled,
    state,
    detection,
    vscode.workspace.onDidChangeWorkspaceFolders(follow),
  );
  // Surfaces subscribe first: the thread starts in the next turn, after activation.
  setImmediate(follow);
  return {
    client,
    log,
    onFiles: files.event,
    onSettled: settled.event,
    onState: state.event,
    onDetection: detection.event,
    freshness: (folder) => {
      const now = client.state(folder);
      const kind = statusKind(now);
      if (kind === 'stale' || kind === 'failed') return 'stale';
      return kind === 'indexing' || kind === 'reading' ? kind : 'live';
    },
  };
}
