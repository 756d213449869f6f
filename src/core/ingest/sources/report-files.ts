import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from './workspace-files.ts';

/** A report of a test runner as it stands on disk. */
export interface ReportFile {
  /** Posix, relative to the workspace. */
  readonly path: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** Reports above this are not read. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Time of the last change of a file in milliseconds since the epoch; null where there is no file. */
export async function modifiedMs(root: string, path: string): Promise<number | null> {
  const info = await stat(join(root, path)).catch(() => null);
  return info?.isFile() === true ? info.mtimeMs : null;
}

/** The report that stands at a place; null where there is none. */
export async function readReport(root: string, path: string): Promise<ReportFile | null> {
  const changed = await modifiedMs(root, path);
  const text = changed === null ? null : await readText(root, path, MAX_BYTES);
  return text === null || changed === null ? null : { path, text, modifiedMs: changed };
}
