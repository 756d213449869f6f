import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSourceHost } from '../../../../src/core/ingest/sources/source-host.ts';

describe('source host', () => {
  let folder: string;
  let root: string;
  const at = (...parts: readonly string[]): string => path.join(folder, ...parts);

  before(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), 'suture-host-')));
    root = at('work');
    await mkdir(at('work/src'), { recursive: true });
    await mkdir(at('store/node_modules/lib'), { recursive: true });
    await mkdir(at('work/node_modules'));
    await writeFile(at('work/src/a.ts'), '\uFEFFsaved');
    await writeFile(at('secret.ts'), 'secret');
    await writeFile(at('store/node_modules/lib/index.d.ts'), 'types');
    await symlink(at('secret.ts'), at('work/src/link.ts'));
    await symlink(folder, at('work/src/up'));
    await symlink(at('store/node_modules/lib'), at('work/node_modules/lib'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('reads the workspace, unsaved texts first', () => {
    const host = createSourceHost(root, (file) => (file === 'src/new.ts' ? 'unsaved' : undefined));
    assert.equal(host.readFile(at('work/src/a.ts')), 'saved');
    assert.equal(host.readFile(at('work/src/new.ts')), 'unsaved');
    assert.ok(host.fileExists(at('work/src/new.ts')));
    assert.ok(host.directoryExists(at('work/src')));
  });

  it('reads packages wherever they are linked from', () => {
    const host = createSourceHost(root, () => undefined);
    assert.equal(host.readFile(at('work/node_modules/lib/index.d.ts')), 'types');
  });

  it('knows nothing outside, neither by a path nor through a link', () => {
    const host = createSourceHost(root, () => undefined);
    for (const outside of ['secret.ts', 'work/../secret.ts', 'work/src/link.ts', 'work/src/up/secret.ts']) {
      const file = `${folder}/${outside}`;
      assert.deepEqual([host.readFile(file), host.fileExists(file)], [undefined, false], outside);
    }
    assert.equal(host.directoryExists(at('work/src/up')), false);
    assert.deepEqual(host.directories(folder), []);
  });
});
