// What the faults planted in release 1.1.0 of the shop look like in the editor.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { sourceUri, until, workspaceRoot } from './editor.ts';
import { note } from './notes.ts';
import { texts, waitForNotification } from './page.ts';

export const anomalyRows = (): Promise<readonly string[]> => texts('.pane-body .monaco-list-row');

/** Diagnostics of Suture: detector, place of the code and severity. */
export function diagnosed(): readonly string[] {
  return vscode.languages
    .getDiagnostics()
    .flatMap(([uri, all]) =>
      all
        .filter(({ source }) => source === 'Suture')
        .map(({ code, range, severity }) => {
          const path = vscode.workspace.asRelativePath(uri, false);
          return `${typeof code === 'string' ? code : ''} ${path}:${String(range.start.line + 1)} ${vscode.DiagnosticSeverity[severity]}`;
        }),
    )
    .sort();
}

/** From 1, of a file as it is on disk. */
export const lineOf = (path: string, text: string): number => {
  const before = readFileSync(join(workspaceRoot(), path), 'utf8').split(text)[0];
  assert.ok(before);
  return before.split('\n').length;
};

/** What the faults planted in this release should be blamed on. */
export const expected = (): readonly string[] => [
  `error-burst src/routes/addresses.ts:${String(lineOf('src/routes/addresses.ts', 'customer!.addresses'))} Warning`,
  `n-plus-one-call src/controllers/products.ts:${String(lineOf('src/controllers/products.ts', 'for (const'))} Warning`,
  `untested-handler src/controllers/search.ts:${String(lineOf('src/controllers/search.ts', 'searchCatalog'))} Information`,
];

/** Quick fixes at a line, from 0. */
export const actionsAt = async (path: string, line: number): Promise<readonly vscode.CodeAction[]> => {
  await vscode.workspace.openTextDocument(sourceUri(path));
  const at = new vscode.Range(line, 0, line, 200);
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    sourceUri(path),
    at,
    vscode.CodeActionKind.QuickFix.value,
  );
};

/** Of the anomaly that a detector found, from the quick fix at its diagnostic. */
export async function fingerprint(detector: string): Promise<string> {
  const [path, line] =
    /^\S+ (\S+):(\d+)/.exec(diagnosed().find((one) => one.startsWith(detector)) ?? '')?.slice(1) ?? [];
  assert.ok(path !== undefined && line !== undefined, `no ${detector}`);
  // A document that was opened just now gets its diagnostics once more.
  const [found] = await until(
    async () =>
      (await actionsAt(path, Number(line) - 1)).flatMap(({ command }) =>
        command?.command === 'suture.fixAnomaly'
          ? [command.arguments?.[0] as { readonly fingerprint: string }]
          : [],
      ),
    (all) => assert.ok(all.length > 0),
  );
  assert.ok(found);
  return found.fingerprint;
}

/** Waits for a promise that may take minutes: a suite that tells nothing for two minutes counts as hung. */
export async function patiently<Answer>(what: string, answer: PromiseLike<Answer>): Promise<Answer> {
  const alive = setInterval(() => {
    note(what);
  }, 30_000);
  try {
    return await answer;
  } finally {
    clearInterval(alive);
  }
}

/** Waits until a fix was proven and is offered. */
export const offered = (): Promise<string> =>
  patiently('the fix is being proven', waitForNotification(/gates passed in/, 240_000));
