import { basename } from 'node:path';
import { isSkippedFolder, isTelemetryName } from './walk.ts';

/** Hints that something changed; never a promise that everything is told. */
export interface Watcher {
  close(): Promise<void>;
}

export interface WatchHints {
  /** A file's content changed; absolute path. */
  onChange(path: string): void;
  /** Something came, went or was renamed, or the watcher is not sure. */
  onRestructure(): void;
}

/** Watches folders and files that may not exist yet; the watching library is only loaded here. */
export async function watchPaths(paths: readonly string[], hints: WatchHints): Promise<Watcher> {
  const { watch } = await import('chokidar');
  const roots: ReadonlySet<string> = new Set(paths);
  const watcher = watch([...paths], {
    ignoreInitial: true,
    // Links are resolved by our own walk, which cannot run in circles.
    followSymlinks: false,
    ignored: (path, stats) =>
      !roots.has(path) &&
      (isSkippedFolder(basename(path)) || (stats?.isFile() === true && !isTelemetryName(path))),
  });
  watcher.on('change', (path) => hints.onChange(path));
  for (const event of ['add', 'unlink', 'addDir', 'unlinkDir', 'ready', 'error'] as const) {
    watcher.on(event, () => hints.onRestructure());
  }
  return { close: () => watcher.close() };
}
