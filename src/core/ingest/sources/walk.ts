import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TelemetryPath } from '../../model/status.ts';

/** A regular file as it was when looked at. */
export interface Listed {
  /** Absolute. */
  readonly path: string;
  /** Device and inode. */
  readonly inode: string;
  readonly size: number;
  /** Changes whenever the file is written. */
  readonly stamp: string;
}

/** A path that cannot be read, with the system's error code. */
export interface Unreadable {
  readonly path: string;
  readonly code: string;
}

export interface Walk {
  /** Every file once, in the order of the roots, then of the names; a second name of the same file is left out. */
  readonly files: readonly Listed[];
  readonly roots: readonly TelemetryPath[];
  readonly unreadable: readonly Unreadable[];
}

/** A rotated file carries a number or a date behind its name; a compressed one the name of the compression. */
const telemetryName =
  /\.(?:json|jsonl|ndjson|log|txt|pb|binpb|bin|otlp)(?:[.-]\d[\d-]{0,18})?(?:\.(?:gz|zst|zstd))?$/i;
const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '.git']);
const maxDepth = 16;

/** True for the file names that are looked at inside a telemetry folder. */
export function isTelemetryName(name: string): boolean {
  return telemetryName.test(name);
}

export function isSkippedFolder(name: string): boolean {
  return skippedFolders.has(name);
}

/** Lists the telemetry files under the roots; a root that is itself a file counts whatever its name. */
export async function walk(roots: readonly string[]): Promise<Walk> {
  const found = new Map<string, Listed>();
  const folders = new Set<string>();
  const unreadable: Unreadable[] = [];
  const visit = async (path: string, depth: number): Promise<TelemetryPath['state']> => {
    try {
      const info = await stat(path, { bigint: true });
      const inode = `${info.dev}:${info.ino}`;
      if (info.isFile()) {
        if (depth > 0 && !isTelemetryName(path)) return 'file';
        const stamp = `${info.size}:${info.mtimeNs}:${info.ctimeNs}`;
        if (!found.has(inode)) found.set(inode, { path, inode, size: Number(info.size), stamp });
        return 'file';
      }
      // A pipe or a device: reading it might never end.
      if (!info.isDirectory() && depth === 0) {
        unreadable.push({ path, code: 'neither a file nor a folder' });
        return 'unreadable';
      }
      // Each folder once, by inode: links that lead back into it end here.
      if (!info.isDirectory() || folders.has(inode) || depth > maxDepth) return 'folder';
      folders.add(inode);
      for (const name of await namesIn(path)) await visit(join(path, name), depth + 1);
      return 'folder';
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENOENT') return 'absent';
      unreadable.push({ path, code });
      return 'unreadable';
    }
  };
  const states: TelemetryPath[] = [];
  for (const root of roots) states.push({ path: root, state: await visit(root, 0) });
  return { files: [...found.values()], roots: states, unreadable };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) =>
      entry.isDirectory()
        ? !isSkippedFolder(entry.name)
        : entry.isSymbolicLink() || isTelemetryName(entry.name),
    )
    .map((entry) => entry.name)
    .toSorted((a, b) => (a < b ? -1 : 1));
}

export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
