import type { CodeAnalysis, SourceHost } from '../../../src/core/code/analysis.ts';
import { createCodeAnalysis } from '../../../src/core/code/program.ts';

/** A close look at a workspace that is there in memory alone. */
export function analysisOf(files: Readonly<Record<string, string>>): CodeAnalysis {
  const root = '/workspace';
  const host: SourceHost = {
    root,
    readFile: (path) => files[path.slice(root.length + 1)],
    fileExists: (path) => path.slice(root.length + 1) in files,
    directoryExists: (path) =>
      path === root || Object.keys(files).some((file) => `${root}/${file}`.startsWith(`${path}/`)),
    directories: () => [],
    realpath: (path) => path,
  };
  return createCodeAnalysis(host);
}
