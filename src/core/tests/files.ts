import type { Expr, FileFacts } from '../code/facts.ts';
import { globExpression } from './glob.ts';
import type { TestRunner } from './runner.ts';
import { viewOf } from './scope.ts';

/** What package.json files say, as far as tests need it. */
export interface TestProject {
  readonly packages: readonly { readonly dir: string; readonly dependencies: ReadonlySet<string> }[];
}

/** A folder whose tests a runner runs, by a configuration or by a package.json that depends on it. */
export interface TestRoot {
  readonly runner: TestRunner;
  /** Posix, relative to the workspace; empty for its root: the folder to start the runner in. */
  readonly dir: string;
  /** True when the runner takes this file as a test file. */
  readonly holds: (path: string) => boolean;
}

/** Why a file is a test file. */
export interface TestFile {
  readonly path: string;
  readonly root: TestRoot;
  readonly reason: 'pattern' | 'imports-runner';
}

const dirOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const within = (path: string, dir: string): boolean => dir === '' || path.startsWith(`${dir}/`);

/** All roots of the workspace, deepest folder first. */
export function testRoots(
  runners: readonly TestRunner[],
  facts: ReadonlyMap<string, FileFacts>,
  project: TestProject,
): readonly TestRoot[] {
  const roots = new Map<string, TestRoot>();
  const add = (runner: TestRunner, dir: string, config: FileFacts | undefined): void => {
    const key = `${runner.id}\n${dir}`;
    if (!roots.has(key)) roots.set(key, rootOf(runner, dir, config));
  };
  for (const runner of runners) {
    // A configuration made for the runner comes before one that it shares (`vitest.config` before `vite.config`).
    const configs = [...facts.keys()].filter((path) => runner.configFile.test(baseOf(path)));
    const own = (path: string): number => (baseOf(path).startsWith(runner.id) ? 0 : 1);
    configs.sort((a, b) => own(a) - own(b) || (a < b ? -1 : 1));
    for (const path of configs) {
      if (own(path) === 1 && !dependsOn(project, dirOf(path), runner)) continue;
      add(runner, dirOf(path), facts.get(path));
    }
    for (const { dir, dependencies } of project.packages) {
      if (runner.packages.some((name) => dependencies.has(name))) add(runner, dir, undefined);
    }
  }
  return [...roots.values()].sort((a, b) => b.dir.length - a.dir.length || (a.dir < b.dir ? -1 : 1));
}

const dependsOn = (project: TestProject, dir: string, runner: TestRunner): boolean =>
  project.packages.some(
    (p) => within(`${dir}/`, p.dir) && runner.packages.some((name) => p.dependencies.has(name)),
  );

function rootOf(runner: TestRunner, dir: string, config: FileFacts | undefined): TestRoot {
  const given = config === undefined ? {} : patternsIn(config, runner.configKey);
  const include = (given.include ?? runner.include).map(globExpression);
  const exclude = [...runner.exclude, ...(given.exclude ?? [])].map(globExpression);
  const holds = (path: string): boolean => {
    if (!within(path, dir)) return false;
    const local = dir === '' ? path : path.slice(dir.length + 1);
    return include.some((glob) => glob.test(local)) && !exclude.some((glob) => glob.test(local));
  };
  return { runner, dir, holds };
}

interface Patterns {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** Literal `include` and `exclude` of a configuration, wherever its object stands (`defineConfig({...})`, a function, a constant). */
function patternsIn(config: FileFacts, key: string): Patterns {
  const objects: Extract<Expr, { k: 'object' }>[] = [];
  const look = (expr: Expr | undefined): void => {
    if (expr?.k === 'object') objects.push(expr);
  };
  for (const { args } of config.calls) args.forEach(look);
  for (const scope of [-1, ...config.functions.keys()]) {
    for (const binding of viewOf(config).bindings(scope).values())
      if (binding.k === 'value') look(binding.init);
  }
  for (const fact of config.functions)
    for (const step of fact.body) if (step.k === 'return') look(step.value);
  for (const object of objects) {
    const section = object.entries.find((entry) => entry.key === key)?.value;
    if (section?.k !== 'object') continue;
    const include = textsOf(section, 'include');
    const exclude = textsOf(section, 'exclude');
    return { ...(include && { include }), ...(exclude && { exclude }) };
  }
  return {};
}

function textsOf(section: Extract<Expr, { k: 'object' }>, key: string): readonly string[] | undefined {
  const value = section.entries.find((entry) => entry.key === key)?.value;
  if (value?.k !== 'array') return undefined;
  const texts = value.items.flatMap((item) => (item.k === 'text' ? [item.value] : []));
  return texts.length > 0 ? texts : undefined;
}

/** The test file that a file is, by the nearest root that takes it; undefined for other files. */
export function testFileOf(file: FileFacts, roots: readonly TestRoot[]): TestFile | undefined {
  const { path } = file;
  const imported = (root: TestRoot): boolean =>
    file.bindings.some(
      (b) =>
        b.k === 'import' &&
        root.runner.vocabulary.modules.includes(b.source) &&
        root.runner.vocabulary.tests.includes(b.imported),
    );
  const holding = roots.filter((root) => root.holds(path));
  // Two runners in one folder: the one that the file imports.
  const root = holding.find(imported) ?? holding[0];
  if (root !== undefined) return { path, root, reason: 'pattern' };
  const importing = roots.find((candidate) => within(path, candidate.dir) && imported(candidate));
  return importing && { path, root: importing, reason: 'imports-runner' };
}
