import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { PlannedFile } from '../core/engine/documents.ts';
import { HumanError } from '../core/model/human-error.ts';
import { applyAndSave, currentText, refuseLinks } from './user-files.ts';
import { isKept, keptLines } from './render/docs-text.ts';
import { statusKind } from './render/status-text.ts';
import type { Session } from './session.ts';
import { uriOf } from './workspace-paths.ts';

const { t } = vscode.l10n;

const scheme = 'suture-docs';
/** Messages in the status bar stay this long (ms). */
const messageMs = 6000;

/** Shows and applies what regenerating the documentation would write. */
export interface DocsCommand extends vscode.Disposable {
  readonly regenerate: (root: string) => Promise<void>;
}

/** Line ends and a byte order mark belong to the editor, not to the text. */
const plain = (text: string): string => text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');

const isEvidence = ({ path }: PlannedFile): boolean => path.endsWith('.json');

/** One edit for all files, so that one undo takes it back; refuses when a file is not what was shown. */
async function apply(root: string, files: readonly PlannedFile[]): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  for (const file of files) {
    const uri = uriOf(root, file.path);
    await refuseLinks(root, file.path);
    const now = await currentText(uri);
    const same =
      now === null || file.before === null ? now === file.before : plain(now) === plain(file.before);
    if (!same) throw new HumanError(t('{0} changed meanwhile. Regenerate once more.', file.path));
    if (now === null) edit.createFile(uri, { contents: Buffer.from(file.after) });
    else edit.replace(uri, new vscode.Range(0, 0, Number.MAX_SAFE_INTEGER, 0), plain(file.after));
  }
  await applyAndSave(
    root,
    edit,
    files.map(({ path }) => path),
  );
  const altered: string[] = [];
  for (const file of files) {
    const document = await vscode.workspace.openTextDocument(uriOf(root, file.path));
    if (plain(document.getText()) !== plain(file.after)) altered.push(file.path);
  }
  if (altered.length > 0) {
    throw new HumanError(
      t(
        'Something that runs when files are saved changed {0}. Keep it away from these files, or they will count as edited by hand.',
        altered.join(', '),
      ),
    );
  }
}

/** Pages made of half of the code or telemetry would be wrong; resolves when all of it is in. */
function untilReady(session: Session, root: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const kind = statusKind(session.client.state(root));
      if (kind === 'failed') reject(new HumanError(t('The engine is not running; the log says why.')));
      else if (kind === 'ready' || kind === 'no-telemetry') resolve();
      else return;
      states.dispose();
    };
    const states = session.onState(look);
    look();
  });
}

/** Serves the texts of the last plan and runs the command. */
export function registerDocs(session: Session): DocsCommand {
  const { client } = session;
  let shown = new Map<string, string>();
  let plans = 0;
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => shown.get(uri.toString()) ?? '',
  });

  const plan = (root: string, force: boolean): Thenable<readonly PlannedFile[]> =>
    vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: t('Suture: rendering the documentation') },
      async () => {
        await untilReady(session, root);
        return (await client.request('planDocs', root, { force })).files;
      },
    );

  const showDiff = async (title: string, root: string, files: readonly PlannedFile[]): Promise<void> => {
    plans += 1;
    shown = new Map();
    const side = (name: string, path: string, text: string): vscode.Uri => {
      const uri = vscode.Uri.from({ scheme, path: `/${path}`, query: `${String(plans)} ${name}` });
      shown.set(uri.toString(), text);
      return uri;
    };
    // Pages are what one reads; the evidence behind them comes last.
    const pagesFirst = [...files].sort((left, right) => Number(isEvidence(left)) - Number(isEvidence(right)));
    const rows = pagesFirst.map((file) => ({
      at: uriOf(root, file.path),
      before: file.before === null ? undefined : side('before', file.path, file.before),
      after: side('after', file.path, file.after),
    }));
    const [only] = rows;
    if (rows.length === 1 && only !== undefined)
      await vscode.commands.executeCommand(
        'vscode.diff',
        only.before ?? side('before', 'new', ''),
        only.after,
        title,
        { preview: true },
      );
    else
      await vscode.commands.executeCommand(
        'vscode.changes',
        title,
        rows.map(({ at, before, after }) => [at, before, after]),
      );
  };

  const closeDiff = async (title: string): Promise<void> => {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    await vscode.window.tabGroups.close(tabs.filter((tab) => tab.label.startsWith(title)));
  };

  /** The diff with a question beside it; true when the files were written. */
  const offer = async (
    root: string,
    files: readonly PlannedFile[],
    question: string,
    yes: string,
  ): Promise<boolean> => {
    const title = t('Documentation of {0}: now and regenerated', basename(root));
    await showDiff(title, root, files);
    const answer = await vscode.window.showInformationMessage(question, yes, t('Cancel'));
    await closeDiff(title);
    if (answer !== yes) return false;
    await apply(root, files);
    const count = files.length;
    const text = count === 1 ? t('1 file written') : t('{0} files written', count);
    vscode.window.setStatusBarMessage(`$(check) Suture: ${text}`, messageMs);
    return true;
  };

  const replaceKept = async (root: string, kept: readonly PlannedFile[]): Promise<void> => {
    const paths = new Set(kept.map(({ path }) => path));
    const forced = (await plan(root, true)).filter((file) => file.write && paths.has(file.path));
    if (forced.length === 0)
      throw new HumanError(t('These files cannot be replaced as they are: resolve them by hand first.'));
    const question = t('Replace what was edited by hand in {0}?', forced.map(({ path }) => path).join(', '));
    await offer(root, forced, question, t('Replace'));
  };

  return {
    regenerate: async (root) => {
      const files = await plan(root, false);
      const writes = files.filter((file) => file.write);
      const kept = files.filter(isKept);
      if (writes.length === 0 && kept.length === 0) {
        vscode.window.setStatusBarMessage(
          `$(check) Suture: ${t('The documentation is up to date')}`,
          messageMs,
        );
        return;
      }
      if (writes.length > 0) {
        const question =
          writes.length === 1
            ? t('Write {0}?', writes[0]?.path ?? '')
            : t('Write {0} files of documentation?', writes.length);
        if (!(await offer(root, writes, question, t('Apply')))) return;
      }
      if (kept.length === 0) return;
      const replace = t('Replace edited pages…');
      const answer = await vscode.window.showWarningMessage(
        t('Left as they are: {0}', keptLines(kept).join(' ')),
        replace,
      );
      if (answer === replace) await replaceKept(root, kept);
    },
    dispose: () => {
      provider.dispose();
    },
  };
}
