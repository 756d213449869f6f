import { createVSIX } from '@vscode/vsce';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { outDir, root } from './layout.ts';
import { run, say } from './processes.ts';

/** Builds dist/ for release; throws with esbuild's messages. */
export async function build(): Promise<string> {
  const done = await run(process.execPath, ['esbuild.mjs', '--production'], { cwd: root });
  if (done.code !== 0) throw new Error(`The build failed:\n${done.output}`);
  return done.output;
}

/** Packs dist/ and what .vscodeignore allows into out/suture-<version>.vsix and returns its path. */
export async function packageVsix(): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const packagePath = join(outDir, `suture-${manifest.version}.vsix`);
  await mkdir(outDir, { recursive: true });
  await createVSIX({
    cwd: root,
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    // Relative links in the README stay as they are: the project has no public address to expand them to.
    rewriteRelativeLinks: false,
  });
  return packagePath;
}

if (import.meta.main) {
  console.log((await build()).trim());
  const file = await packageVsix();
  say(`Packaged ${file} (${((await stat(file)).size / 1024 / 1024).toFixed(2)} MB)`);
}
