import { copyFile, mkdir, readdir, realpath, symlink } from 'node:fs/promises';
import path from 'node:path';
import { inParallel } from './copy-list.ts';

/** Where the workspace is and where its copy is; both absolute and real. */
export interface CopyPlace {
  readonly root: string;
  readonly tree: string;
}

/**
 * Gives the copy the `node_modules` of its packages: every external package is a link to the installed one, every
 * workspace package a link to its copy. The folders themselves are new, so caches in them stay in the copy. A link for
 * all of `node_modules` would make a monorepo test the user's own files.
 */
export async function linkDependencies(place: CopyPlace, packageFolders: readonly string[]): Promise<void> {
  await inParallel(new Set(['.', ...packageFolders]), async (folder) => {
    const from = await realpath(path.join(place.root, folder, 'node_modules')).catch(() => null);
    if (from !== null) await linkEntries(place, from, path.join(place.tree, folder, 'node_modules'));
  });
}

async function linkEntries(place: CopyPlace, from: string, to: string): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true }).catch(() => []);
  if (entries.length === 0) return;
  await mkdir(to, { recursive: true });
  await inParallel(entries, async (entry) => {
    const { name } = entry;
    const source = path.join(from, name);
    const target = path.join(to, name);
    if (entry.isFile()) await copyFile(source, target);
    else if (entry.isSymbolicLink()) await linkReal(place, source, target);
    else if (name === '.bin' || name.startsWith('@')) await linkEntries(place, source, target);
    // Other hidden folders are caches. Scripts in `.bin` that pnpm wrote name its store by a path beside them.
    else if (!name.startsWith('.') || name === '.prisma' || name === '.pnpm') await link(source, target);
  });
}

async function linkReal(place: CopyPlace, source: string, target: string): Promise<void> {
  const real = await realpath(source).catch(() => null);
  if (real !== null) await link(inCopy(place, real) ?? real, target);
}

/** The place in the copy of something of the workspace's own; undefined for what is installed or elsewhere. */
export function inCopy({ root, tree }: CopyPlace, real: string): string | undefined {
  const relative = path.relative(root, real);
  const parts = relative.split(path.sep);
  if (parts[0] === '..' || path.isAbsolute(relative) || parts.includes('node_modules')) return undefined;
  return path.join(tree, relative);
}

/** Makes a link; on Windows a junction, which needs no rights. */
export async function link(source: string, target: string): Promise<void> {
  await symlink(source, target, process.platform === 'win32' ? 'junction' : null);
}
