import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { SourceHost } from '../../code/analysis.ts';

/** Bytes above which a file is not read: types of large libraries stay below. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Files of the workspace at `root` (absolute) and of node_modules, wherever these are linked from; everything else does
 * not exist. `unsaved` gives the text of an open editor by path (posix, relative to the root).
 */
export function createSourceHost(root: string, unsaved: (path: string) => string | undefined): SourceHost {
  const base = resolve(root);
  const realBase = realpathOr(base) ?? base;

  const inside = (path: string): string | undefined => {
    const from = relative(base, path);
    return from === '..' || from.startsWith(`..${sep}`) || isAbsolute(from) ? undefined : from;
  };

  /** Absolute path of what may be looked at. */
  const allowed = (path: string): string | undefined => {
    const full = resolve(path);
    if (inside(full) === undefined && !inModules(full)) return undefined;
    const real = realpathOr(full);
    if (real === undefined) return undefined;
    const from = relative(realBase, real);
    const outside = from === '..' || from.startsWith(`..${sep}`) || isAbsolute(from);
    return outside && !inModules(real) ? undefined : real;
  };

  const unsavedText = (path: string): string | undefined => {
    const from = inside(resolve(path));
    return from === undefined ? undefined : unsaved(from.replaceAll(sep, '/'));
  };

  const kindOf = (path: string): 'file' | 'folder' | undefined => {
    const real = allowed(path);
    const stats = real === undefined ? undefined : statSync(real, { throwIfNoEntry: false });
    if (stats?.isFile() === true) return stats.size <= MAX_BYTES ? 'file' : undefined;
    return stats?.isDirectory() === true ? 'folder' : undefined;
  };

  return {
    root: base,
    readFile(path) {
      const text = unsavedText(path);
      if (text !== undefined) return text;
      return kindOf(path) === 'file' ? textOf(path) : undefined;
    },
    fileExists: (path) => unsavedText(path) !== undefined || kindOf(path) === 'file',
    directoryExists: (path) => kindOf(path) === 'folder',
    directories: (path) => (kindOf(path) === 'folder' ? foldersIn(path) : []),
    realpath(path) {
      const real = realpathOr(path) ?? path;
      // The workspace keeps the spelling under which it was opened, also where that leads through a link.
      const from = relative(realBase, real);
      const outside = from === '..' || from.startsWith(`..${sep}`) || isAbsolute(from);
      return outside ? real : resolve(base, from);
    },
  };
}

const inModules = (path: string): boolean => path.split(sep).includes('node_modules');

function realpathOr(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    // Not there, or a circle of links.
    return undefined;
  }
}

function textOf(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  } catch {
    // Deleted between the look and the reading.
    return undefined;
  }
}

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}
