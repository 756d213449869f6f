import type { SourceHost } from './analysis.ts';
import { normal, posix } from './program-options.ts';
import type { ts } from './ts.ts';

/** Resolves one import of a file; undefined where it leads nowhere. */
export type ResolveImport = (
  specifier: string,
  from: string,
  mode: ts.ResolutionMode,
) => ts.ResolvedModuleFull | undefined;

/**
 * Imports as the compiler resolves them, and beyond: packages of the workspace lead to their sources although they are
 * neither linked nor built, and relative imports may lack what the module format asks for.
 */
export function importResolver(
  api: typeof ts,
  host: SourceHost,
  options: ts.CompilerOptions,
  resolutionHost: ts.ModuleResolutionHost,
): ResolveImport {
  const cache = api.createModuleResolutionCache(host.root, (name) => name, options);
  const lenient: ts.CompilerOptions = {
    ...options,
    module: api.ModuleKind.Preserve,
    moduleResolution: api.ModuleResolutionKind.Bundler,
  };
  const lenientCache = api.createModuleResolutionCache(host.root, (name) => name, lenient);
  let packages: ReadonlyMap<string, string> | undefined;

  const resolve: ResolveImport = (specifier, from, mode) =>
    api.resolveModuleName(specifier, from, options, resolutionHost, cache, undefined, mode).resolvedModule ??
    api.resolveModuleName(specifier, from, lenient, resolutionHost, lenientCache).resolvedModule;

  return (specifier, from, mode) => {
    const found = resolve(specifier, from, mode);
    if (specifier.startsWith('.') || (found !== undefined && !isBuilt(found))) return found;
    packages ??= workspacePackages(host);
    const source = sourceOfPackage(host, packages, specifier);
    if (source === undefined) return found;
    return {
      resolvedFileName: source,
      extension: source.slice(source.lastIndexOf('.')),
      isExternalLibraryImport: false,
    };
  };
}

/** Declarations of a package that is linked into the workspace: its source stands beside them. */
const isBuilt = (found: ts.ResolvedModuleFull): boolean =>
  /\.d\.[cm]?ts$|\/(dist|build|lib|out)\//.test(found.resolvedFileName);

const ENDINGS = ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.jsx'];

function sourceOfPackage(
  host: SourceHost,
  packages: ReadonlyMap<string, string>,
  specifier: string,
): string | undefined {
  const parts = specifier.split('/');
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  const folder = packages.get(name);
  if (folder === undefined) return undefined;
  const rest = specifier.slice(name.length + 1).replace(/\.[cm]?js$/, '');
  const bases = rest === '' ? ['src/index', 'index', 'src/main', 'lib/index'] : [rest, `src/${rest}`];
  const declared = rest === '' ? declaredEntry(host, folder) : undefined;
  const candidates = bases.flatMap((base) =>
    [base, `${base}/index`].flatMap((path) => ENDINGS.map((ending) => `${folder}/${path}${ending}`)),
  );
  if (declared !== undefined && !/\.d\.[cm]?ts$/.test(declared))
    candidates.unshift(normal(`${folder}/${declared}`));
  return candidates.find((path) => ENDINGS.some((ending) => path.endsWith(ending)) && host.fileExists(path));
}

function declaredEntry(host: SourceHost, folder: string): string | undefined {
  const manifest = manifestOf(host, folder);
  const exported = manifest?.['exports'];
  const dot = isRecord(exported) ? (exported['.'] ?? exported) : exported;
  const named = isRecord(dot) ? (dot['import'] ?? dot['default']) : dot;
  const entry = [named, manifest?.['module'], manifest?.['main']].find((value) => typeof value === 'string');
  return typeof entry === 'string' ? entry : undefined;
}

/** Folder (absolute) by name of the packages that `workspaces` of the root names; `packages/*` where it names none. */
function workspacePackages(host: SourceHost): ReadonlyMap<string, string> {
  const root = posix(host.root);
  const declared = manifestOf(host, root)?.['workspaces'];
  const listed = isRecord(declared) ? declared['packages'] : declared;
  const patterns = Array.isArray(listed) ? listed.map(String) : ['packages/*', 'apps/*'];
  const packages = new Map<string, string>();
  for (const pattern of patterns) {
    const plain = pattern.replace(/^\.\//, '');
    const base = plain.replace(/\/\*+$/, '');
    const folder = `${root}/${base}`;
    const folders = base === plain ? [folder] : host.directories(folder).map((name) => `${folder}/${name}`);
    for (const each of folders) {
      const name = manifestOf(host, each)?.['name'];
      if (typeof name === 'string') packages.set(name, each);
    }
  }
  return packages;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a folder's package.json says; undefined for none or a broken one. */
export function manifestOf(host: SourceHost, folder: string): Record<string, unknown> | undefined {
  const text = host.readFile(`${folder}/package.json`);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    // Broken while somebody edits it: the same as none.
    return undefined;
  }
}
