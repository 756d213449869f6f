import * as vscode from 'vscode';
import type { Anchor } from './anchors.ts';
import type { OpenDocuments } from './open-documents.ts';
import { openAnomalies } from './anomalies.ts';
import { escapeMarkdown } from './render/escape.ts';
import { hoverCommands, hoverMarkdown, type HoverContext } from './render/hover-markdown.ts';
import type { Session } from './session.ts';
import { setting } from './settings.ts';
import { sourceOf, sourceSelector, uriOf } from './workspace-paths.ts';

/** More handlers than these on one line would not be read. */
const mostHandlers = 3;

/** What rendering a handler needs to know of the editor. */
export function hoverContext(session: Session, root: string): HoverContext {
  return {
    t: vscode.l10n.t,
    freshness: session.freshness(root),
    root,
    nowMs: Date.now(),
    canRun: vscode.workspace.isTrusted,
    anomaliesOf: (handlerId) => openAnomalies(session, root, handlerId),
    linkTo: (file, line) =>
      uriOf(root, file)
        .with({ fragment: `L${String(line)}` })
        .toString()
        .replaceAll('(', '%28')
        .replaceAll(')', '%29'),
  };
}

const lastName = (symbol: string): string => symbol.split('.').at(-1) ?? symbol;

/** The anchors a position asks about: the name of a definition, or anything on the line of a registration. */
function anchorsAt(
  anchors: readonly Anchor[],
  document: vscode.TextDocument,
  position: vscode.Position,
): readonly Anchor[] {
  const onLine = anchors.filter((anchor) => anchor.place.line === position.line);
  if (onLine.length === 0) return [];
  const range = document.getWordRangeAtPosition(position);
  const word = range === undefined ? '' : document.getText(range);
  const named = onLine.filter(({ model }) => lastName(model.handler.symbol) === word);
  if (named.length > 0) return named;
  return onLine.filter(
    ({ role, model, place }) =>
      position.character >= (role === 'definition' && isInline(model.handler) ? 0 : place.character) &&
      (role === 'registration' || isInline(model.handler)),
  );
}

const isInline = (handler: Anchor['model']['handler']): boolean =>
  handler.registration.file === handler.file && handler.registration.start.line === handler.start.line;

/** Figures, errors and tests of the handler under the pointer. */
export function registerHover(session: Session, documents: OpenDocuments): vscode.Disposable {
  return vscode.languages.registerHoverProvider(sourceSelector, {
    provideHover: (document, position) => {
      const source = sourceOf(document.uri);
      if (source === undefined || !setting('hover.enabled')) return undefined;
      const context = hoverContext(session, source.folder);
      const found = new Map(
        anchorsAt(documents.anchors(document), document, position).map(({ model }) => [
          model.handler.id,
          model,
        ]),
      );
      const texts = [...found.values()].slice(0, mostHandlers).map((model) => hoverMarkdown(model, context));
      if (texts.length === 0) {
        const model = session.client.model(source.folder, source.path);
        const lost = model?.unresolved.find((one) => one.start.line === position.line + 1);
        if (lost === undefined || document.isDirty) return undefined;
        texts.push(vscode.l10n.t('Suture cannot follow this registration: {0}', escapeMarkdown(lost.reason)));
      }
      return new vscode.Hover(
        texts.map((text) => {
          const markdown = new vscode.MarkdownString(text);
          markdown.isTrusted = { enabledCommands: hoverCommands };
          return markdown;
        }),
      );
    },
  });
}
