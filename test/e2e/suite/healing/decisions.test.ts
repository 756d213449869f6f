import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { openSource, replaceIn, until, workspaceRoot } from '../editor.ts';
import { anomalyRows, diagnosed, expected, fingerprint, offered, patiently } from '../faults.ts';
import { press, pressInNotification, shot, type, waitForNotification, waitForText } from '../page.ts';

const root = workspaceRoot();
const products = 'src/controllers/products.ts';
const onDisk = (path: string): string => readFileSync(join(root, path), 'utf8');
const clear = () => vscode.commands.executeCommand('notifications.clearAll');
const ledger = (): string => onDisk('.suture/ledger.jsonl');
/** Content of every file that git knows or would add, but the ledger, which keeps offers. */
const tree = (): string =>
  spawnSync(
    'sh',
    ['-c', 'git ls-files -co --exclude-standard | grep -v ledger.jsonl | sort | xargs -d "\\n" sha256sum'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  ).stdout;
/** Scratch copies of this run: those of other processes are not ours to count. */
const scratches = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('suture-scratch-'));

/** In an object, as the caller awaits the end later. */
const start = async (detector: string): Promise<{ readonly end: Promise<unknown> }> => {
  const argument = { root, fingerprint: await fingerprint(detector) };
  return { end: Promise.resolve(vscode.commands.executeCommand('suture.fixAnomaly', argument)) };
};
/** Drops what was not saved in a file. */
const revert = async (path: string): Promise<void> => {
  await openSource(path);
  await vscode.commands.executeCommand('workbench.action.files.revert');
};
/** Text of the document that stands in an editor under this name. */
const report = (name: string): string =>
  vscode.workspace.textDocuments
    .find(({ uri }) => uri.scheme === 'suture-fix' && uri.path.includes(name))
    ?.getText() ?? '';

