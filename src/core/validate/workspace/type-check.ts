import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readDiagnostics, type TypeCheck, type TypeProblem } from '../type-errors.ts';
import type { ProcessEnd } from './process.ts';
import { existsUnder } from './run-files.ts';
import { scratchProcess, type LocalScratch } from './scratch.ts';

const CHECKED = /\.[cm]?[jt]sx?$/;
const compiler = 'node_modules/typescript/bin/tsc';

type Start = (args: readonly string[]) => Promise<ProcessEnd & { readonly lines: readonly string[] }>;

/** Runs the project's own TypeScript in a copy, without output, for the nearest `tsconfig.json` of each file (posix, relative). */
export async function typeCheck(
  scratch: LocalScratch,
  files: readonly string[],
  signal?: AbortSignal,
): Promise<TypeCheck> {
  const { root } = scratch;
  const problems: TypeProblem[] = [];
  const projects = new Set<string>();
  const configs = nearestConfigs(root, files);
  if (configs.length === 0)
    return { k: 'not-set-up', reason: 'There is no tsconfig.json for the files of the fix.' };
  for (const config of configs) {
    const folder = above(path.posix.dirname(config)).find((dir) => existsUnder(root, `${dir}/${compiler}`));
    if (folder === undefined)
      return { k: 'not-set-up', reason: `TypeScript is not installed for ${config}.` };
    const start = starter(scratch, path.join(root, folder, compiler), signal);
    for (const project of await checkedBy(root, config, start)) {
      if (projects.has(project)) continue;
      projects.add(project);
      const end = await start(['--noEmit', '-p', project]);
      if (end.cancelled && signal?.aborted === true) return { k: 'cancelled' };
      const found = readDiagnostics(end.lines);
      if (end.cancelled || (end.code !== 0 && found.length === 0)) {
        const why = end.failure ?? (end.cancelled ? 'it took too long' : `code ${end.code ?? end.signal}`);
        return { k: 'could-not-run', reason: `tsc -p ${project}: ${why}. ${end.outputTail}`.trim() };
      }
      problems.push(...found);
    }
  }
  return { k: 'checked', problems, projects: [...projects] };
}

function nearestConfigs(root: string, files: readonly string[]): readonly string[] {
  const configs = new Set<string>();
  for (const file of files) {
    if (!CHECKED.test(file)) continue;
    const folder = above(path.posix.dirname(file)).find((dir) => existsUnder(root, `${dir}/tsconfig.json`));
    if (folder !== undefined) configs.add(path.posix.normalize(`${folder}/tsconfig.json`));
  }
  return [...configs].sort();
}

function starter(scratch: LocalScratch, tsc: string, signal: AbortSignal | undefined): Start {
  const run = scratchProcess(scratch);
  return async (args) => {
    const lines: string[] = [];
    const end = await run({
      command: 'node',
      args: [tsc, ...args, '--pretty', 'false'],
      cwd: scratch.root,
      env: { NO_COLOR: '1', FORCE_COLOR: undefined },
      onLine: (line) => lines.push(line),
      ...(signal && { signal }),
    });
    return { ...end, lines };
  };
}

/** A folder and those above it, up to the root (`.`), nearest first. */
function above(folder: string): readonly string[] {
  const parts = folder === '.' ? [] : folder.split('/');
  return [...parts.keys()].map((i) => parts.slice(0, parts.length - i).join('/')).concat('.');
}

/** A configuration, or those that it refers to when it holds no file itself. */
async function checkedBy(root: string, config: string, start: Start): Promise<readonly string[]> {
  const text = await readFile(path.join(root, config), 'utf8').catch(() => '');
  if (!text.includes('"references"')) return [config];
  const { lines } = await start(['--showConfig', '-p', config]);
  let shown: unknown;
  try {
    shown = JSON.parse(lines.join('\n'));
  } catch {
    // A configuration without any input is refused by --showConfig: what it refers to is read from its text.
    shown = { references: [...text.matchAll(/"path"\s*:\s*"([^"]+)"/g)].map(([, to]) => ({ path: to })) };
  }
  const { files, references } = shown as { files?: unknown; references?: unknown };
  if (Array.isArray(files) && files.length > 0) return [config];
  const referred = (Array.isArray(references) ? references : []).flatMap((entry: unknown) => {
    const to = (entry as { path?: unknown } | null)?.path;
    if (typeof to !== 'string') return [];
    const joined = path.posix.join(path.posix.dirname(config), to);
    const target = joined.endsWith('.json') ? joined : `${joined}/tsconfig.json`;
    return existsUnder(root, target) && !target.startsWith('../') ? [target] : [];
  });
  return referred.length === 0 ? [config] : referred;
}
