import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from './layout.ts';
import { npm, say } from './processes.ts';

export interface CachedInstall {
  /** Folder name inside the cache; carries the version, so that a new pin is a new folder. */
  readonly folder: string;
  /** Exact packages, `name@version`. */
  readonly packages: readonly string[];
  /** Packages whose install scripts may run; all others are ignored. */
  readonly allowScripts?: readonly string[];
  /** Work to do in the fresh folder before it counts as installed. */
  readonly finish?: (folder: string) => Promise<void>;
}

/** Installs once into the cache and returns the folder; a run that was cut short leaves nothing that looks complete. */
export async function cached(wanted: CachedInstall): Promise<string> {
  const folder = join(cacheDir, wanted.folder);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}.partial`;
  const started = Date.now();
  say(`Installing ${wanted.packages.join(', ')} into .vscode-test/${wanted.folder} (once)`);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const allowed = Object.fromEntries((wanted.allowScripts ?? []).map((name) => [name, true]));
  await writeFile(join(partial, 'package.json'), JSON.stringify({ private: true, allowScripts: allowed }));
  const scripts = wanted.allowScripts === undefined ? 'true' : 'false';
  await npm(['install', '--omit=dev', `--ignore-scripts=${scripts}`, ...wanted.packages], partial);
  await wanted.finish?.(partial);
  try {
    await rename(partial, folder);
  } catch (error) {
    // Another run finished the same folder first: its result is as good.
    if (!existsSync(folder)) throw error;
    await rm(partial, { recursive: true, force: true });
  }
  say(`Installed .vscode-test/${wanted.folder} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return folder;
}
