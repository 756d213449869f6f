import * as vscode from 'vscode';
import type { Anomaly } from '../core/model/anomaly.ts';
import { movePlaceBy, type Place } from './anchors.ts';
import type { Anomalies } from './anomalies.ts';
import type { AnomalyReference } from './anomaly-reference.ts';
import { findHandler } from './handler-reference.ts';
import { isOpen } from './render/anomaly-text.ts';
import { oneLine } from './render/escape.ts';
import type { Session } from './session.ts';
import { uriOf } from './workspace-paths.ts';

/** Where the code of an anomaly is, as far as is known. */
interface Located {
  readonly reference: AnomalyReference;
  readonly anomaly: Anomaly;
  readonly uri: vscode.Uri;
  /** What the place was taken from: another one has another place. */
  readonly basis: object;
  place: Place;
  /** On the same line; undefined: the rest of the line. */
  readonly length: number | undefined;
}

/** One diagnostic per open anomaly with code. */
export interface Diagnostics extends vscode.Disposable {
  /** The anomalies behind diagnostics of a document, as a code action is handed them. */
  readonly behind: (
    uri: vscode.Uri,
    diagnostics: readonly vscode.Diagnostic[],
  ) => readonly { readonly reference: AnomalyReference; readonly diagnostic: vscode.Diagnostic }[];
}

const publishMs = 150;
/** Past the end of any line: the editor cuts it. */
const lineEnd = 1000;
const mostRelated = 6;

/** Puts each open anomaly at its cause, else at its handler's name, and moves it with the text. */
export function registerDiagnostics(session: Session, anomalies: Anomalies): Diagnostics {
  const { client } = session;
  const collection = vscode.languages.createDiagnosticCollection('suture');
  let located = new Map<string, Located>();
  let timer: NodeJS.Timeout | undefined;

  const placeOf = (root: string, anomaly: Anomaly): Omit<Located, 'reference' | 'anomaly'> | undefined => {
    const site = anomalies
      .explanation({ root, fingerprint: anomaly.fingerprint })
      ?.diagnosis.causes.find((cause) => cause.site !== undefined)?.site;
    if (site !== undefined) {
      const oneLined = site.end.line === site.start.line;
      return {
        uri: uriOf(root, site.file),
        basis: site,
        place: { line: site.start.line - 1, character: site.start.column - 1 },
        length: oneLined ? Math.max(1, site.end.column - site.start.column) : undefined,
      };
    }
    if (anomaly.handlerId === undefined) return undefined;
    const handler = findHandler(client, { root, id: anomaly.handlerId })?.handler;
    if (handler === undefined) return undefined;
    const inline = handler.symbol.startsWith('<');
    const { file, start } = inline ? handler.registration : handler;
    return {
      uri: uriOf(root, file),
      basis: handler,
      place: { line: start.line - 1, character: start.column - 1 },
      length: inline ? undefined : (handler.symbol.split('.').at(-1) ?? '').length,
    };
  };

  const rangeOf = ({ uri, place, length }: Located): vscode.Range => {
    const { line, character } = place;
    if (length !== undefined) return new vscode.Range(line, character, line, character + length);
    const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    const end =
      document !== undefined && line < document.lineCount ? document.lineAt(line).text.length : lineEnd;
    return new vscode.Range(line, character, line, Math.max(end, character + 1));
  };

  const diagnosticOf = (entry: Located): vscode.Diagnostic => {
    const { anomaly, reference } = entry;
    const explanation = anomalies.explanation(reference);
    const cause = explanation?.diagnosis.causes[0];
    const message = [anomaly.message, cause?.message ?? ''].filter((part) => part !== '');
    const { Warning, Information } = vscode.DiagnosticSeverity;
    const diagnostic = new vscode.Diagnostic(
      rangeOf(entry),
      message.map((part) => oneLine(part, 600)).join('\n'),
      anomaly.severity === 'low' ? Information : Warning,
    );
    diagnostic.source = 'Suture';
    diagnostic.code = anomaly.detector;
    diagnostic.relatedInformation = (cause?.evidence ?? [])
      .flatMap(({ file, line = 1, label, detail }) => {
        if (file === undefined) return [];
        const at = new vscode.Location(
          uriOf(reference.root, file),
          new vscode.Position(Math.max(0, line - 1), 0),
        );
        return [
          new vscode.DiagnosticRelatedInformation(
            at,
            oneLine(detail === undefined ? label : `${label}: ${detail}`, 300),
          ),
        ];
      })
      .slice(0, mostRelated);
    return diagnostic;
  };

  const publish = (): void => {
    timer = undefined;
    const next = new Map<string, Located>();
    for (const root of client.folders()) {
      for (const anomaly of anomalies.of(root).filter(isOpen)) {
        const reference = { root, fingerprint: anomaly.fingerprint };
        const key = `${root}|${anomaly.fingerprint}`;
        const place = placeOf(root, anomaly);
        if (place === undefined) continue;
        const old = located.get(key);
        next.set(key, {
          reference,
          anomaly,
          ...place,
          // The place of an old answer has moved with the text since; a new answer knows better.
          ...(old?.basis === place.basis ? { place: old.place } : {}),
        });
      }
    }
    located = next;
    const files = new Map<string, { readonly uri: vscode.Uri; readonly rows: vscode.Diagnostic[] }>();
    for (const entry of located.values()) {
      const key = entry.uri.toString();
      const file = files.get(key) ?? { uri: entry.uri, rows: [] };
      file.rows.push(diagnosticOf(entry));
      files.set(key, file);
    }
    const gone: vscode.Uri[] = [];
    collection.forEach((uri) => {
      if (!files.has(uri.toString())) gone.push(uri);
    });
    for (const uri of gone) collection.delete(uri);
    for (const { uri, rows } of files.values()) collection.set(uri, rows);
  };
  const publishSoon = (): void => {
    timer ??= setTimeout(publish, publishMs);
  };
  const has = (uri: vscode.Uri): boolean =>
    [...located.values()].some((entry) => entry.uri.toString() === uri.toString());

  const subscriptions = vscode.Disposable.from(
    collection,
    anomalies.onChanged(publishSoon),
    session.onFiles(publishSoon),
    session.onState(publishSoon),
    vscode.workspace.onDidOpenTextDocument(({ uri }) => {
      if (has(uri)) publishSoon();
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const changes = contentChanges.map(({ range, text }) => ({ start: range.start, end: range.end, text }));
      for (const entry of located.values()) {
        if (entry.uri.toString() !== document.uri.toString()) continue;
        entry.place = movePlaceBy(entry.place, changes) ?? entry.place;
        publishSoon();
      }
    }),
  );
  return {
    behind: (uri, diagnostics) =>
      diagnostics.flatMap((diagnostic) => {
        if (diagnostic.source !== 'Suture') return [];
        const found = [...located.values()].find(
          (entry) =>
            entry.uri.toString() === uri.toString() &&
            entry.anomaly.detector === diagnostic.code &&
            diagnostic.message.startsWith(oneLine(entry.anomaly.message, 600)),
        );
        return found === undefined ? [] : [{ reference: found.reference, diagnostic }];
      }),
    dispose: () => {
      clearTimeout(timer);
      subscriptions.dispose();
    },
  };
}
