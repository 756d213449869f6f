import * as vscode from 'vscode';
import type { Anchor } from './anchors.ts';
import { openAnomalies } from './anomalies.ts';
import type { HandlerReference } from './handler-reference.ts';
import type { OpenDocuments } from './open-documents.ts';
import {
  isMiddleware,
  lensLabel,
  lensText,
  lensTooltip,
  routeLabel,
  type Freshness,
  type LensContext,
} from './render/lens-text.ts';
import { runOffer } from './render/tests-text.ts';
import type { Session } from './session.ts';
import { onSettings, setting } from './settings.ts';
import { sourceOf, sourceSelector, type WorkspaceFile } from './workspace-paths.ts';

interface Shown {
  readonly lens: vscode.CodeLens;
  anchor: Anchor;
  label: string;
  /** Offers to run the tests; made when there first is something to run. */
  run?: vscode.CodeLens;
}

/** What tells the lenses of one line apart; the empty string where a line has one only. */
function labelsOf(anchors: readonly Anchor[]): ReadonlyMap<string, string> {
  const lines = new Map<number, Anchor[]>();
  for (const anchor of anchors)
    lines.set(anchor.place.line, [...(lines.get(anchor.place.line) ?? []), anchor]);
  const labels = new Map<string, string>();
  for (const group of lines.values()) {
    const sameFunction = new Set(group.map(({ model }) => model.handler.symbol)).size === 1;
    for (const { key, model } of group) {
      labels.set(key, group.length === 1 ? '' : sameFunction ? routeLabel(model) : lensLabel(model));
    }
  }
  return labels;
}

function isShown({ model }: Anchor, middleware: 'measured' | 'always' | 'never'): boolean {
  if (!isMiddleware(model) || middleware === 'always') return true;
  return middleware === 'measured' && model.metrics.length > 0;
}

/** Lenses from memory: the same object per handler and place for as long as its document is open. */
export function registerCodeLens(session: Session, documents: OpenDocuments): vscode.Disposable {
  const refresh = new vscode.EventEmitter<void>();
  const lastFreshness = new Map<string, Freshness>();
  const shown = new Map<string, Map<string, Shown>>();

  const contextOf = (source: WorkspaceFile): LensContext => ({
    t: vscode.l10n.t,
    template: setting('codeLens.template'),
    freshness: session.freshness(source.folder),
    anomaliesOf: (handlerId) => openAnomalies(session, source.folder, handlerId),
  });
  const commandOf = ({ anchor, label }: Shown, source: WorkspaceFile): vscode.Command => {
    const context = contextOf(source);
    const { model } = anchor;
    const text = lensText(model, anchor.ghost ? { ...context, freshness: 'stale' } : context);
    const reference: HandlerReference = { root: source.folder, id: model.handler.id };
    return {
      command: 'suture.showHandlerDetails',
      title: label === '' ? text : `${label}: ${text}`,
      tooltip: lensTooltip(model, context),
      arguments: [reference],
    };
  };

  /** Beside the figures, where tests fail or were not run. */
  const offerRun = (entry: Shown, source: WorkspaceFile, range: vscode.Range): void => {
    const offer = vscode.workspace.isTrusted ? runOffer(entry.anchor.model.tests, vscode.l10n.t) : '';
    if (entry.run === undefined && offer === '') return;
    entry.run ??= new vscode.CodeLens(range);
    entry.run.range = range;
    if (offer === '') delete entry.run.command;
    else {
      const reference: HandlerReference = { root: source.folder, id: entry.anchor.model.handler.id };
      entry.run.command = { command: 'suture.runTests', title: `$(play) ${offer}`, arguments: [reference] };
    }
  };

  const provideCodeLenses = (document: vscode.TextDocument): vscode.CodeLens[] => {
    const source = sourceOf(document.uri);
    if (source === undefined || !setting('codeLens.enabled')) return [];
    const middleware = setting('codeLens.middleware');
    const anchors = documents.anchors(document).filter((anchor) => isShown(anchor, middleware));
    const labels = labelsOf(anchors);
    const before = shown.get(document.uri.toString());
    const now = new Map<string, Shown>();
    for (const anchor of anchors) {
      const { line, character } = anchor.place;
      const range = new vscode.Range(line, character, line, character);
      const entry: Shown = before?.get(anchor.key) ?? { lens: new vscode.CodeLens(range), anchor, label: '' };
      entry.anchor = anchor;
      entry.label = labels.get(anchor.key) ?? '';
      entry.lens.range = range;
      // At once, for it costs little: of a line with resolved and unresolved lenses the editor shows the resolved alone.
      entry.lens.command = commandOf(entry, source);
      offerRun(entry, source, range);
      now.set(anchor.key, entry);
    }
    shown.set(document.uri.toString(), now);
    return [...now.values()].flatMap((entry) =>
      entry.run?.command === undefined ? [entry.lens] : [entry.lens, entry.run],
    );
  };

  return vscode.Disposable.from(
    refresh,
    documents.onChanged(() => {
      refresh.fire();
    }),
    session.onDetection(() => {
      refresh.fire();
    }),
    session.onState((folder) => {
      // A status comes with every append; lenses show of it only how fresh they are.
      const freshness = session.freshness(folder);
      if (lastFreshness.get(folder) === freshness) return;
      lastFreshness.set(folder, freshness);
      refresh.fire();
    }),
    onSettings(() => {
      refresh.fire();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      refresh.fire();
    }),
    vscode.workspace.onDidCloseTextDocument((document) => shown.delete(document.uri.toString())),
    vscode.languages.registerCodeLensProvider(sourceSelector, {
      onDidChangeCodeLenses: refresh.event,
      provideCodeLenses,
    }),
  );
}
