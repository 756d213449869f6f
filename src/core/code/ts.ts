// The only module that imports ts-morph: a local module importing it statically, so that `await import('./ts.ts')` gives named exports.
import { Project, ts } from 'ts-morph';

export { ts };

/** Folder under which programs look for the compiler's own library files; `libraryText` answers for it. */
export const LIBRARY_FOLDER = '/node_modules/typescript/lib';

let libraries: ((path: string) => string | undefined) | undefined;

/** Text of one of the compiler's library files (`lib.es5.d.ts`), which ts-morph carries with it. */
export function libraryText(name: string): string | undefined {
  if (libraries === undefined) {
    const host = new Project({ useInMemoryFileSystem: true }).getModuleResolutionHost();
    libraries = (path) => host.readFile(path);
  }
  return libraries(`${LIBRARY_FOLDER}/${name}`);
}
