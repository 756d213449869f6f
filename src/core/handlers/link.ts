import type { CallFact, FileFacts, FunctionFact } from '../code/facts.ts';
import type { HandlerIndex } from '../model/handler.ts';
import { createCollector } from './collect.ts';
import { functionValue, scopeAround } from './evaluate.ts';
import type { Framework, FrameworkRun } from './framework.ts';
import * as registry from './frameworks/registry.ts';
import { callFunction } from './invoke.ts';
import { newEnv, type Machine } from './machine.ts';
import { injectedValue } from './members.ts';
import { enterModule } from './modules.ts';
import type { ProjectFacts } from './project.ts';
import { resolveImport, type Resolved } from './resolve.ts';
import { isTestFile } from './test-file.ts';
import type { Env } from './value.ts';

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
  for (const path of [...live].sort()) {
    const file = facts.get(path);
    if (file !== undefined) enterModule(machine, file);
  }
  for (const file of core.sort((a, b) => (a.path < b.path ? -1 : 1))) runUnreached(machine, file);
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

/** Functions that register handlers but that no code of the workspace calls run with what their types and names say. */
function runUnreached(m: Machine, file: FileFacts): void {
  const module = enterModule(m, file);
  const registering = new Set((registeringCalls(file) ?? []).map((call) => call.fn));
  for (const index of [...registering].sort((a, b) => a - b)) {
    const fact: FunctionFact | undefined = file.functions[index];
    if (fact === undefined || m.reached.has(fact)) continue;
    const cls = file.classes.findIndex((c) => c.members.some((member) => member.fn === index));
    const make = (parent: Env, fn: number): Env => newEnv(file, fn, parent);
    const closure = m.closures.get(fact) ?? scopeAround(m, file, fact.parent, make, module);
    if (cls !== -1) {
      const home = { t: 'class', file, index: cls, env: closure } as const;
      const self = injectedValue(m, home, '');
      if (!m.reached.has(fact)) callFunction(m, functionValue(m, closure, index, self, home), []);
    } else callFunction(m, functionValue(m, closure, index), []);
  }
}
