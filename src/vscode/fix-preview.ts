import * as vscode from 'vscode';
import type { Fix } from '../core/model/fix.ts';
import { currentText } from './user-files.ts';
import { plainMarkdown } from './render/plain-markdown.ts';
import { uriOf } from './workspace-paths.ts';

const { t } = vscode.l10n;

const scheme = 'suture-fix';
const order = { code: 0, test: 1, docs: 2 } as const;

/** Shows a fix before anything is written: the diff of every file, and the evidence beside it. */
export interface FixPreview extends vscode.Disposable {
  readonly show: (root: string, fix: Fix, evidence: string) => Promise<void>;
  /** The evidence alone, for what is not offered. */
  readonly showEvidence: (name: string, evidence: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Serves the texts of what was shown last. */
export function registerFixPreview(): FixPreview {
  let texts = new Map<string, string>();
  let shown = 0;
  let title = '';
  let report = '';
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
  });

  const serve = (path: string, text: string, side = ''): vscode.Uri => {
    const uri = vscode.Uri.from({ scheme, path: `/${path}`, query: `${String(shown)}${side}` });
    texts.set(uri.toString(), text);
    return uri;
  };
  const close = async (): Promise<void> => {
    const stale = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(
        ({ label }) => (title !== '' && label.startsWith(title)) || (report !== '' && label.includes(report)),
      );
    await vscode.window.tabGroups.close(stale);
  };
  const begin = async (name: string): Promise<void> => {
    await close();
    shown += 1;
    texts = new Map();
    report = name
      .replace(/[^\w.@ -]+/g, ' ')
      .trim()
      .slice(0, 60);
  };
  const openReport = async (text: string, beside: boolean): Promise<void> => {
    // A browser fetches the preview's frame from the network, which may not be there; plain text always is.
    if (vscode.env.uiKind === vscode.UIKind.Desktop) {
      const uri = serve(`${report}.md`, text);
      await vscode.commands.executeCommand(
        beside ? 'markdown.showPreviewToSide' : 'markdown.showPreview',
        uri,
      );
      return;
    }
    const plain = await vscode.workspace.openTextDocument(serve(`${report}.txt`, plainMarkdown(text)));
    // A language of its own, as its lines wrap and need no numbers (configurationDefaults in package.json).
    const document = await vscode.languages.setTextDocumentLanguage(plain, 'suture-report');
    const viewColumn = beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    await vscode.window.showTextDocument(document, { viewColumn, preserveFocus: beside, preview: true });
  };

  return {
    show: async (root, fix, evidence) => {
      await begin(t('Evidence'));
      title = fix.title;
      const edits = [...fix.edits].sort((left, right) => order[left.part] - order[right.part]);
      const rows: [vscode.Uri, vscode.Uri | undefined, vscode.Uri][] = [];
      for (const { file, newText } of edits) {
        const uri = uriOf(root, file);
        const now = await currentText(uri);
        // Of one scheme and path: the editor takes sides with different paths for a renamed file.
        const before = now === null ? undefined : serve(file, now, ' before');
        rows.push([uri, before, serve(file, newText)]);
      }
      await vscode.commands.executeCommand('vscode.changes', title, rows);
      await openReport(evidence, true);
    },
    showEvidence: async (name, evidence) => {
      await begin(name);
      await openReport(evidence, false);
    },
    close,
    dispose: () => {
      provider.dispose();
    },
  };
}
