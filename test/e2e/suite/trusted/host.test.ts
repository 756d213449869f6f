import assert from 'node:assert/strict';
import { extensions, version, workspace } from 'vscode';
import manifest from '../../../../package.json' with { type: 'json' };

describe('the host of the trusted suite', () => {
  it('is a supported VS Code with the packaged extension active', async () => {
    const extension = extensions.getExtension('suture.suture');
    assert.ok(extension, 'suture.suture is not installed');
    await extension.activate();
    assert.equal(extension.isActive, true);
    assert.equal((extension.packageJSON as { version: string }).version, manifest.version);
    const oldest = manifest.engines.vscode.replace('^', '');
    assert.ok(
      version.localeCompare(oldest, 'en', { numeric: true }) >= 0,
      `${version} is older than ${oldest}`,
    );
  });

  it('opened the workspace with trust', () => {
    assert.equal(workspace.workspaceFolders?.length, 1);
    assert.equal(workspace.isTrusted, true);
  });
});
