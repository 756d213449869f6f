import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import type { Problem } from '../../model/problem.ts';

export interface SourceListOptions {
  /** Files listed at most; default 50,000. */
  readonly maxFiles?: number;
}

/** Paths are posix, relative to the root, sorted. */
export interface SourceList {
  readonly files: readonly string[];
  /** package.json, tsconfig*.json and jsconfig*.json. */
  readonly configs: readonly string[];
  /** All other JSON files: what they are is told by who reads them. */
  readonly json: readonly string[];
  readonly problems: readonly Problem[];
}

/** Bytes above which a file is not read: nobody wrote it by hand. */
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_FILES = 50_000;
const MAX_DEPTH = 40;
const SKIPPED = new Set(['node_modules', 'bower_components', 'vendor', 'coverage', 'dist']);
/** Build output at the top of a package, but often real code below `src`. */
const SKIPPED_OUTSIDE_SRC = new Set(['build', 'out']);
const SOURCE = /\.[cm]?[jt]sx?$/;
const NOT_SOURCE = /\.d\.[cm]?ts$|[.-]min\.[cm]?js$/;
const CONFIG = /^(package|[jt]sconfig[^/]*)\.json$/;
const JSON_FILE = /\.json$/;

/** Rules of one ignore file, for paths below its folder. */
interface Rules {
  readonly dir: string;
  readonly matcher: Ignore;
}

/** Lists the source and configuration files of a workspace; links are not followed, what they lead to inside the root is listed anyway. */
export async function listSourceFiles(root: string, options: SourceListOptions = {}): Promise<SourceList> {
  const files: string[] = [];
  const configs: string[] = [];
  const json: string[] = [];
  const problems: Problem[] = [];
  const limit = options.maxFiles ?? MAX_FILES;
  const queue: { readonly dir: string; readonly rules: readonly Rules[]; readonly depth: number }[] = [
    { dir: '', rules: [], depth: 0 },
  ];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { dir, depth } = next;
    const entries = await readdir(join(root, dir), { withFileTypes: true }).catch((error: unknown) => {
      problems.push(unreadable(dir, error));
      return [];
    });
    const rules = entries.some((entry) => entry.name === '.gitignore' && entry.isFile())
      ? await withRulesOf(root, dir, next.rules)
      : next.rules;
    // In order of names, so that a workspace over the limit is cut at the same place every time.
    for (const entry of entries.sort((a, b) => compare(a.name, b.name))) {
      const path = dir === '' ? entry.name : `${dir}/${entry.name}`;
      if (entry.isDirectory()) {
        if (isSkipped(entry.name, dir) || isIgnored(rules, `${path}/`)) continue;
        if (depth < MAX_DEPTH) queue.push({ dir: path, rules, depth: depth + 1 });
        else
          problems.push(
            problem(path, 'too-deep', `Folders below ${path} are nested too deeply and are left out.`),
          );
      } else if (entry.isFile() && !isIgnored(rules, path)) {
        if (CONFIG.test(entry.name)) configs.push(path);
        else if (SOURCE.test(entry.name) && !NOT_SOURCE.test(entry.name)) files.push(path);
        else if (JSON_FILE.test(entry.name)) json.push(path);
      }
    }
    if (files.length > limit) {
      files.length = limit;
      const message = `The workspace has more than ${limit} source files; the rest is not indexed.`;
      problems.push(problem(dir, 'too-many-files', message));
      break;
    }
  }
  return { files: files.sort(compare), configs: configs.sort(compare), json: json.sort(compare), problems };
}

/** Whether a listing would name this file; for one that appears or changes after the listing. */
export async function isListed(root: string, path: string): Promise<boolean> {
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  if (!JSON_FILE.test(name) && (!SOURCE.test(name) || NOT_SOURCE.test(name))) return false;
  let rules = await withRulesOf(root, '', []);
  let dir = '';
  for (const folder of folders) {
    if (isSkipped(folder, dir)) return false;
    dir = dir === '' ? folder : `${dir}/${folder}`;
    if (isIgnored(rules, `${dir}/`)) return false;
    rules = await withRulesOf(root, dir, rules);
  }
  return !isIgnored(rules, path);
}

/** Text of a source file below the root; null when it is not there, not a file, larger than 2 MB or leads out of the root. */
export function readSource(root: string, path: string): Promise<string | null> {
  return readText(root, path, MAX_BYTES);
}

/** Text of a file below the root; null when it is not there, not a file, too large or leads out of the root. */
export async function readText(root: string, path: string, maxBytes: number): Promise<string | null> {
  try {
    const base = await realpath(root);
    const full = await realpath(join(base, path));
    const inside = relative(base, full);
    if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return null;
    const info = await stat(full);
    if (!info.isFile() || info.size > maxBytes) return null;
    return await readFile(full, 'utf8');
  } catch {
    // Deleted since it was listed, unreadable, or a circle of links: in each case there is no text.
    return null;
  }
}

function isSkipped(name: string, dir: string): boolean {
  if (name.startsWith('.') || SKIPPED.has(name)) return true;
  return SKIPPED_OUTSIDE_SRC.has(name) && !dir.split('/').includes('src');
}

async function withRulesOf(root: string, dir: string, outer: readonly Rules[]): Promise<readonly Rules[]> {
  const text = await readSource(root, dir === '' ? '.gitignore' : `${dir}/.gitignore`);
  return text === null ? outer : [{ dir, matcher: ignore().add(text) }, ...outer];
}

/** The nearest ignore file that says something decides. */
function isIgnored(rules: readonly Rules[], path: string): boolean {
  for (const { dir, matcher } of rules) {
    const { ignored, unignored } = matcher.test(dir === '' ? path : path.slice(dir.length + 1));
    if (ignored || unignored) return ignored;
  }
  return false;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const problem = (file: string, code: string, message: string): Problem => ({ file, code, message, count: 1 });

function unreadable(dir: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return problem(
    dir || '.',
    'unreadable-folder',
    `The folder cannot be read (${code}); its files are left out.`,
  );
}
