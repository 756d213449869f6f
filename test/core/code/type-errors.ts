import { LIBRARY_FOLDER, libraryText, ts } from '../../../src/core/code/ts.ts';

const libraries = new Map<string, ts.SourceFile>();

/** Messages of the compiler over source files in memory (path -> text), each once, sorted; packages are not there. */
export function typeErrors(files: Readonly<Record<string, string>>, strict = true): readonly string[] {
  const texts = new Map(Object.entries(files).map(([path, text]) => [`/${path}`, text]));
  const options: ts.CompilerOptions = {
    strict,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
  };
  const program = ts.createProgram({
    rootNames: [...texts.keys()].filter((path) => path.endsWith('.ts')),
    options,
    host: {
      ...ts.createCompilerHost(options),
      fileExists: (path) => texts.has(path),
      readFile: (path) => texts.get(path),
      directoryExists: (folder) => [...texts.keys()].some((path) => path.startsWith(`${folder}/`)),
      getDefaultLibLocation: () => LIBRARY_FOLDER,
      getDefaultLibFileName: (wanted) => `${LIBRARY_FOLDER}/${ts.getDefaultLibFileName(wanted)}`,
      getSourceFile(name, language) {
        const own = texts.get(name);
        if (own !== undefined) return ts.createSourceFile(name, own, language);
        const source = libraryText(name.slice(LIBRARY_FOLDER.length + 1));
        const known = libraries.get(name);
        if (known !== undefined || source === undefined) return known;
        const file = ts.createSourceFile(name, source, language);
        libraries.set(name, file);
        return file;
      },
    },
  });
  const messages = [...texts.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    const found =
      file === undefined
        ? []
        : [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  });
  return [...new Set(messages)].sort();
}
