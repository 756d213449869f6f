import * as vscode from 'vscode';
import type { EngineClient } from './engine-client.ts';
import { fileOf, localFolders, sourceOf } from './workspace-paths.ts';

/** Typing is sent on after this pause (ms). */
const textPauseMs = 150;
/** Changes on disk are gathered for this long (ms): a branch switch is one message. */
const diskPauseMs = 50;

const watched = [
  '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}',
  '**/json-sequences/**/*.json',
  '**/{package.json,tsconfig.json,tsconfig.*.json,suture.json}',
];

/** Sends the engine what changes: texts of edited editors after a pause in typing, and changes on disk. */
export function syncSources(client: EngineClient): vscode.Disposable {
  const timers = new Map<string, NodeJS.Timeout>();
  const sent = new Set<string>();
  const onDisk = new Map<string, Set<string>>();
  let diskTimer: NodeJS.Timeout | undefined;

  const sendText = (document: vscode.TextDocument): void => {
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.delete(key);
    const source = sourceOf(document.uri);
    if (source === undefined || document.isClosed) return;
    sent.add(key);
    client.setText(source.folder, source.path, document.getText(), document.version);
  };
  const later = (document: vscode.TextDocument): void => {
    if (sourceOf(document.uri) === undefined) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => {
        sendText(document);
      }, textPauseMs),
    );
  };
  const closed = (document: vscode.TextDocument): void => {
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.delete(key);
    const source = sourceOf(document.uri);
    if (sent.delete(key) && source !== undefined)
      client.setText(source.folder, source.path, null, document.version);
  };
  const flushDisk = (): void => {
    diskTimer = undefined;
    for (const [folder, paths] of onDisk) client.changed(folder, [...paths]);
    onDisk.clear();
  };
  const touched = (uri: vscode.Uri): void => {
    const file = fileOf(uri);
    if (file === undefined) return;
    const paths = onDisk.get(file.folder) ?? new Set<string>();
    onDisk.set(file.folder, paths.add(file.path));
    diskTimer ??= setTimeout(flushDisk, diskPauseMs);
  };

  let watchers: readonly vscode.Disposable[] = [];
  const watch = (): void => {
    for (const watcher of watchers) watcher.dispose();
    watchers = localFolders().flatMap((folder) =>
      watched.flatMap((glob) => {
        const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, glob));
        return [
          watcher,
          watcher.onDidCreate(touched),
          watcher.onDidChange(touched),
          watcher.onDidDelete(touched),
        ];
      }),
    );
  };
  watch();
  for (const document of vscode.workspace.textDocuments) if (document.isDirty) later(document);

  const subscriptions = [
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.contentChanges.length > 0) later(event.document);
    }),
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (document.isDirty) later(document);
    }),
    // A save ends the pause: what is on disk should be what is shown.
    vscode.workspace.onDidSaveTextDocument((document) => {
      if (timers.has(document.uri.toString())) sendText(document);
    }),
    vscode.workspace.onDidCloseTextDocument(closed),
    vscode.workspace.onDidChangeWorkspaceFolders(watch),
  ];
  return new vscode.Disposable(() => {
    for (const timer of timers.values()) clearTimeout(timer);
    clearTimeout(diskTimer);
    for (const one of [...subscriptions, ...watchers]) one.dispose();
  });
}
