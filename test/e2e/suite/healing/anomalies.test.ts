import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { hoverOver, lensesOf, openSource, sourceUri, until, workspaceRoot } from '../editor.ts';
import { actionsAt, anomalyRows, diagnosed, expected, fingerprint, lineOf, offered } from '../faults.ts';
import { note } from '../notes.ts';
import { press, pressInNotification, shot, type, waitForNotification, waitForText } from '../page.ts';

const root = workspaceRoot();
const suppressions = join(root, '.suture/suppressions.json');

describe('anomalies of release 1.1.0', function () {
  this.timeout(120_000);

  it('are diagnostics at their causes, once each', async () => {
    await openSource('src/controllers/products.ts');
    await until(diagnosed, (seen) => assert.deepEqual(seen, expected()), 60_000);
  });

  it('stay with their code while it moves', async () => {
    const editor = await openSource('src/controllers/products.ts');
    const before = diagnosed().find((one) => one.startsWith('n-plus-one'));
    assert.ok(before);
    const line = Number(/:(\d+) /.exec(before)?.[1]);
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(0, 0), '// one\n// two\n');
    });
    await until(diagnosed, (seen) =>
      assert.ok(
        seen.includes(before.replace(`:${String(line)} `, `:${String(line + 2)} `)),
        JSON.stringify(seen),
      ),
    );
    await vscode.commands.executeCommand('undo');
    await until(diagnosed, (seen) => assert.deepEqual(seen, expected()));
    assert.equal(editor.document.isDirty, false);
  });

  it('are rows of their view, the gravest first, with a badge', async () => {
    await vscode.commands.executeCommand('suture.anomalies.focus');
    await until(anomalyRows, (all) => {
      const found = all.filter((row) => /\bnew\b/.test(row));
      assert.deepEqual(
        found.map((row) => /% errors|calls in a row|no test/.exec(row)?.[0]),
        ['% errors', 'calls in a row', 'no test'],
        JSON.stringify(all),
      );
    });
    await waitForText('.pane-body .message', /1\.1\.0 was compared with 1\.0\.0/);
    await shot('anomalies-tree');
  });

  it('open to causes and evidence that lead to the code', async () => {
    await vscode.commands.executeCommand('suture.showAnomaly', {
      root,
      fingerprint: await fingerprint('n-plus-one-call'),
    });
    await until(anomalyRows, (all) => {
      assert.ok(
        all.some((row) => /cause, \d/.test(row)),
        JSON.stringify(all),
      );
    });
    await shot('anomalies-tree-open');
  });

  it('are in the lens and the hover of their handler', async () => {
    await until(
      () => lensesOf('src/controllers/products.ts'),
      (lenses) =>
        assert.ok(
          lenses.some(({ title }) => title.includes('$(warning) 12 calls in a row')),
          JSON.stringify(lenses),
        ),
    );
    const hover = await hoverOver('src/controllers/products.ts', 'listProducts');
    assert.match(hover, /12 calls in a row · \[Show anomaly\]\(command:suture\.showAnomaly/);
  });

  it('are explained in a document, telemetry as text', async () => {
    await vscode.commands.executeCommand('suture.explainAnomaly', {
      root,
      fingerprint: await fingerprint('error-burst'),
    });
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'suture');
    assert.match(document.getText(), /## Why[\s\S]*addresses\\\.ts/);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('give their fingerprint to the clipboard', async () => {
    const reference = { root, fingerprint: await fingerprint('error-burst') };
    await vscode.env.clipboard.writeText('before');
    const clipboardWorks = (await vscode.env.clipboard.readText()) === 'before';
    const copied = await vscode.commands.executeCommand('suture.copyFingerprint', reference);
    assert.equal(copied, reference.fingerprint);
    // A headless browser may refuse the clipboard.
    if (clipboardWorks) assert.equal(await vscode.env.clipboard.readText(), copied);
  });

  it('offer quick fixes', async () => {
    await openSource('src/controllers/search.ts');
    const actions = await actionsAt(
      'src/controllers/search.ts',
      lineOf('src/controllers/search.ts', 'searchCatalog') - 1,
    );
    assert.deepEqual(
      actions
        .filter(({ command }) => command?.command.startsWith('suture.') === true)
        .map(({ title }) => title),
      [
        'Generate a test from recorded calls…',
        'Explain with evidence',
        'Regenerate docs',
        'Suppress with a reason…',
      ],
    );
    assert.ok(actions[0]?.isPreferred);
  });

  it('are suppressed with a reason in a reviewed file, and come back when it is gone', async () => {
    const path = 'src/routes/addresses.ts';
    await openSource(path);
    const actions = await actionsAt(path, lineOf(path, 'customer!.addresses') - 1);
    const suppress = actions.find(({ title }) => title.startsWith('Suppress'));
    assert.ok(suppress?.command);
    const done = vscode.commands.executeCommand<boolean>(
      suppress.command.command,
      ...(suppress.command.arguments ?? []),
    );
    await waitForText('.quick-input-widget', /Why is it fine/);
    await type('known, mended next week');
    await press('Enter');
    await waitForText('.quick-input-widget', /90 days/);
    await press('Enter');
    assert.equal(await done, true);
    const written = JSON.parse(readFileSync(suppressions, 'utf8')) as {
      readonly suppressions: readonly { readonly reason: string; readonly until: string }[];
    };
    assert.equal(written.suppressions[0]?.reason, 'known, mended next week');
    assert.match(written.suppressions[0].until, /^\d{4}-\d\d-\d\d$/);
    await vscode.commands.executeCommand('suture.openSuppressions', { root });
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, suppressions);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await until(anomalyRows, (all) =>
      assert.ok(
        all.some((row) => /Suppressed/.test(row)),
        JSON.stringify(all),
      ),
    );
    await until(diagnosed, (seen) => assert.equal(seen.length, 2, JSON.stringify(seen)));
    await vscode.commands.executeCommand('notifications.clearAll');

    writeFileSync(suppressions, '{ "suppressions": [{ "fingerprint": "x" }] }');
    const document = await vscode.workspace.openTextDocument(suppressions);
    await vscode.window.showTextDocument(document);
    await until(
      () => vscode.languages.getDiagnostics(document.uri),
      (problems) =>
        assert.ok(
          problems.some(({ message }) => message.includes('reason')),
          JSON.stringify(problems),
        ),
    );
    writeFileSync(suppressions, '{ "suppressions": [');
    await until(
      () => vscode.languages.getDiagnostics(document.uri),
      (problems) => {
        assert.ok(
          problems.some(({ severity }) => severity === vscode.DiagnosticSeverity.Error),
          JSON.stringify(problems),
        );
      },
    );
    await waitForText('.pane-body .message', /suppressions\.json.*JSON/);
    await until(diagnosed, (seen) => assert.deepEqual(seen, expected(), 'nothing is hidden by it'));
    await shot('suppressions-unparsable');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    rmSync(suppressions);
    await until(diagnosed, (seen) => assert.deepEqual(seen, expected()));
  });
});

