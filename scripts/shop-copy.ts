import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { shopWorkspace } from './layout.ts';

/** What is installed, built or left by runs; everything else of the sample is copied. */
const left = /(^|[/\\])(node_modules|dist|coverage|\.git|\.suture)$|^docs$/;

/** Copies the sample shop, with links to what is installed in it. */
export async function copyShop(target: string): Promise<void> {
  if (!existsSync(shopWorkspace)) throw new Error(`${shopWorkspace} is missing.`);
  await cp(shopWorkspace, target, {
    recursive: true,
    filter: (path) => !left.test(relative(shopWorkspace, path)),
  });
  const installed = join(shopWorkspace, 'node_modules');
  if (existsSync(installed)) await linkPackages(installed, join(target, 'node_modules'));
}

/** Entry by entry: caches that test runners keep in `node_modules` stay in the copy, and the sample's own packages too. */
async function linkPackages(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const path = join(from, entry.name);
    if (entry.isSymbolicLink()) await symlink(await readlink(path), join(to, entry.name), 'junction');
    else if (!/^\.(?!bin$)/.test(entry.name)) await symlink(path, join(to, entry.name), 'junction');
  }
}
