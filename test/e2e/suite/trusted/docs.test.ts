import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { until, workspaceRoot } from '../editor.ts';
import { pressInNotification, shot, texts, waitForNotification, waitForText } from '../page.ts';

const root = workspaceRoot();
const specs = join(root, 'docs/suture/HANDLER_SPECS.md');

/** Exit code of `suture docs --check` of the packaged command line tool. */
function check(): { readonly code: number | null; readonly output: string } {
  const extension = vscode.extensions.getExtension('suture.suture');
  assert.ok(extension);
  const cli = join(extension.extensionPath, 'dist', 'suture.js');
  const done = spawnSync(process.execPath, [cli, 'docs', '--check', '--workspace', root], {
    encoding: 'utf8',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  return { code: done.status, output: `${done.stdout}${done.stderr}` };
}

const regenerate = (): Thenable<unknown> => vscode.commands.executeCommand('suture.regenerateDocs', { root });

describe('Regenerate Docs', () => {
  before(async () => {
    // The figures of the recording must be in, or the second run would find others.
    await until(
      () => vscode.commands.executeCommand('suture.doctor', { root }),
      () => {
        assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /telemetry path .*: folder/);
      },
    );
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  after(async () => {
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(join(root, 'docs'), { recursive: true, force: true });
    rmSync(join(root, '.suture'), { recursive: true, force: true });
  });

  it('shows what it would write, and writes nothing when that is declined', async () => {
    const done = regenerate();
    await waitForNotification(/Write \d files of documentation\?/);
    assert.match(vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '', /now and regenerated/);
    await shot('docs-diff');
    await pressInNotification('Cancel');
    await done;
    assert.equal(existsSync(specs), false);
    assert.doesNotMatch(vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '', /regenerated/);
  });

  it('creates the pages and the evidence, with which the command line agrees', async () => {
    assert.equal(check().code, 1, 'there is nothing to agree with yet');
    const done = regenerate();
    await waitForNotification(/Write \d files of documentation\?/);
    await pressInNotification('Apply');
    await done;
    assert.match(readFileSync(specs, 'utf8'), /suture:begin HANDLER_SPECS sha256=/);
    assert.ok(existsSync(join(root, '.suture/evidence.json')));
    const checked = check();
    assert.equal(checked.code, 0, checked.output);
  });

  it('has nothing to write the second time', async () => {
    await regenerate();
    await waitForText('.statusbar-item', /The documentation is up to date/);
  });

  it('keeps a page that was edited between its markers, until it is told to replace it', async () => {
    const generated = readFileSync(specs, 'utf8');
    const edited = generated.replace('GET /api/catalog/search', 'GET /api/catalog/elsewhere');
    assert.notEqual(edited, generated);
    writeFileSync(specs, edited);
    assert.equal(check().code, 1);

    let done = regenerate();
    await waitForNotification(/Left as they are: .*HANDLER_SPECS\.md/);
    // The list may be drawn anew while it is cleared; a second notification of the same words would take the click.
    await until(
      async () => {
        await vscode.commands.executeCommand('notifications.clearAll');
        await vscode.commands.executeCommand('notifications.showList');
        return texts('.notifications-center .notification-list-item');
      },
      (seen) => assert.ok(!seen.some((text) => text.includes('Left as they are'))),
    );
    await done;
    assert.equal(readFileSync(specs, 'utf8'), edited);

    done = regenerate();
    await waitForNotification(/Left as they are/);
    await pressInNotification('Replace edited pages…');
    await waitForNotification(/Replace what was edited by hand in .*HANDLER_SPECS\.md/);
    assert.equal(readFileSync(specs, 'utf8'), edited, 'nothing is replaced before the diff was seen');
    await pressInNotification('Replace');
    await done;
    assert.equal(readFileSync(specs, 'utf8'), generated);
    assert.equal(check().code, 0);
  });
});
