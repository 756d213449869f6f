import { basename } from 'node:path';
import * as vscode from 'vscode';
import { HumanError } from '../core/model/human-error.ts';
import type { Anomalies } from './anomalies.ts';
import { parseAnomaly, type AnomalyReference } from './anomaly-reference.ts';
import { findHandler, parseReference, parseRoot, type HandlerReference } from './handler-reference.ts';
import { hoverContext } from './hover.ts';
import { anomalyMarkdown, learnedMarkdown } from './render/anomaly-markdown.ts';
import { detailsMarkdown } from './render/details-markdown.ts';
import { doctorMarkdown } from './render/doctor-markdown.ts';
import type { Session } from './session.ts';

const scheme = 'suture';
/** An open report follows the engine, at most this often (ms). */
const refreshMs = 1000;

/** The read-only document that answers "Why is there nothing here?" for a folder. */
export function doctorUri(root: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${basename(root)} doctor.md`, query: JSON.stringify({ root }) });
}

/** The read-only document with everything known about a handler. */
export function detailsUri(reference: HandlerReference): vscode.Uri {
  const name = (reference.id.split('#').at(-1) ?? '').replace(/[^\w.@:-]+/g, ' ').trim();
  return vscode.Uri.from({ scheme, path: `/${name}.md`, query: JSON.stringify(reference) });
}

/** The read-only document that explains an anomaly. */
export function anomalyUri({ root, fingerprint }: AnomalyReference): vscode.Uri {
  const query = JSON.stringify({ root, fingerprint });
  return vscode.Uri.from({ scheme, path: `/anomaly ${fingerprint.slice(0, 16)}.md`, query });
}

/** The read-only document about what became of fixes in a folder. */
export function learnedUri(root: string): vscode.Uri {
  const query = JSON.stringify({ root, learned: true });
  return vscode.Uri.from({ scheme, path: `/${basename(root)} fixes.md`, query });
}

function parseQuery(uri: vscode.Uri): unknown {
  try {
    return JSON.parse(uri.query);
  } catch {
    return undefined;
  }
}

/** Serves the reports as documents that follow the engine while they are open. */
export function registerReports(session: Session, anomalies: Anomalies): vscode.Disposable {
  const { client } = session;
  const { t } = vscode.l10n;
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let timer: NodeJS.Timeout | undefined;
  const refresh = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const document of vscode.workspace.textDocuments) {
        if (document.uri.scheme === scheme) changed.fire(document.uri);
      }
    }, refreshMs);
  };

  const render = async (uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> => {
    const argument = parseQuery(uri);
    const reference = parseReference(argument);
    if (reference !== undefined) {
      const model = findHandler(client, reference);
      if (model === undefined) throw new HumanError(t('This handler is no longer in the code.'));
      return detailsMarkdown(model, hoverContext(session, reference.root));
    }
    const anomaly = parseAnomaly(argument);
    if (anomaly !== undefined)
      return anomalyMarkdown(
        anomalies.explanation(anomaly) ?? (await anomalies.explain(anomaly)),
        hoverContext(session, anomaly.root),
      );
    const root = parseRoot(argument);
    if (root === undefined || !client.folders().includes(root)) {
      throw new HumanError(t('This folder is not open.'));
    }
    const abort = new AbortController();
    const cancel = token.onCancellationRequested(() => {
      abort.abort();
    });
    const { signal } = abort;
    try {
      if (Reflect.get(argument as object, 'learned') === true)
        return learnedMarkdown(await client.request('learn', root, null, { signal }), t);
      return doctorMarkdown(basename(root), await client.request('doctor', root, null, { signal }), t);
    } finally {
      cancel.dispose();
    }
  };

  return vscode.Disposable.from(
    changed,
    new vscode.Disposable(() => {
      clearTimeout(timer);
    }),
    session.onState(refresh),
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: async (uri, token) => {
        try {
          return await render(uri, token);
        } catch (error) {
          if (!(error instanceof HumanError))
            session.log.error(error instanceof Error ? error : String(error));
          return `${error instanceof Error ? error.message : String(error)}\n`;
        }
      },
    }),
  );
}

/** Opens a report as Markdown in the editor. */
export async function openReport(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.languageId !== 'markdown')
    await vscode.languages.setTextDocumentLanguage(document, 'markdown');
  await vscode.window.showTextDocument(document, { preview: true });
}
