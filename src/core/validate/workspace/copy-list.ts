import { execFile } from 'node:child_process';
import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Never part of a copy: dependencies are linked, history and telemetry are not what tests are about. */
const NEVER = new Set(['node_modules', '.git', '.suture', '.telemetry']);
/** Where no git says what is ignored: also caches and what tools write. */
const CACHES = new Set([
  ...['.hg', '.svn', '.cache', '.vite', '.vitest', '.turbo', '.parcel-cache', '.next', '.nuxt', '.nx'],
  ...['.stryker-tmp', '.vscode-test', '.nyc_output', 'coverage', '.venv', '__pycache__', '.terraform'],
]);
/** Build output: needed where a workspace package is imported by its `dist`, and bounded like all that is ignored. */
const OUTPUT = new Set(['dist', 'build', 'out']);
/** Ignored `.env` files hold real passwords; those for tests and examples do not. */
const SECRET_FILE = /^\.env(?!.*\b(?:test|example|sample|template)\b)/;
const SOURCE = /\.(?:[cm]?[jt]sx?|json|vue|svelte)$/;
const bigBytes = 5 * 1024 * 1024;
const ignoredLimits = { files: 3_000, bytes: 50 * 1024 * 1024 };

interface Listed {
  /** Posix, relative to the root. */
  readonly file: string;
  readonly link: boolean;
}

/**
 * The files and links of a workspace that a copy needs to run tests, without those of `node_modules`. Tracked and
 * untracked files; of the ignored ones (generated code, build output) at most 3,000 and 50 MB, and no `.env` but for
 * tests. Files over 5 MB only where a source names them. Nothing below `apart` (absolute).
 */
export async function listCopied(
  root: string,
  apart: readonly string[],
  signal?: AbortSignal,
): Promise<readonly Listed[]> {
  const wanted = (file: string): boolean => {
    const parts = file.split('/');
    if (parts.some((part) => NEVER.has(part))) return false;
    const full = path.join(root, file);
    return !apart.some((place) => full === place || full.startsWith(place + path.sep));
  };
  const [known, ignored] = (await gitFiles(root, signal)) ?? (await allFiles(root));
  const kept: Listed[] = [];
  const big: string[] = [];
  const look = async (files: Iterable<string>, budget?: { files: number; bytes: number }): Promise<void> => {
    await inParallel(files, async (entry) => {
      const file = entry.endsWith('/') ? entry.slice(0, -1) : entry;
      if (!wanted(file)) return;
      signal?.throwIfAborted();
      const stats = await lstat(path.join(root, file)).catch(() => null);
      if (stats === null) return;
      if (stats.isDirectory()) {
        // A submodule, a repository in the repository, or a folder that is ignored as a whole.
        if (!CACHES.has(path.posix.basename(file))) await look(await walk(root, file), budget);
        return;
      }
      if (!stats.isFile() && !stats.isSymbolicLink()) return;
      if (budget !== undefined) {
        budget.files -= 1;
        budget.bytes -= stats.size;
        if (budget.files < 0 || budget.bytes < 0 || SECRET_FILE.test(path.posix.basename(file))) return;
      }
      if (stats.isFile() && stats.size > bigBytes) big.push(file);
      else kept.push({ file, link: stats.isSymbolicLink() });
    });
  };
  await look(new Set(known));
  await look(new Set(ignored), { ...ignoredLimits });
  return [...kept, ...(await named(root, big, kept))];
}

/** Tracked and untracked files, and what is ignored (folders end with a slash); null where git does not answer. */
async function gitFiles(
  root: string,
  signal: AbortSignal | undefined,
): Promise<readonly [readonly string[], readonly string[]] | null> {
  const list = (...args: readonly string[]): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      execFile(
        'git',
        ['-c', 'core.fsmonitor=false', 'ls-files', '-z', '--exclude-standard', ...args],
        {
          cwd: root,
          maxBuffer: 1 << 28,
          env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
          ...(signal && { signal }),
        },
        (error, stdout) => {
          if (error === null) resolve(stdout.split('\0').filter((file) => file !== ''));
          else reject(error);
        },
      );
    });
  try {
    const [known, ignored] = await Promise.all([list('-co'), list('-oi', '--directory')]);
    // A folder that an outer repository ignores has no files of its own there.
    return known.length === 0 ? null : [known, ignored];
  } catch {
    signal?.throwIfAborted();
    return null;
  }
}

async function allFiles(root: string): Promise<readonly [readonly string[], readonly string[]]> {
  const output: string[] = [];
  const files = await walk(root, '', output);
  return [files, output];
}

/** All files below a folder but those of caches; links are not followed. Folders of build output are set apart. */
async function walk(root: string, from: string, output?: string[]): Promise<readonly string[]> {
  const files: string[] = [];
  const folders = [from];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (!entry.isDirectory()) files.push(file);
      else if (output !== undefined && OUTPUT.has(entry.name)) output.push(`${file}/`);
      else if (!NEVER.has(entry.name) && !CACHES.has(entry.name)) folders.push(file);
    }
  }
  return files;
}

/** Those of some big files whose name occurs in a source that is copied. */
async function named(root: string, big: readonly string[], kept: readonly Listed[]): Promise<Listed[]> {
  const missing = new Map(big.map((file) => [file, path.posix.basename(file)]));
  const found: Listed[] = [];
  if (missing.size === 0) return found;
  const sources = kept.filter(({ file, link }) => !link && SOURCE.test(file)).map(({ file }) => file);
  await inParallel(sources, async (source) => {
    const text = await readFile(path.join(root, source), 'utf8').catch(() => '');
    for (const [file, name] of missing) {
      if (!text.includes(name)) continue;
      missing.delete(file);
      found.push({ file, link: false });
    }
  });
  return found;
}

/** Does something for every item, a few dozen at a time: more open files than that gain nothing. */
export async function inParallel<T>(items: Iterable<T>, use: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); next.done !== true; next = rest.next()) await use(next.value);
  };
  await Promise.all(Array.from({ length: 32 }, worker));
}
