import type { CodeAnalysis, SourceHost } from '../../../src/core/code/analysis.ts';
import { createCodeAnalysis } from '../../../src/core/code/program.ts';

/** A workspace in memory at `/w`, without node_modules. */
export function memoryHost(files: Readonly<Record<string, string>>): SourceHost {
  const texts = new Map(Object.entries(files).map(([path, text]) => [`/w/${path}`, text]));
  const paths = [...texts.keys()];
  return {
    root: '/w',
    readFile: (path) => texts.get(path),
    fileExists: (path) => texts.has(path),
    directoryExists: (folder) => paths.some((path) => path.startsWith(`${folder}/`)),
    directories: (folder) => [
      ...new Set(
        paths
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1).split('/'))
          .flatMap(([name, ...more]) => (name === undefined || more.length === 0 ? [] : [name])),
      ),
    ],
    realpath: (path) => path,
  };
}

/** A close look at a workspace that is there in memory alone. */
export const analysisOf = (files: Readonly<Record<string, string>>): CodeAnalysis =>
  createCodeAnalysis(memoryHost(files));
