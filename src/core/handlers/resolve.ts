import { dirOf, joinPath, packageOf, tsconfigsOf, type PackageFacts, type ProjectFacts } from './project.ts';

/** What an import stands for: a file of the workspace, something outside of it, or a file that is not there. */
export type Resolved =
  | { readonly k: 'file'; readonly path: string }
  | { readonly k: 'package'; readonly name: string }
  | { readonly k: 'missing' };

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'] as const;
const MISSING: Resolved = { k: 'missing' };

/** An extension in an import stands first for the TypeScript file that it is compiled from. */
const SOURCES_OF: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.jsx': ['.tsx', '.jsx'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
};

/** Finds the file that an import of `from` names; `has` knows the files of the workspace. */
export function resolveImport(
  project: ProjectFacts,
  has: (path: string) => boolean,
  from: string,
  source: string,
): Resolved {
  if (source.startsWith('.')) return fileOrMissing(findFile(has, joinPath(dirOf(from), source)));
  if (source.startsWith('/')) return MISSING;
  if (source.startsWith('node:')) return { k: 'package', name: source };
  if (source.startsWith('#')) {
    const internal = internalImport(project, has, from, source);
    if (internal !== undefined) return { k: 'file', path: internal };
  }
  const mapped = mappedImport(project, has, from, source);
  if (mapped !== undefined) return { k: 'file', path: mapped };
  const [scope = '', name = ''] = source.split('/');
  const packageName = source.startsWith('@') ? `${scope}/${name}` : scope;
  const local = project.packages.find((p) => p.name !== '' && p.name === packageName);
  if (local !== undefined) return fileOrMissing(packageEntry(local, has, source.slice(packageName.length)));
  return { k: 'package', name: packageName };
}

const fileOrMissing = (path: string | undefined): Resolved =>
  path === undefined ? MISSING : { k: 'file', path };

function findFile(has: (path: string) => boolean, base: string | null): string | undefined {
  if (base === null) return undefined;
  const dot = base.lastIndexOf('.');
  const extension = dot > base.lastIndexOf('/') ? base.slice(dot) : '';
  for (const sourceExtension of SOURCES_OF[extension] ?? []) {
    const path = base.slice(0, dot) + sourceExtension;
    if (has(path)) return path;
  }
  if (has(base)) return base;
  for (const candidate of EXTENSIONS) if (has(base + candidate)) return base + candidate;
  const index = base === '' ? 'index' : `${base}/index`;
  for (const candidate of EXTENSIONS) if (has(index + candidate)) return index + candidate;
  return undefined;
}

/** Part of `source` that a pattern's `*` stands for; null when it does not match. */
function matchPattern(pattern: string, source: string): string | null {
  const star = pattern.indexOf('*');
  if (star === -1) return pattern === source ? '' : null;
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const matches = source.length >= pattern.length - 1 && source.startsWith(head) && source.endsWith(tail);
  return matches ? source.slice(head.length, source.length - tail.length) : null;
}

function mappedImport(
  project: ProjectFacts,
  has: (path: string) => boolean,
  from: string,
  source: string,
): string | undefined {
  for (const config of tsconfigsOf(project, from)) {
    const byPrefix = [...config.paths].sort((a, b) => prefixLength(b.pattern) - prefixLength(a.pattern));
    for (const { pattern, targets } of byPrefix) {
      const star = matchPattern(pattern, source);
      if (star === null) continue;
      for (const target of targets) {
        const found = findFile(
          has,
          target.replace('*', () => star),
        );
        if (found !== undefined) return found;
      }
    }
    const found = config.baseUrl === undefined ? undefined : findFile(has, joinPath(config.baseUrl, source));
    if (found !== undefined) return found;
  }
  return undefined;
}

const prefixLength = (pattern: string): number =>
  pattern.includes('*') ? pattern.indexOf('*') : pattern.length + 1;

function internalImport(
  project: ProjectFacts,
  has: (path: string) => boolean,
  from: string,
  source: string,
): string | undefined {
  const owner = packageOf(project, from);
  if (owner === undefined) return undefined;
  for (const [pattern, targets] of owner.internal) {
    const star = matchPattern(pattern, source);
    if (star === null) continue;
    for (const target of targets) {
      const found = findSource(
        owner,
        has,
        target.replace('*', () => star),
      );
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Source of a workspace package's entry: packages name built files, which the index does not hold. */
function packageEntry(local: PackageFacts, has: (path: string) => boolean, rest: string): string | undefined {
  const key = rest === '' ? '.' : `.${rest}`;
  for (const [pattern, targets] of local.entries) {
    const star = matchPattern(pattern, key);
    if (star === null) continue;
    for (const target of targets) {
      const found = findSource(
        local,
        has,
        target.replace('*', () => star),
      );
      if (found !== undefined) return found;
    }
  }
  const guesses = rest === '' ? ['src/index', 'index', 'lib/index', 'src/main'] : [rest, `src/${rest}`];
  for (const guess of guesses) {
    const found = findFile(has, joinPath(local.dir, guess));
    if (found !== undefined) return found;
  }
  return undefined;
}

const BUILT = /(^|\/)(dist|build|out|lib|esm|cjs|types)\//;

function findSource(local: PackageFacts, has: (path: string) => boolean, target: string): string | undefined {
  const path = joinPath(target)?.replace(/\.d\.([cm]?)ts$/, '.$1js');
  if (path === undefined) return undefined;
  let candidate = path;
  const candidates = [path];
  // `dist/cjs/index.js` may come from `src/index.ts` or `index.ts`.
  for (let i = 0; i < 2 && BUILT.test(candidate); i++) {
    candidates.push(candidate.replace(BUILT, '$1src/'), candidate.replace(BUILT, '$1'));
    candidate = candidate.replace(BUILT, '$1');
    candidates.push(`src/${candidate}`);
  }
  for (const name of candidates) {
    const found = findFile(has, joinPath(local.dir, name));
    if (found !== undefined) return found;
  }
  return undefined;
}
