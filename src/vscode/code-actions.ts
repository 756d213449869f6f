import * as vscode from 'vscode';
import type { Anomalies } from './anomalies.ts';
import type { Diagnostics } from './diagnostics.ts';
import { fixTitle } from './render/anomaly-text.ts';

const { t } = vscode.l10n;

/** Quick fixes of the anomalies under the cursor; what they do is shown before anything is written. */
export function registerCodeActions(anomalies: Anomalies, diagnostics: Diagnostics): vscode.Disposable {
  const provideCodeActions: vscode.CodeActionProvider['provideCodeActions'] = (document, _range, context) =>
    diagnostics.behind(document.uri, context.diagnostics).flatMap(({ reference, diagnostic }) => {
      const anomaly = anomalies.find(reference);
      if (anomaly === undefined) return [];
      const action = (title: string, command: string, argument: object): vscode.CodeAction => {
        const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
        made.command = { command, title, arguments: [argument] };
        made.diagnostics = [diagnostic];
        return made;
      };
      const fix = action(fixTitle(anomaly, t), 'suture.fixAnomaly', reference);
      fix.isPreferred = true;
      return [
        fix,
        action(t('Explain with evidence'), 'suture.explainAnomaly', reference),
        action(t('Regenerate docs'), 'suture.regenerateDocs', { root: reference.root }),
        action(t('Suppress with a reason…'), 'suture.suppressAnomaly', reference),
      ];
    });
  return vscode.languages.registerCodeActionsProvider(
    { scheme: 'file' },
    { provideCodeActions },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}
