import type { SourceHost } from './analysis.ts';
import type { ts } from './ts.ts';

/** Compiler options for one file: of the nearest tsconfig.json or jsconfig.json within the workspace, loosened for reading along. */
export function optionsFor(api: typeof ts, host: SourceHost, file: string): ts.CompilerOptions {
  const root = posix(host.root);
  const config = nearestConfig(host, root, file);
  const own = config === undefined ? undefined : readOptions(api, host, config, 0);
  return { ...(own ?? withoutConfig(api)), ...forReading };
}

/** JavaScript is followed as TypeScript is, nothing is written, and libraries are not checked. */
const forReading: ts.CompilerOptions = {
  allowJs: true,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  noEmit: true,
  skipLibCheck: true,
  maxNodeModuleJsDepth: 0,
  composite: false,
  incremental: false,
  declaration: false,
};

const withoutConfig = (api: typeof ts): ts.CompilerOptions => ({
  target: api.ScriptTarget.ESNext,
  module: api.ModuleKind.Preserve,
  moduleResolution: api.ModuleResolutionKind.Bundler,
  esModuleInterop: true,
  types: ['node'],
});

function nearestConfig(host: SourceHost, root: string, file: string): string | undefined {
  for (let dir = parentOf(file); dir.startsWith(root); dir = parentOf(dir)) {
    for (const name of ['tsconfig.json', 'jsconfig.json']) {
      if (host.fileExists(`${dir}/${name}`)) return `${dir}/${name}`;
    }
    if (dir === root) break;
  }
  return undefined;
}

function readOptions(
  api: typeof ts,
  host: SourceHost,
  config: string,
  depth: number,
): ts.CompilerOptions | undefined {
  const { config: raw } = api.readConfigFile(config, host.readFile) as { config?: Record<string, unknown> };
  if (raw === undefined) return undefined;
  const parseHost: ts.ParseConfigHost = {
    useCaseSensitiveFileNames: true,
    fileExists: host.fileExists,
    readFile: host.readFile,
    // Which files belong to the project does not matter here: the program starts at one file.
    readDirectory: () => [],
  };
  // A "solution" file holds no options of its own: the first project that it names speaks for its code.
  const [reference] = Array.isArray(raw['references']) ? (raw['references'] as { path?: unknown }[]) : [];
  const { files } = raw;
  if (depth === 0 && Array.isArray(files) && files.length === 0 && typeof reference?.path === 'string') {
    const named = normal(`${parentOf(config)}/${reference.path}`);
    const referenced = named.endsWith('.json') ? named : `${named}/tsconfig.json`;
    if (host.fileExists(referenced)) return readOptions(api, host, referenced, depth + 1);
  }
  const { options } = api.parseJsonConfigFileContent(raw, parseHost, parentOf(config), undefined, config);
  return { types: ['node'], ...options };
}

/** Folder of a posix path. */
export const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

/** Posix spelling of a path of this machine. */
export const posix = (path: string): string => path.replaceAll('\\', '/');

/** Without `.` and `..`. */
export function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
