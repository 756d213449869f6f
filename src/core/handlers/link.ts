import type { CallFact, FileFacts } from '../code/facts.ts';
import type { HandlerIndex } from '../model/handler.ts';
import { createCollector } from './collect.ts';
import type { Framework, FrameworkRun } from './framework.ts';
import * as registry from './frameworks/registry.ts';
import type { Machine } from './machine.ts';
import { enterModule } from './modules.ts';
import type { ProjectFacts } from './project.ts';
import { resolveImport, type Resolved } from './resolve.ts';
import { isTestFile } from './test-file.ts';
import { runUnreached } from './unreached.ts';

const FRAMEWORKS: readonly Framework[] = Object.values(registry);
/** Calls followed in one link: some 40 per route leaves room for 50,000 routes. */
const FUEL = 2_000_000;

/** Joins the facts of all files into the index of handlers: pure, sorted, the same for the same facts. */
export function linkHandlers(facts: ReadonlyMap<string, FileFacts>, project: ProjectFacts): HandlerIndex {
  return createLinker().link(facts, project);
}

/** A linker keeps what it resolved between links; only files that changed are looked at again. */
export interface Linker {
  readonly link: (facts: ReadonlyMap<string, FileFacts>, project: ProjectFacts) => HandlerIndex;
}

export function createLinker(): Linker {
  return { link };
}

function link(facts: ReadonlyMap<string, FileFacts>, project: ProjectFacts): HandlerIndex {
  const resolve = cachedResolve(facts, project);
  const core = [...facts.values()].filter((file) => !isTestFile(file.path) && isRelevant(file));
  const live = liveFiles(facts, core, resolve);
  const collector = createCollector(project);
  const runs = new Map<string, FrameworkRun>();
  const all = FRAMEWORKS.map((framework) => {
    const run = framework.begin(collector.findingsFor(framework.id));
    for (const name of framework.packages) runs.set(name, run);
    return run;
  });
  const machine: Machine = {
    facts, resolve, runs, live,
    modules: new Map(), reached: new Set(), closures: new Map(), injected: new Map(), statics: new Map(),
    stack: [], fuel: FUEL,
  }; // prettier-ignore
  const order = [...live].sort().flatMap((path) => facts.get(path) ?? []);
  for (const file of order) enterModule(machine, file);
  runUnreached(machine, order, (file) => registeringCalls(file) ?? []);
  for (const run of all) run.finish();
  return collector.index();
}

const relevance = new WeakMap<FileFacts, readonly CallFact[] | null>();

/** Calls of a file that may register handlers; null when the file means nothing to any framework. */
function registeringCalls(file: FileFacts): readonly CallFact[] | null {
  let calls = relevance.get(file);
  if (calls === undefined) {
    const found = file.calls.filter((call) => FRAMEWORKS.some((framework) => framework.mayRegister(call)));
    const imports = file.imports.some(({ source }) => FRAMEWORKS.some((f) => f.packages.includes(source)));
    calls = imports || found.length > 0 ? found : null;
    relevance.set(file, calls);
  }
  return calls;
}

const isRelevant = (file: FileFacts): boolean => registeringCalls(file) !== null;

function cachedResolve(facts: ReadonlyMap<string, FileFacts>, project: ProjectFacts): Machine['resolve'] {
  const known = new Map<string, Resolved>();
  const has = (path: string): boolean => facts.has(path);
  return (from, source) => {
    const key = `${from}\n${source}`;
    let resolved = known.get(key);
    if (resolved === undefined) {
      resolved = resolveImport(project, has, from, source);
      known.set(key, resolved);
    }
    return resolved;
  };
}

/** Relevant files and everything that imports them, directly or not: an entry point hands prefixes and routers along. */
function liveFiles(
  facts: ReadonlyMap<string, FileFacts>,
  core: readonly FileFacts[],
  resolve: Machine['resolve'],
): ReadonlySet<string> {
  const importers = new Map<string, string[]>();
  for (const file of facts.values()) {
    if (isTestFile(file.path)) continue;
    for (const { source, kind } of file.imports) {
      if (kind === 'type') continue;
      const resolved = resolve(file.path, source);
      if (resolved.k !== 'file') continue;
      const list = importers.get(resolved.path);
      if (list === undefined) importers.set(resolved.path, [file.path]);
      else list.push(file.path);
    }
  }
  const live = new Set<string>();
  const queue = core.map((file) => file.path);
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (live.has(path)) continue;
    live.add(path);
    queue.push(...(importers.get(path) ?? []));
  }
  return live;
}
