import * as vscode from 'vscode';
import { createDocumentAnchors, type Anchor, type DocumentAnchors } from './anchors.ts';
import type { Session } from './session.ts';
import { sourceOf, uriOf } from './workspace-paths.ts';

/** Where handlers stand in open documents, right at every moment. */
export interface OpenDocuments extends vscode.Disposable {
  readonly anchors: (document: vscode.TextDocument) => readonly Anchor[];
  /** Fires after new models came for open documents, or what all of them show changed. */
  readonly onChanged: vscode.Event<void>;
}

/** Follows edits, saves and models of the documents that a surface asked about. */
export function trackDocuments(session: Session): OpenDocuments {
  const { client } = session;
  const tracked = new Map<string, DocumentAnchors>();
  const changed = new vscode.EventEmitter<void>();

  const anchorsFor = (document: vscode.TextDocument): DocumentAnchors | undefined => {
    const source = sourceOf(document.uri);
    if (source === undefined) return undefined;
    const key = document.uri.toString();
    const known = tracked.get(key);
    if (known !== undefined) return known;
    const anchors = createDocumentAnchors(document.version);
    tracked.set(key, anchors);
    const model = client.model(source.folder, source.path);
    if (model !== undefined) anchors.setModel(model);
    return anchors;
  };
  const of = (folder: string, path: string): DocumentAnchors | undefined =>
    tracked.get(uriOf(folder, path).toString());

  const subscriptions = [
    changed,
    session.onFiles(({ folder, files }) => {
      let touched = false;
      for (const { model, version } of files) {
        const anchors = of(folder, model.path);
        if (anchors === undefined) continue;
        anchors.setModel(model, version);
        touched = true;
      }
      if (touched) changed.fire();
    }),
    session.onSettled(({ folder, path, version }) => {
      const anchors = of(folder, path);
      if (anchors === undefined) return;
      anchors.settled(version);
      changed.fire();
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0) return;
      tracked.get(document.uri.toString())?.edited(
        document.version,
        contentChanges.map(({ range, text }) => ({ start: range.start, end: range.end, text })),
      );
    }),
    vscode.workspace.onDidSaveTextDocument((document) => {
      tracked.get(document.uri.toString())?.saved(document.version);
      changed.fire();
    }),
    vscode.workspace.onDidCloseTextDocument((document) => tracked.delete(document.uri.toString())),
  ];
  return {
    anchors: (document) => anchorsFor(document)?.current() ?? [],
    onChanged: changed.event,
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
