import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** Absolute path of the open workspace folder, a copy made for this run. */
export function workspaceRoot(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return folder.uri.fsPath;
}

export const sourceUri = (path: string): vscode.Uri => vscode.Uri.file(join(workspaceRoot(), path));

export async function openSource(path: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(sourceUri(path), { preview: false });
}

export interface SeenLens {
  /** From 0. */
  readonly line: number;
  readonly title: string;
  /** Id of the handler that a click opens. */
  readonly id: string;
}

/** The lenses of Suture in a document, resolved as the editor would. */
export async function lensesOf(path: string): Promise<readonly SeenLens[]> {
  await vscode.workspace.openTextDocument(sourceUri(path));
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    sourceUri(path),
    1000,
  );
  return lenses
    .filter((lens) => lens.command?.command === 'suture.showHandlerDetails')
    .map((lens) => ({
      line: lens.range.start.line,
      title: lens.command?.title ?? '',
      id: (lens.command?.arguments?.[0] as { readonly id: string } | undefined)?.id ?? '',
    }));
}

/** Markdown of all hovers of Suture at the first place of a text in a document. */
export async function hoverOver(path: string, text: string): Promise<string> {
  const document = await vscode.workspace.openTextDocument(sourceUri(path));
  const offset = document.getText().indexOf(text);
  assert.notEqual(offset, -1, `${path} does not hold ${text}`);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(offset + 1),
  );
  const texts = hovers
    .flatMap((hover) => hover.contents)
    .map((content) => (typeof content === 'string' ? content : content.value));
  return texts.filter((value) => value.includes('command:suture.')).join('\n\n');
}

/** Asks again until the answer passes the check; fails with the last reason. */
export async function until<Answer>(
  ask: () => Answer | PromiseLike<Answer>,
  check: (answer: Answer) => void,
  ms = 30_000,
): Promise<Answer> {
  for (const end = Date.now() + ms; ; await pause(100)) {
    try {
      const answer = await ask();
      check(answer);
      return answer;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Replaces the first place of a text in an editor, without saving. */
export async function replaceIn(editor: vscode.TextEditor, find: string, by: string): Promise<void> {
  const { document } = editor;
  const offset = document.getText().indexOf(find);
  assert.notEqual(offset, -1, `${document.fileName} does not hold ${find}`);
  const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + find.length));
  assert.ok(
    await editor.edit((edit) => {
      edit.replace(range, by);
    }),
  );
}

/** The text of the newest release in a column of a hover's table. */
export function hoverCell(text: string, column: string): string {
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.replaceAll('&nbsp;', '').trim()));
  const at = rows.findIndex((cells) => cells.includes(column));
  const cell = rows[at + 2]?.[rows[at]?.indexOf(column) ?? -1];
  assert.ok(cell, `no ${column} in: ${text}`);
  return cell;
}

const unitMs: Readonly<Record<string, number>> = { µs: 1e-3, ms: 1, s: 1000, min: 60_000 };

/** Milliseconds of a figure such as `p95 48.2 ms`. */
export function readDuration(text: string, name: string): number {
  const match = new RegExp(`${name} ([\\d.]+) (µs|ms|s|min)`).exec(text);
  assert.ok(match, `no ${name} in: ${text}`);
  return Number(match[1]) * (unitMs[match[2] ?? ''] ?? Number.NaN);
}

export function assertWithin(actual: number, expected: number, share: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= expected * share,
    `${what}: ${String(actual)} is not within ${String(share * 100)} % of ${String(expected)}`,
  );
}
