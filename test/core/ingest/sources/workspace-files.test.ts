import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listSourceFiles, readSource } from '../../../../src/core/ingest/sources/workspace-files.ts';

describe('workspace files', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'suture-files-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const write = async (path: string, text = ''): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };

  it('lists sources and configuration apart, and skips what nobody wrote', async () => {
    for (const path of [
      'b.ts', 'a.tsx', 'c.mts', 'd.cts', 'e.js', 'f.jsx', 'g.mjs', 'h.cjs', 'types.d.ts', 'types.d.mts', 'x.min.js', 'readme.md',
      'package.json', 'tsconfig.json', 'tsconfig.build.json', 'apps/api/package.json', 'other.json',
      'node_modules/m/index.js', 'apps/api/node_modules/m/index.js', 'dist/b.js', 'build/b.js', 'out/b.js', 'coverage/b.js', 'vendor/b.js',
      '.git/hook.js', '.cache/x.ts', 'src/build/plan.ts', 'src/ünï/ç.ts',
    ]) await write(path); // prettier-ignore
    assert.deepEqual(await listSourceFiles(root), {
      files: [
        'a.tsx',
        'b.ts',
        'c.mts',
        'd.cts',
        'e.js',
        'f.jsx',
        'g.mjs',
        'h.cjs',
        'src/build/plan.ts',
        'src/ünï/ç.ts',
      ],
      configs: ['apps/api/package.json', 'package.json', 'tsconfig.build.json', 'tsconfig.json'],
      json: ['other.json'],
      problems: [],
    });
  });

  it('honours ignore files, the nearest first', async () => {
    await write('.gitignore', '# generated\r\n/gen\n*.gen.ts\n!keep.gen.ts\nsecret/\n');
    await write('pkg/.gitignore', '!also.gen.ts\nlocal.ts\n');
    for (const path of [
      'gen/a.ts',
      'src/gen/b.ts',
      'x.gen.ts',
      'keep.gen.ts',
      'deep/secret/s.ts',
      'pkg/also.gen.ts',
      'pkg/local.ts',
      'local.ts',
    ]) {
      await write(path);
    }
    assert.deepEqual((await listSourceFiles(root)).files, [
      'keep.gen.ts',
      'local.ts',
      'pkg/also.gen.ts',
      'src/gen/b.ts',
    ]);
  });

  it('ends in a circle of links and lists no file twice', async () => {
    await write('src/a.ts');
    await symlink(root, join(root, 'src', 'again'));
    await symlink(join(root, 'src', 'a.ts'), join(root, 'b.ts'));
    assert.deepEqual((await listSourceFiles(root)).files, ['src/a.ts']);
  });

  it('stops at its limit with a problem, and reports a root that is not there', async () => {
    for (const name of ['c', 'a', 'b']) await write(`${name}.ts`);
    const cut = await listSourceFiles(root, { maxFiles: 2 });
    assert.deepEqual([cut.files, cut.problems.map((p) => p.code)], [['a.ts', 'b.ts'], ['too-many-files']]);
    const gone = await listSourceFiles(join(root, 'gone'));
    assert.deepEqual([gone.files, gone.problems.map((p) => p.code)], [[], ['unreadable-folder']]);
  });

  it('reads only what is inside the root and of a human size', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'suture-outside-'));
    try {
      await write('src/a.ts', 'const a = 1;');
      await writeFile(join(outside, 'secret.ts'), 'secret');
      await symlink(join(outside, 'secret.ts'), join(root, 'leak.ts'));
      await symlink(outside, join(root, 'leaks'));
      await symlink('loop.ts', join(root, 'loop.ts'));
      await write('big.ts', 'x'.repeat(2 * 1024 * 1024 + 1));
      assert.equal(await readSource(root, 'src/a.ts'), 'const a = 1;');
      for (const path of [
        'leak.ts',
        'leaks/secret.ts',
        'loop.ts',
        'big.ts',
        'src',
        '',
        '..',
        '../x.ts',
        'gone.ts',
        'a\0b.ts',
        join('..', outside.split('/').at(-1) ?? '', 'secret.ts'),
      ]) {
        assert.equal(await readSource(root, path), null, path);
      }
    } finally {
      await rm(outside, { recursive: true, force: true });
    }
  });
});
