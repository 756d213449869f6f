import { lstat, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Start of the name of every folder of a copy. */
export const scratchPrefix = 'suture-scratch-';
const ownerFile = 'owner';
const hourMs = 3_600_000;

/** Says in the folder of a copy which process it belongs to. */
export async function markOwner(folder: string): Promise<void> {
  await writeFile(path.join(folder, ownerFile), String(process.pid));
}

/** Removes copies that killed processes left behind: over an hour older than `fresh`, their process gone. */
export async function sweepLeftovers(fresh: string): Promise<void> {
  const parent = path.dirname(fresh);
  // The age is counted against a folder made just now: no wall clock, and the same one on network file systems.
  const { mtimeMs: nowMs } = await lstat(fresh);
  for (const name of await readdir(parent).catch(() => [])) {
    if (!name.startsWith(scratchPrefix)) continue;
    const folder = path.join(parent, name);
    const stats = await lstat(folder).catch(() => null);
    if (stats === null || !stats.isDirectory() || nowMs - stats.mtimeMs < hourMs) continue;
    if (process.getuid !== undefined && stats.uid !== process.getuid()) continue;
    const owner = await readFile(path.join(folder, ownerFile), 'utf8').catch(() => '');
    if (!alive(Number(owner))) await removeFolder(folder).catch(() => undefined);
  }
}

/** Removes a folder, also while a process that is about to end still writes to it; links are not followed. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function alive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
