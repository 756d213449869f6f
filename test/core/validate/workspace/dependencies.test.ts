import assert from 'node:assert/strict';
import { cp, lstat, mkdir, readdir, readlink, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createScratch } from '../../../../src/core/validate/workspace/scratch.ts';
import { needs } from '../../../needs.ts';
import {
  copySample,
  linkInstalled,
  shopIsInstalled,
  shopNeeds,
  vitestRuns,
  type Copy,
} from '../shop-copy.ts';

/** As npm and yarn lay it out: everything at the root, workspace packages as links. */
async function asNpm({ root }: Copy): Promise<void> {
  const modules = path.join(root, 'node_modules');
  await linkInstalled(modules);
  for (const name of ['a', 'b']) await symlink(`../packages/${name}`, path.join(modules, name));
  await mkdir(path.join(modules, '.vite'));
  await writeFile(path.join(modules, '.vite/cache'), '');
}

/** As pnpm does: a store, links into it, and each package's own `node_modules`. */
async function asPnpm({ root }: Copy): Promise<void> {
  const store = path.join(root, 'node_modules/.pnpm');
  await linkInstalled(path.join(store, 'node_modules'));
  const dep = path.join(store, 'dep@1.0.0/node_modules/dep');
  await mkdir(dep, { recursive: true });
  await writeFile(path.join(dep, 'index.js'), 'export default 1;');
  const modules = path.join(root, 'node_modules');
  for (const name of ['vitest', 'vite'])
    await symlink(`.pnpm/node_modules/${name}`, path.join(modules, name));
  await cp(path.join(store, 'node_modules/.bin'), path.join(modules, '.bin'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  const own = path.join(root, 'packages/b/node_modules');
  await mkdir(path.join(own, '@scope'), { recursive: true });
  await symlink('../../a', path.join(own, 'a'));
  await symlink('../../../../node_modules/.pnpm/dep@1.0.0/node_modules/dep', path.join(own, '@scope/dep'));
}

for (const [layout, materialise] of [
  ['npm', asNpm],
  ['pnpm', asPnpm],
] as const) {
  describe(`a copy of a monorepo of ${layout}`, function () {
    this.timeout(60_000);
    let copy: Copy;
    before(async function () {
      needs(this, shopIsInstalled, shopNeeds);
      copy = await copySample('monorepo');
      await materialise(copy);
    });
    after(() => copy?.remove());

    it('shows the tests of b a fix of a, and leaves the package of the person alone', async () => {
      const file = 'packages/a/src/price.ts';
      const test = {
        file: 'packages/b/tests/cents.test.ts',
        newText: `import { expect, it } from 'vitest';\nimport { label } from '../src/label.ts';\nit('keeps the zero', () => expect(label('Gum', 5)).toBe('Gum: 0.05'));\n`,
      };
      const before = await copy.snapshot();
      const scratch = await createScratch({ root: copy.root, unsaved: new Map() });
      const run = async (): Promise<readonly string[]> => {
        const ran = await vitestRuns(scratch)(
          scratch.root,
          [test.file, 'packages/b/tests/label.test.ts'],
          {},
        );
        assert.equal(ran.k, 'ran', JSON.stringify(ran));
        assert.ok(ran.k === 'ran' && ran.brokenFiles.length === 0, JSON.stringify(ran));
        return ran.tests.map(({ title, state }) => `${title}: ${state}`).sort();
      };
      try {
        await scratch.put([test]);
        assert.deepEqual(await run(), ['keeps the zero: failed', 'names the thing and its price: passed']);
        const fixed = (await copy.read(file)).replace('${cents % 100}', "${String(cents % 100).padStart(2, '0')}"); // prettier-ignore
        await scratch.put([{ file, newText: fixed }]);
        assert.deepEqual(await run(), ['keeps the zero: passed', 'names the thing and its price: passed']);
      } finally {
        await scratch.close();
      }
      assert.deepEqual(await copy.snapshot(), before);
    });

    it('links packages one by one and holds no caches', async () => {
      const scratch = await createScratch({ root: copy.root, unsaved: new Map() });
      try {
        const modules = path.join(scratch.root, 'node_modules');
        assert.equal((await lstat(modules)).isDirectory(), true);
        const hidden = (await readdir(modules)).filter((name) => name.startsWith('.'));
        // Scripts that pnpm writes into `.bin` reach its store by a path beside them.
        assert.deepEqual(hidden.sort(), layout === 'npm' ? ['.bin'] : ['.bin', '.pnpm']);
        const from = layout === 'npm' ? modules : path.join(scratch.root, 'packages/b/node_modules');
        assert.equal(await readlink(path.join(from, 'a')), path.join(scratch.root, 'packages/a'));
        const root = await realpath(copy.root);
        if (layout === 'pnpm')
          assert.equal(
            await readlink(path.join(from, '@scope/dep')),
            path.join(root, 'node_modules/.pnpm/dep@1.0.0/node_modules/dep'),
          );
      } finally {
        await scratch.close();
      }
    });
  });
}
