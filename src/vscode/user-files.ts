import * as vscode from 'vscode';
import { HumanError } from '../core/model/human-error.ts';
import { uriOf } from './workspace-paths.ts';

/** Text of a file as its editor has it, saved or not; null where there is no file. */
export async function currentText(uri: vscode.Uri): Promise<string | null> {
  try {
    await vscode.workspace.fs.stat(uri);
  } catch {
    return null;
  }
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

/** A link in the workspace may lead anywhere: nothing is written through one. */
export async function refuseLinks(root: string, path: string): Promise<void> {
  const parts = path.split('/');
  for (const count of parts.keys()) {
    const uri = uriOf(root, parts.slice(0, count + 1).join('/'));
    let stat: vscode.FileStat;
    try {
      stat = await vscode.workspace.fs.stat(uri);
    } catch {
      return;
    }
    if ((stat.type & vscode.FileType.SymbolicLink) !== 0)
      throw new HumanError(vscode.l10n.t('{0} is or stands behind a link: nothing was written.', path));
  }
}

/** Applies an edit as one undo step and saves these files of it; throws a HumanError where the editor refuses. */
export async function applyAndSave(
  root: string,
  edit: vscode.WorkspaceEdit,
  paths: readonly string[],
): Promise<void> {
  if (!(await vscode.workspace.applyEdit(edit)))
    throw new HumanError(vscode.l10n.t('The editor could not apply the changes; nothing was written.'));
  for (const path of paths) {
    const document = await vscode.workspace.openTextDocument(uriOf(root, path));
    if (document.isDirty && !(await document.save()))
      throw new HumanError(vscode.l10n.t('{0} could not be saved.', path));
  }
}
