import type { Binding, ClassFact, ExportFact, FileFacts, FunctionFact } from '../code/facts.ts';
import type { FrameworkRun } from './framework.ts';
import type { Resolved } from './resolve.ts';
import type { Env, FunctionValue, Value } from './value.ts';

/** What following a function that registers nothing took so far. */
export interface Cost {
  visits: number;
  calls: number;
  /** What it returned last: the answer once it has become too dear. */
  last: Value | undefined;
}

/** State of one static evaluation of the workspace. */
export interface Machine {
  readonly facts: ReadonlyMap<string, FileFacts>;
  readonly resolve: (from: string, source: string) => Resolved;
  /** By package name. */
  readonly runs: ReadonlyMap<string, FrameworkRun>;
  /** Files whose statements are executed; of others only the values that are asked for are evaluated. */
  readonly live: ReadonlySet<string>;
  /** Functions whose statements may register handlers; of others only what they return is evaluated. */
  readonly involved: { readonly has: (fact: FunctionFact) => boolean };
  /** Calls that evaluating what a function returns took so far. */
  readonly costs: Map<FunctionFact, Cost>;
  /** Known exports by path and name. */
  readonly exported: Map<string, Map<string, Value>>;
  /** Involved functions that, once run, neither made nor touched a router. */
  readonly inert: Set<FunctionFact>;
  readonly modules: Map<string, { readonly env: Env; started: boolean }>;
  /** Functions whose body was executed. */
  readonly reached: Set<FunctionFact>;
  /** Scope in which a function was last made a value. */
  readonly closures: Map<FunctionFact, Env>;
  /** The one instance per class that stands for what a container would inject. */
  readonly injected: Map<ClassFact, Value>;
  readonly statics: Map<ClassFact, Map<string, Value>>;
  readonly stack: FunctionFact[];
  /** Calls that may still be followed: keeps a hostile or huge workspace from evaluating for ever. */
  fuel: number;
  /** Modules whose statements are running: until none is, an import may be unknown only for now. */
  loading: number;
  /** Counts what frameworks were asked to make or change. */
  effects: number;
}

export const MAX_DEPTH = 48;
/** Calls within functions that register nothing, over all their visits and per visit, above which they are not followed any more. */
export const MAX_COST = { total: 2_000, perVisit: 20 };

const bindingIndex = new WeakMap<readonly Binding[], ReadonlyMap<string, Binding>>();

/** Bindings of a scope by name; of several with one name the first with a value. */
export function bindingsOf(bindings: readonly Binding[]): ReadonlyMap<string, Binding> {
  let index = bindingIndex.get(bindings);
  if (index === undefined) {
    const map = new Map<string, Binding>();
    for (const binding of bindings) {
      const known = map.get(binding.name);
      if (known === undefined || (known.k === 'value' && known.init === undefined))
        map.set(binding.name, binding);
    }
    bindingIndex.set(bindings, map);
    index = map;
  }
  return index;
}

export interface ExportIndex {
  readonly named: ReadonlyMap<string, ExportFact>;
  /** Sources of `export *`. */
  readonly stars: readonly string[];
}

const exportIndex = new WeakMap<FileFacts, ExportIndex>();

export function exportsOf(file: FileFacts): ExportIndex {
  let index = exportIndex.get(file);
  if (index === undefined) {
    const named = new Map<string, ExportFact>();
    const stars: string[] = [];
    for (const fact of file.exports) {
      if (fact.name === '*' && 'source' in fact) stars.push(fact.source);
      else named.set(fact.name, fact);
    }
    index = { named, stars };
    exportIndex.set(file, index);
  }
  return index;
}

export const newEnv = (
  file: FileFacts,
  fn: number,
  parent: Env | undefined,
  from?: FunctionValue,
  args?: readonly Value[],
  self?: Value,
): Env => ({
  file,
  fn,
  parent,
  vars: new Map(),
  pending: new Set(),
  self: self ?? from?.self ?? (fn !== -1 && file.functions[fn]?.arrow === true ? parent?.self : undefined),
  args: args ?? [],
  home: from?.home ?? (fn !== -1 && file.functions[fn]?.arrow === true ? parent?.home : undefined),
});

/** Bindings of the scope that an environment runs. */
export const scopeOf = (env: Env): readonly Binding[] =>
  env.fn === -1 ? env.file.bindings : (env.file.functions[env.fn]?.bindings ?? []);
