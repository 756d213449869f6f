import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { hoverOver, lensesOf, openSource, until, workspaceRoot } from '../editor.ts';
import { texts } from '../page.ts';
import { skipBecause } from '../skip.ts';
import { randomCalls, randomFrom, telemetryLines } from '../telemetry.ts';

const hostile =
  '[click](command:workbench.action.terminal.new) <img src=x onerror=alert(1)> `a` | b\n# c \u202eexe';

async function reportText(command: string, argument: unknown): Promise<string> {
  await vscode.commands.executeCommand(command, argument);
  const document = vscode.window.activeTextEditor?.document;
  assert.equal(document?.uri.scheme, 'suture');
  assert.equal(document.languageId, 'markdown');
  return document.getText();
}

/** Visible texts of the page; undefined where the host shows none that can be driven. */
const pageTexts = (selector: string): Promise<readonly string[] | undefined> =>
  texts(selector).catch((error: unknown) => {
    if (String(error).includes('no page')) return undefined;
    throw error;
  });

describe('surfaces', () => {
  const root = workspaceRoot();

  before(async () => {
    const calls = randomCalls(randomFrom(1), {
      method: 'GET',
      route: '/api/catalog/search',
      count: 40,
      medianMs: 30,
      errorRate: 0.5,
      endMs: Date.now() - 60_000,
    });
    const unknown = calls.map((call) => ({ ...call, route: `/nowhere/${hostile}` }));
    const source = {
      service: 'shop',
      release: '9.8.7-hostile',
      salt: 'hostile',
      spanName: hostile,
      exception: { type: hostile, message: hostile },
    };
    writeFileSync(
      join(root, '.telemetry', 'hostile.jsonl'),
      telemetryLines(calls, source) + telemetryLines(unknown, { ...source, salt: 'unknown' }),
    );
    await openSource('src/controllers/search.ts');
  });

  it('show hostile telemetry as text', async () => {
    const text = await until(
      () => hoverOver('src/controllers/search.ts', 'searchCatalog'),
      (shown) => {
        assert.match(shown, /× .*click/);
      },
    );
    const alive = text
      .replace(/\\[!-/:-@[-`{-~]/g, '')
      .replace(/\]\((command:suture\.\w+\?[\w.%~-]*|file:[\w./%#-]*)\)/g, '');
    assert.doesNotMatch(alive, /\]\(|<|`|\u202e|^# c/m);
  });

  it('answer "Why is there nothing here?" with what is unmapped and why', async () => {
    const text = await until(
      () => reportText('suture.doctor', { root }),
      (shown) => {
        assert.match(shown, /nowhere/);
      },
    );
    assert.match(text, /handlers found/);
    assert.match(text, /hostile\\\.jsonl/);
    const alive = text.replace(/\\[!-/:-@[-`{-~]/g, '');
    assert.doesNotMatch(alive, /\]\(|<img|\u202e/);
  });

  it('open the details of the handler at the cursor', async () => {
    const editor = await openSource('src/controllers/search.ts');
    const [lens] = await until(
      () => lensesOf('src/controllers/search.ts'),
      (seen) => {
        assert.ok(seen.length > 0);
      },
    );
    assert.ok(lens);
    editor.selection = new vscode.Selection(lens.line + 1, 0, lens.line + 1, 0);
    const text = await reportText('suture.showHandlerDetails', undefined);
    assert.match(text, /^# GET \\\/api\\\/catalog\\\/search/);
    assert.match(text, /9\\\.8\\\.7\\-hostile/);
  });

  it('copy the id of a handler', async () => {
    const [lens] = await lensesOf('src/controllers/search.ts');
    assert.ok(lens);
    await vscode.env.clipboard.writeText('before');
    const clipboardWorks = (await vscode.env.clipboard.readText()) === 'before';
    const copied = await vscode.commands.executeCommand('suture.copyHandlerId', { root, id: lens.id });
    assert.equal(copied, lens.id);
    // A headless browser may refuse the clipboard; where it does not, the id must be in it.
    if (clipboardWorks) assert.equal(await vscode.env.clipboard.readText(), lens.id);
    const shown = await pageTexts('.statusbar-item');
    assert.ok(shown === undefined || shown.some((item) => item.includes(lens.id)), JSON.stringify(shown));
  });

  it('count measured handlers in the status bar', async function () {
    const seen = await pageTexts('.statusbar-item');
    if (seen === undefined) skipBecause(this, 'this host shows no page');
    await until(
      () => texts('.statusbar-item'),
      (items) => {
        assert.ok(
          items.some((item) => /Suture: \d+\/\d+ handlers/.test(item)),
          JSON.stringify(items),
        );
      },
    );
  });

  it('list handlers in the tree, worst first', async function () {
    await vscode.commands.executeCommand('suture.handlers.focus');
    if ((await pageTexts('.statusbar-item')) === undefined) skipBecause(this, 'this host shows no page');
    const rows = await until(
      () => texts('.pane-body .monaco-list-row'),
      (seen) => {
        assert.ok(
          seen.some((row) => row.includes('/api/catalog/search') && row.includes('% errors')),
          JSON.stringify(seen),
        );
      },
    );
    const search = rows.findIndex((row) => row.includes('/api/catalog/search'));
    const unmeasured = rows.findIndex((row) => row.includes('no calls yet'));
    assert.ok(unmeasured === -1 || search < unmeasured, JSON.stringify(rows));
  });
});
