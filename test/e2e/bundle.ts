import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { outDir, root } from '../../scripts/layout.ts';
import type { SuiteName } from './protocol.ts';

export interface BundledSuite {
  /** The module whose `run()` the extension host calls. */
  readonly entry: string;
  readonly files: Readonly<Record<SuiteName, readonly string[]>>;
}

/** Bundles the suite to CommonJS, in which every supported host finds the module `vscode`. */
export async function bundleSuite(): Promise<BundledSuite> {
  const suite = join(root, 'test', 'e2e', 'suite');
  const trusted = await testFiles(join(suite, 'trusted'));
  const untrusted = await testFiles(join(suite, 'untrusted'));
  const outdir = join(outDir, 'e2e');
  await build({
    absWorkingDir: root,
    entryPoints: {
      tests: join(suite, 'index.ts'),
      ...Object.fromEntries(trusted.map((name) => [`trusted/${name}`, join(suite, 'trusted', `${name}.ts`)])),
      ...Object.fromEntries(
        untrusted.map((name) => [`untrusted/${name}`, join(suite, 'untrusted', `${name}.ts`)]),
      ),
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
    files: {
      trusted: trusted.map((name) => join(outdir, 'trusted', `${name}.cjs`)),
      untrusted: untrusted.map((name) => join(outdir, 'untrusted', `${name}.cjs`)),
    },
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
