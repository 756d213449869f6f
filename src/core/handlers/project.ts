import type { Problem } from '../model/problem.ts';
import { parseJsonc } from './jsonc.ts';

export interface PackageFacts {
  readonly name: string;
  /** Posix, relative to the workspace; empty for its root. */
  readonly dir: string;
  readonly dependencies: ReadonlySet<string>;
  /** Targets of `exports`, `module` and `main` by subpath (`.`, `./client`, `./*`), most telling first. */
  readonly entries: ReadonlyMap<string, readonly string[]>;
  /** `imports` of the package (`#db`). */
  readonly internal: ReadonlyMap<string, readonly string[]>;
  /** Folders of declared sequences by the package's `renderx` hook, relative to the workspace; absent without one. */
  readonly sequences?: readonly string[];
}

export interface TsConfigFacts {
  readonly dir: string;
  /** Relative to the workspace; undefined without `baseUrl`. */
  readonly baseUrl?: string;
  /** Pattern to candidates relative to the workspace. */
  readonly paths: readonly { readonly pattern: string; readonly targets: readonly string[] }[];
}

/** What package.json and tsconfig files say of the workspace. */
export interface ProjectFacts {
  /** Deepest folder first. */
  readonly packages: readonly PackageFacts[];
  /** Deepest folder first. */
  readonly tsconfigs: readonly TsConfigFacts[];
  readonly problems: readonly Problem[];
}

type Json = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const record = (value: unknown): Json => (isRecord(value) ? value : {});

/** Directory part of a posix path, empty for none. */
export const dirOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Joins posix paths and takes out `.` and `..`; null when it climbs out of the workspace. */
export function joinPath(...parts: readonly string[]): string | null {
  const out: string[] = [];
  for (const segment of parts.join('/').split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      if (out.pop() === undefined) return null;
    } else out.push(segment);
  }
  return out.join('/');
}

/** Builds the facts from the texts of package.json and tsconfig*.json files (path relative to the workspace -> text). */
export function projectFacts(texts: ReadonlyMap<string, string>): ProjectFacts {
  const problems: Problem[] = [];
  const configs = new Map<string, Json>();
  const packages: PackageFacts[] = [];
  for (const [path, text] of texts) {
    const json = parseJsonc(text);
    if (!isRecord(json)) {
      const message = `${path} is not valid JSON; what it says of packages or paths is left out.`;
      problems.push({ file: path, code: 'broken-json', message, count: 1 });
    } else if (path.endsWith('package.json')) packages.push(packageFacts(dirOf(path), json));
    else configs.set(path, json);
  }
  const tsconfigs: TsConfigFacts[] = [];
  for (const path of configs.keys()) {
    if (/(^|\/)[jt]sconfig\.json$/.test(path)) tsconfigs.push(tsConfigFacts(path, configs));
  }
  const deepestFirst = (a: { dir: string }, b: { dir: string }): number =>
    b.dir.length - a.dir.length || (a.dir < b.dir ? -1 : 1);
  return { packages: packages.sort(deepestFirst), tsconfigs: tsconfigs.sort(deepestFirst), problems };
}

function packageFacts(dir: string, json: Json): PackageFacts {
  const dependencies = new Set<string>();
  for (const kind of ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']) {
    for (const name of Object.keys(record(json[kind]))) dependencies.add(name);
  }
  const entries = new Map<string, string[]>();
  const { exports } = json;
  if (isRecord(exports) && Object.keys(exports).some((key) => key.startsWith('.'))) {
    for (const [key, value] of Object.entries(exports)) entries.set(key, targetsOf(value));
  } else if (exports !== undefined) entries.set('.', targetsOf(exports));
  const main = ['source', 'module', 'main', 'types'].flatMap((key) => targetsOf(json[key]));
  entries.set('.', [...(entries.get('.') ?? []), ...main]);
  const internal = new Map<string, string[]>();
  for (const [key, value] of Object.entries(record(json['imports']))) internal.set(key, targetsOf(value));
  const sequences = targetsOf(record(json['renderx'])['sequences']).flatMap(
    (path) => joinPath(dir, path) || [],
  );
  const name = typeof json['name'] === 'string' ? json['name'] : '';
  return { name, dir, dependencies, entries, internal, ...(sequences.length > 0 && { sequences }) };
}

/** All file names in a value of `exports`, whatever the conditions. */
function targetsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(targetsOf);
  return isRecord(value) ? Object.values(value).flatMap(targetsOf) : [];
}

/** One tsconfig with what it takes from those that it extends by a relative path. */
function tsConfigFacts(path: string, configs: ReadonlyMap<string, Json>): TsConfigFacts {
  let baseUrl: string | undefined;
  let paths: TsConfigFacts['paths'] | undefined;
  const seen = new Set<string>();
  const queue = [path];
  for (let current = queue.shift(); current !== undefined; current = queue.shift()) {
    const json = configs.get(current);
    if (json === undefined || seen.has(current)) continue;
    seen.add(current);
    const options = record(json['compilerOptions']);
    const dir = dirOf(current);
    const ownBase =
      typeof options['baseUrl'] === 'string' ? (joinPath(dir, options['baseUrl']) ?? undefined) : undefined;
    baseUrl ??= ownBase;
    if (paths === undefined && isRecord(options['paths'])) {
      paths = Object.entries(options['paths']).map(([pattern, targets]) => ({
        pattern,
        targets: targetsOf(targets).flatMap((target) => joinPath(ownBase ?? dir, target) ?? []),
      }));
    }
    const bases = [json['extends']].flat().filter((base) => typeof base === 'string');
    for (const base of bases.reverse()) {
      if (!base.startsWith('.')) continue;
      const target = joinPath(dir, base);
      if (target === null) continue;
      queue.push(
        ...[target, `${target}.json`, `${target}/tsconfig.json`]
          .filter((name) => configs.has(name))
          .slice(0, 1),
      );
    }
  }
  return { dir: dirOf(path), ...(baseUrl !== undefined && { baseUrl }), paths: paths ?? [] };
}

const within = (path: string, dir: string): boolean => dir === '' || path.startsWith(`${dir}/`);

/** The package whose folder holds the file most closely. */
export const packageOf = (project: ProjectFacts, path: string): PackageFacts | undefined =>
  project.packages.find((p) => within(path, p.dir));

/** Every tsconfig in the folders above the file, nearest first. */
export const tsconfigsOf = (project: ProjectFacts, path: string): readonly TsConfigFacts[] =>
  project.tsconfigs.filter((config) => within(path, config.dir));

/** Unit that documents group by: a package of a monorepo, else the top folder under `src`, else the package. */
export function pluginOf(project: ProjectFacts, path: string): string {
  const owner = packageOf(project, path);
  const name = owner === undefined ? '' : owner.name || owner.dir.split('/').at(-1) || '';
  if (project.packages.length > 1 && owner !== undefined && owner.dir !== '' && name !== '') return name;
  const local = owner === undefined || owner.dir === '' ? path : path.slice(owner.dir.length + 1);
  const segments = local.split('/');
  if (segments[0] === 'src' && segments.length > 2) return segments[1] ?? name;
  return name || 'workspace';
}
