import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { outDir, root } from '../../scripts/layout.ts';
import { type SuiteName, suiteNames } from './protocol.ts';

export interface BundledSuite {
  /** The module whose `run()` the extension host calls. */
  readonly entry: string;
  readonly files: Readonly<Record<SuiteName, readonly string[]>>;
}

/** Bundles the suite to CommonJS, in which every supported host finds the module `vscode`. */
export async function bundleSuite(): Promise<BundledSuite> {
  const suite = join(root, 'test', 'e2e', 'suite');
  const found = await Promise.all(
    suiteNames.map(async (folder) => [folder, await testFiles(join(suite, folder))] as const),
  );
  const modules = found.flatMap(([folder, names]) => names.map((name) => `${folder}/${name}`));
  const outdir = join(outDir, 'e2e');
  await build({
    absWorkingDir: root,
    entryPoints: {
      tests: join(suite, 'index.ts'),
      ...Object.fromEntries(modules.map((module) => [module, join(suite, `${module}.ts`)])),
    },
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return {
    entry: join(outdir, 'tests.cjs'),
    files: Object.fromEntries(
      found.map(([folder, names]) => [folder, names.map((name) => join(outdir, folder, `${name}.cjs`))]),
    ) as Record<SuiteName, string[]>,
  };
}

/** Names of the test files without `.ts`. */
async function testFiles(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();
}
