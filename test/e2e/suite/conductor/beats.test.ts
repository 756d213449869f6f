// Handlers of a conductor: figures over the functions and over the beats that name them in JSON.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { lensesOf, openSource, sourceUri, until } from '../editor.ts';
import { shot } from '../page.ts';

const sequence = 'packages/library/json-sequences/library/load.json';

describe('beats of a sequence', () => {
  it('carry the time until their handler reported, which is not the time of the beat', async () => {
    await openSource(sequence);
    const lenses = await until(
      () => lensesOf(sequence),
      (found) => {
        assert.equal(found.length, 2);
        assert.match(found[0]?.title ?? '', /^p95 1\.\d+ s/);
      },
    );
    assert.deepEqual(
      lenses.map(({ line, id }) => [line, id.split('#')[1]]),
      [
        [9, 'loadComponents@library:components:load'],
        [10, 'notifyUi@library:components:notify'],
      ],
    );
    assert.match(lenses[1]?.title ?? '', /only a placeholder test/);
    await shot('beats');
  });

  it('say the same over the function', async () => {
    const [, file = ''] = /^(.*)#/.exec((await lensesOf(sequence))[0]?.id ?? '') ?? [];
    assert.match((await lensesOf(file))[0]?.title ?? '', /^p95 1\.\d+ s/);
  });

  it('have a hover', async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      sourceUri(sequence),
      new vscode.Position(9, 10),
    );
    const text = hovers.flatMap(({ contents }) => contents.map((part) => (typeof part === 'string' ? part : part.value))).join('\n'); // prettier-ignore
    assert.match(text, /loadComponents/);
  });

  it('follow the text of the JSON while one types', async () => {
    const { document } = await openSource(sequence);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(1, 0), '\n\n');
    await vscode.workspace.applyEdit(edit);
    await until(
      () => lensesOf(sequence),
      (found) => {
        assert.deepEqual(
          found.map(({ line }) => line),
          [11, 12],
        );
      },
    );
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});
