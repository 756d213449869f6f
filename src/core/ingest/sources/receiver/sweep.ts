import { rm } from 'node:fs/promises';
import { endOfRequests, listSegments } from './segments.ts';

/**
 * Removes those files of a spool that nobody writes any more and that were read to their end; `readUpTo` gives the offset
 * up to which everything of a file (absolute path) is safe, undefined where some of it will be needed again.
 */
export async function sweepSpool(
  folder: string,
  readUpTo: (path: string) => number | undefined,
): Promise<void> {
  for (const segment of await listSegments(folder)) {
    const offset = readUpTo(segment.path);
    if (segment.open || offset === undefined) continue;
    try {
      if (offset >= (await endOfRequests(segment))) await rm(segment.path);
    } catch {
      // It went meanwhile, or is held open: another sweep follows.
    }
  }
}
