import { modifiedMs } from '../ingest/sources/report-files.ts';

/** Tells at each call whether one of a few files (posix, relative to the root) was written since the call before. */
export function watchTimes(root: string, files: readonly string[]): () => Promise<boolean> {
  let last: string | undefined;
  return async () => {
    const before = last;
    last = (await Promise.all(files.map((file) => modifiedMs(root, file)))).join();
    return before !== undefined && before !== last;
  };
}