describe('what a person decides of a fix', function () {
  this.timeout(300_000);
  const saving = (mode: 'off' | undefined) =>
    vscode.workspace.getConfiguration('files').update('autoSave', mode, vscode.ConfigurationTarget.Global);

  // The editor in a browser saves by itself after a second.
  before(() => saving('off'));
  after(() => saving(undefined));

  beforeEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await openSource(products);
    await until(diagnosed, (seen) => assert.deepEqual(seen, expected()), 60_000);
  });

  it('cancelling its proof leaves nothing behind', async () => {
    const before = [tree(), scratches()];
    const { end } = await start('n-plus-one-call');
    await waitForNotification(/proving it in a copy/, 60_000);
    await until(scratches, (now) => assert.notDeepEqual(now, before[1]), 60_000);
    await pressInNotification('Cancel');
    assert.deepEqual(await end, { k: 'cancelled' });
    await until(scratches, (now) => assert.deepEqual(now, before[1]), 60_000);
    assert.equal(tree(), before[0]);
    await clear();
  });

  it('rejecting it is kept with the reason, and nothing is written', async () => {
    const before = tree();
    const { end } = await start('n-plus-one-call');
    await offered();
    await vscode.commands.executeCommand('notifications.hideList');
    await shot('fix-preview-loop');
    await waitForNotification(/gates passed in/);
    await pressInNotification('Reject…');
    await waitForText('.quick-input-widget', /What is wrong with it/);
    await type('the warehouse allows no calls at once');
    await press('Enter');
    assert.deepEqual(await end, { k: 'rejected' });
    assert.match(
      ledger(),
      /"decision":"rejected"[^\n]*the warehouse allows no calls at once|the warehouse allows no calls at once[^\n]*"decision":"rejected"/,
    );
    assert.equal(tree(), before);
    const labels = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
    assert.deepEqual(
      labels.filter((label) => /Evidence|calls at once/.test(label)),
      [],
      'its preview is closed',
    );
    await clear();
  });

  it('it is made from what is in the editor, refuses later changes, and leaves saving to the person', async () => {
    const saved = onDisk(products);
    const { document: edited } = await openSource(products);
    const edit = async (find: string, by: string) => {
      await replaceIn(await openSource(products), find, by);
    };
    await edit('/** One page of the catalogue', '/** Not saved yet.\n * One page of the catalogue');
    await pauseForEngine();
    const { end } = await start('n-plus-one-call');
    await offered();
    await edit('Not saved yet.', 'Not saved yet, and changed.');
    await waitForNotification(/gates passed in/);
    await pressInNotification('Apply');
    await waitForNotification(/products\.ts changed since the fix was made; nothing was written/);
    assert.match(edited.getText(), /for \(const product of shown\)/);
    await openSource(products);
    await vscode.commands.executeCommand('undo');
    assert.match(edited.getText(), /Not saved yet\./);
    await waitForNotification(/gates passed in/);
    await pressInNotification('Apply');
    const answer = (await end) as { readonly k: string; readonly files: readonly string[] };
    assert.equal(answer.k, 'applied');
    const fixed = edited.getText();
    assert.match(fixed, /Not saved yet\./);
    assert.doesNotMatch(fixed, /for \(const product of shown\)/);
    assert.equal(edited.isDirty, true);
    assert.equal(onDisk(products), saved, 'what was not saved is not saved by the fix');
    for (const file of answer.files.filter((one) => one !== products)) {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(join(root, file)));
      assert.equal(document.isDirty, false, file);
    }
    await openSource(products);
    await vscode.commands.executeCommand('undo');
    await until(
      () => edited.getText(),
      (text) => {
        assert.match(text, /for \(const product of shown\)/);
      },
    );
    await revert(products);
    await vscode.commands.executeCommand('workbench.action.files.saveAll');
    await clear();
  });

  it('none where no recipe mends the code as it is in the editor, with the reason', async () => {
    const editor = await openSource(products);
    await replaceIn(
      editor,
      '    stocked.push({ ...product, available });',
      '    stocked.push({ ...product, available });\n    if (stocked.length > 40) break;',
    );
    await pauseForEngine();
    const { end: looking } = await start('n-plus-one-call');
    const end = await patiently('a fix is looked for', looking);
    const { k, reasons } = end as { readonly k: string; readonly reasons: readonly string[] };
    assert.equal(k, 'no-fix');
    assert.match(reasons.join('\n'), /break|leaves|ends/i);
    await until(
      () => report('No fix'),
      (text) => {
        assert.match(text, /12 times in a row/);
        assert.ok(text.includes(reasons[0]?.slice(0, 40) ?? '-'), text);
      },
    );
    await shot('no-fix');
    await revert(products);
    await clear();
  });

  it('none is offered that fails a gate, and the document says which', async () => {
    // A test of the project that the fix breaks.
    const strict = join(root, 'tests/one-at-a-time.test.ts');
    writeFileSync(
      strict,
      [
        "import { readFileSync } from 'node:fs';",
        "import { expect, it } from 'vitest';",
        "import { listProducts } from '../src/controllers/products.ts';",
        "it('asks for one level after the other', () => {",
        '  expect(listProducts).toBeTypeOf("function");',
        "  expect(readFileSync('src/controllers/products.ts', 'utf8')).toContain('for (const product of shown)');",
        '});',
        '',
      ].join('\n'),
    );
    const { end: proving } = await start('n-plus-one-call');
    const end = await patiently('a fix is being proven', proving);
    assert.deepEqual(end, { k: 'not-offered', status: 'failed' });
    await until(
      () => report('Not offered'),
      (text) => {
        assert.match(text, /failed[^\n]*\n?[\s\S]*one-at-a-time/);
      },
    );
    await waitForNotification(/is not offered: it failed a gate/);
    await vscode.commands.executeCommand('notifications.hideList');
    await shot('fix-not-offered');
    rmSync(strict);
    await clear();
  });

  it('all of it can be read where it is learned from', async () => {
    await vscode.commands.executeCommand('suture.showLearned', { root });
    const text = await until(
      () => vscode.window.activeTextEditor?.document.getText() ?? '',
      (seen) => {
        assert.match(seen, /# What became of fixes/);
      },
    );
    assert.match(text, /\| bound\\-concurrency[\s\S]*## Trust[\s\S]*recipe bound\\-concurrency/);
    await shot('learned');
  });

  it('and an engine that starts again finds the same, once each', async () => {
    await vscode.commands.executeCommand('suture.anomalies.focus');
    const before = await until(anomalyRows, (all) => assert.ok(all.length > 3, JSON.stringify(all)));
    await vscode.commands.executeCommand('suture.test.endEngineThread');
    await until(anomalyRows, (all) =>
      assert.ok(
        all.some((row) => /stale/.test(row)),
        JSON.stringify(all),
      ),
    );
    await until(anomalyRows, (all) => assert.deepEqual(all, before), 60_000);
    await until(diagnosed, (seen) => assert.deepEqual(seen, expected()), 60_000);
  });
});

/** What is typed reaches the engine a moment later. */
const pauseForEngine = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1500));
