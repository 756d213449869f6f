import type { SourceHost } from './analysis.ts';
import { optionsFor, posix } from './program-options.ts';
import { importResolver } from './program-resolve.ts';
import type * as compiler from './ts.ts';
import type { ts } from './ts.ts';

/** A type-checked look at some files and all that they import. Positions are offsets of the texts as read. */
export interface SourceProgram {
  readonly ts: typeof ts;
  readonly host: SourceHost;
  readonly checker: ts.TypeChecker;
  /** Files of the workspace (none of node_modules) in the program. */
  readonly files: readonly ts.SourceFile[];
  /** By posix path relative to the workspace; undefined where the program does not reach it. */
  readonly fileAt: (file: string) => ts.SourceFile | undefined;
  /** Posix path relative to the workspace; undefined outside of it and in node_modules. */
  readonly pathOf: (file: ts.SourceFile) => string | undefined;
  /** The same program where one of its files (posix path relative to the workspace) has another text. */
  readonly withText: (file: string, text: string) => SourceProgram;
}

/** Programs over one workspace; the last few are kept until `invalidate`. */
export interface Programs {
  /** The program over these files (posix, relative); null where one of them cannot be read. */
  readonly over: (files: readonly string[]) => Promise<SourceProgram | null>;
  /** Forgets all programs, because a text changed; unchanged files are not parsed again. */
  readonly invalidate: () => void;
}

const MOST_PROGRAMS = 4;

export function createPrograms(host: SourceHost): Programs {
  const parsed = new Map<string, ts.SourceFile>();
  let programs: { readonly roots: readonly string[]; readonly program: SourceProgram }[] = [];
  return {
    async over(files) {
      const known = programs.find(({ program }) => files.every((file) => program.fileAt(file) !== undefined));
      if (known !== undefined) return known.program;
      const loaded = await import('./ts.ts');
      const absolute = files.map((file) => `${posix(host.root)}/${file}`);
      if (absolute.some((path) => host.readFile(path) === undefined)) return null;
      const program = makeProgram(loaded, host, absolute, parsed);
      programs = [{ roots: files, program }, ...programs].slice(0, MOST_PROGRAMS);
      return program;
    },
    invalidate() {
      programs = [];
    },
  };
}

function makeProgram(
  loaded: typeof compiler,
  host: SourceHost,
  roots: readonly string[],
  parsed: Map<string, ts.SourceFile>,
): SourceProgram {
  const { ts: api, LIBRARY_FOLDER, libraryText } = loaded;
  const options = optionsFor(api, host, roots[0] ?? '');
  const libraryOf = (path: string): string | undefined =>
    path.startsWith(`${LIBRARY_FOLDER}/`) ? libraryText(path.slice(LIBRARY_FOLDER.length + 1)) : undefined;
  const resolutionHost: ts.ModuleResolutionHost = {
    fileExists: host.fileExists,
    readFile: host.readFile,
    directoryExists: host.directoryExists,
    getDirectories: (path) => [...host.directories(path)],
    realpath: (path) => posix(host.realpath(path)),
    getCurrentDirectory: () => posix(host.root),
  };
  const resolve = importResolver(api, host, options, resolutionHost);
  const compilerHost: ts.CompilerHost = {
    ...resolutionHost,
    fileExists: (path) => libraryOf(path) !== undefined || host.fileExists(path),
    readFile: (path) => libraryOf(path) ?? host.readFile(path),
    getSourceFile(path, language) {
      const text = libraryOf(path) ?? host.readFile(path);
      if (text === undefined) return undefined;
      const format =
        typeof language === 'object' ? `${language.languageVersion} ${language.impliedNodeFormat}` : '';
      const key = `${path} ${format}`;
      const before = parsed.get(key);
      if (before?.text === text) return before;
      const file = api.createSourceFile(path, text, language, true);
      parsed.set(key, file);
      return file;
    },
    getDefaultLibFileName: (wanted) => `${LIBRARY_FOLDER}/${api.getDefaultLibFileName(wanted)}`,
    getDefaultLibLocation: () => LIBRARY_FOLDER,
    writeFile: () => undefined,
    getCurrentDirectory: () => posix(host.root),
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    resolveModuleNameLiterals: (literals, from, _redirected, wanted, file) =>
      literals.map((literal) => ({
        resolvedModule: resolve(literal.text, from, api.getModeForUsageLocation(file, literal, wanted)),
      })),
  };
  const program = api.createProgram({ rootNames: [...roots], options, host: compilerHost });
  const root = `${posix(host.root)}/`;
  const pathOf = (file: ts.SourceFile): string | undefined =>
    file.fileName.startsWith(root) && !file.fileName.includes('/node_modules/')
      ? file.fileName.slice(root.length)
      : undefined;
  return {
    ts: api,
    host,
    checker: program.getTypeChecker(),
    files: program.getSourceFiles().filter((file) => pathOf(file) !== undefined && !file.isDeclarationFile),
    fileAt: (file) => program.getSourceFile(`${root}${file}`),
    pathOf,
    withText: (file, text) => {
      const readFile = (path: string): string | undefined =>
        path === `${root}${file}` ? text : host.readFile(path);
      // Texts parsed for it are its own: the program that is kept goes on with those of the workspace.
      return makeProgram(loaded, { ...host, readFile }, roots, new Map(parsed));
    },
  };
}
