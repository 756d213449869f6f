import type { PlannedFile } from '../../core/engine/documents.ts';
import { oneLine } from './escape.ts';

const refused: ReadonlySet<PlannedFile['state']> = new Set([
  'edited-inside',
  'conflict-markers',
  'broken-markers',
]);

/** True for a file that differs from what would be generated and is not written, because a person has a hand in it. */
export function isKept(file: PlannedFile): boolean {
  return !file.write && refused.has(file.state);
}

/** Each file that stays as it is with the reason, one sentence a file. */
export function keptLines(files: readonly PlannedFile[]): readonly string[] {
  return files.map(({ path, message }) => `${oneLine(path)} (${oneLine(message).replace(/\.$/, '')}).`);
}