describe('a fix', function () {
  this.timeout(300_000);
  const path = 'src/controllers/search.ts';
  const generated = join(root, 'tests/search-catalog.test.ts');
  const ledger = (): string => readFileSync(join(root, '.suture/ledger.jsonl'), 'utf8');
  let end: Promise<unknown>;
  const start = async (): Promise<void> => {
    await until(diagnosed, (seen) => assert.deepEqual(seen, expected()), 60_000);
    await openSource(path);
    const argument = { root, fingerprint: await fingerprint('untested-handler') };
    end = Promise.resolve(vscode.commands.executeCommand('suture.fixAnomaly', argument));
  };
  const clear = () => vscode.commands.executeCommand('notifications.clearAll');

  it('is shown as a diff with its evidence beside it, once it was proven', async () => {
    const began = Date.now();
    await start();
    await offered();
    note(`fix made and proven in ${String(Math.round((Date.now() - began) / 1000))} s`);
    const labels = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
    assert.ok(
      labels.some((label) => label.startsWith('Test GET /api/catalog/search')),
      JSON.stringify(labels),
    );
    assert.ok(
      labels.some((label) => label.includes('Evidence')),
      JSON.stringify(labels),
    );
    assert.equal(existsSync(generated), false, 'nothing is written before it was seen');
    const evidence = vscode.workspace.textDocuments.find(({ uri }) => uri.path.includes('Evidence.'));
    const isDesktop = vscode.env.uiKind === vscode.UIKind.Desktop;
    assert.equal(evidence?.languageId, isDesktop ? 'markdown' : 'suture-report');
    assert.match(evidence.getText(), /gates passed in[\s\S]*Isolation[\s\S]*What changes[\s\S]*Why/);
    await vscode.commands.executeCommand('notifications.hideList');
    await shot('fix-preview');
  });

  it('is refused when a file changed since, and offered on', async () => {
    writeFileSync(generated, 'export {};\n');
    await waitForNotification(/gates passed in/);
    await pressInNotification('Apply');
    await waitForNotification(/search-catalog\.test\.ts changed since the fix was made/);
    assert.equal(readFileSync(generated, 'utf8'), 'export {};\n');
    rmSync(generated);
  });

  it('becomes a branch of one commit that leaves the files as they are', async () => {
    const git = (...args: string[]) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim();
    const head = git('rev-parse', 'HEAD');
    git('config', 'user.name', 'Ines Duarte');
    git('config', 'user.email', 'ines@example.com');
    await waitForNotification(/gates passed in/);
    await pressInNotification('Create branch');
    const answer = (await end) as { readonly k: string; readonly branch: string };
    assert.equal(answer.k, 'branched');
    await waitForNotification(/Nothing was merged or pushed/);
    assert.equal(git('rev-parse', 'HEAD'), head);
    assert.equal(git('rev-parse', `${answer.branch}^`), head);
    assert.match(git('show', '--stat', answer.branch), /tests\/search-catalog\.test\.ts/);
    assert.equal(existsSync(generated), false);
    await pressInNotification('Open pull-request text');
    await until(
      () => vscode.window.activeTextEditor?.document.getText() ?? '',
      (text) => assert.match(text, /^# [\s\S]*catalog/),
    );
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await clear();
  });

  it('is applied as one step that one undo takes back', async () => {
    await start();
    await offered();
    await pressInNotification('Apply');
    const answer = (await end) as { readonly k: string; readonly files: readonly string[] };
    assert.equal(answer.k, 'applied');
    assert.ok(answer.files.includes('tests/search-catalog.test.ts'));
    const before = answer.files.map((file) => readFileSync(join(root, file), 'utf8'));
    assert.match(before.join(''), /GET \/api\/catalog\/search/);
    assert.match(ledger(), /"decision":"applied"/);
    await clear();
    const docs = answer.files.find((file) => file.endsWith('HANDLER_SPECS.md'));
    assert.ok(docs);
    const committed = spawnSync('git', ['show', `HEAD:${docs}`], { cwd: root, encoding: 'utf8' }).stdout;
    assert.notEqual(readFileSync(join(root, docs), 'utf8'), committed);
    await openSource(docs);
    await vscode.commands.executeCommand('undo');
    await until(
      () => vscode.workspace.openTextDocument(sourceUri(docs)),
      (document) => {
        assert.equal(document.getText(), committed);
      },
    );
    await until(
      () => existsSync(generated),
      (there) => {
        assert.equal(there, false, 'the new test is taken back by the same undo');
      },
    );
    await vscode.commands.executeCommand('workbench.action.files.saveAll');
  });
});
