import * as vscode from 'vscode';
import { sha256 } from '../core/code/text-hash.ts';
import type { FileEdit, Fix } from '../core/model/fix.ts';
import { HumanError } from '../core/model/human-error.ts';
import { applyAndSave, currentText, refuseLinks } from './user-files.ts';
import { uriOf } from './workspace-paths.ts';

const { t } = vscode.l10n;

/** The editor keeps a byte order mark to itself; the engine hashed what is in the file. */
const isUnchanged = (now: string | null, { sha256Before }: FileEdit): boolean =>
  now === null || sha256Before === null
    ? now === sha256Before
    : [now, `\uFEFF${now}`].some((text) => sha256(text) === sha256Before);

/** The one stretch in which two texts differ, so that cursors and marks elsewhere stay. */
function difference(
  before: string,
  after: string,
): { readonly from: number; readonly to: number; readonly text: string } {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from += 1;
  let tail = 0;
  while (tail < most - from && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { from, to: before.length - tail, text: after.slice(from, after.length - tail) };
}

/** Writes a fix as one edit that one undo takes back; refuses all of it when a file is not what the fix was made from. */
export async function applyFix(root: string, { edits }: Fix): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const dirty = new Set<string>();
  for (const one of edits) {
    const uri = uriOf(root, one.file);
    await refuseLinks(root, one.file);
    const now = await currentText(uri);
    if (!isUnchanged(now, one))
      throw new HumanError(t('{0} changed since the fix was made; nothing was written.', one.file));
    if (now === null) {
      edit.createFile(uri, { contents: Buffer.from(one.newText) });
      continue;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.isDirty) dirty.add(one.file);
    const { from, to, text } = difference(now, one.newText.replace(/^\uFEFF/, ''));
    edit.replace(uri, new vscode.Range(document.positionAt(from), document.positionAt(to)), text);
  }
  // What a person had not saved stays for that person to save.
  const files = edits.map(({ file }) => file).filter((file) => !dirty.has(file));
  await applyAndSave(root, edit, files);
}
