import { chmod, lstat, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OutsideScratch, type Scratch } from '../scratch.ts';

interface Before {
  readonly text: Buffer;
  readonly mode: number;
}

/** Texts put into a copy and taken back. Refuses every path that does not end up inside of it: links of `node_modules` lead to the user's own files. */
export function createTexts(tree: string): Pick<Scratch, 'put' | 'restore'> & {
  /** Makes the present state the one to restore. */ keep: () => void;
} {
  const before = new Map<string, Before | null>();

  const write = async (full: string, text: string | Buffer | null, mode?: number): Promise<void> => {
    // Removed first: writing in place would follow a link, and fails for a read-only file.
    await rm(full, { force: true });
    if (text === null) return;
    await mkdir(path.dirname(full), { recursive: true });
    await writeFile(full, text, { flag: 'wx' });
    if (mode !== undefined) await chmod(full, mode | 0o200);
  };

  return {
    async put(edits) {
      const places = await Promise.all(
        edits.map(async ({ file, newText }) => ({ full: await placeOf(tree, file), newText })),
      );
      for (const { full, newText } of places) {
        const old = await read(full);
        if (!before.has(full)) before.set(full, old);
        await write(full, newText, old?.mode);
      }
    },
    async restore() {
      for (const [full, old] of before) await write(full, old?.text ?? null, old?.mode);
      before.clear();
    },
    keep: () => before.clear(),
  };
}

async function read(full: string): Promise<Before | null> {
  const stats = await lstat(full).catch(() => null);
  if (stats === null || !stats.isFile()) return null;
  return { text: await readFile(full), mode: stats.mode & 0o777 };
}

async function placeOf(tree: string, file: string): Promise<string> {
  const refused = (): Error => new OutsideScratch(`${file} is not a file of the workspace.`);
  const parts = file.split(/[/\\]/);
  if (file.includes('\0') || path.isAbsolute(file) || path.win32.isAbsolute(file)) throw refused();
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part === 'node_modules'))
    throw refused();
  const full = path.join(tree, ...parts);
  let folder = path.dirname(full);
  for (;;) {
    const real = await realpath(folder).catch(() => null);
    if (real === null) folder = path.dirname(folder);
    else if (real === tree || real.startsWith(tree + path.sep)) return full;
    else throw refused();
  }
}
