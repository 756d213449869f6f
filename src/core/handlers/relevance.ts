import type { CallFact, Expr, FileFacts, FunctionFact } from '../code/facts.ts';
import type { Framework } from './framework.ts';
import { bindingsOf, exportsOf } from './machine.ts';
import type { Resolved } from './resolve.ts';

/** Calls of a file that can make or fill a router. */
interface Signs {
  readonly calls: readonly CallFact[];
  readonly importsFramework: boolean;
}

/** What of a workspace can have to do with handlers, told by a look at its calls. */
export interface Relevance {
  readonly isRelevant: (file: FileFacts) => boolean;
  /** Calls that may register a handler or make a router. */
  readonly calls: (file: FileFacts) => readonly CallFact[];
}

/** Judges files by the signs of the frameworks; the answer is kept with the facts of a file. */
export function createRelevance(frameworks: readonly Framework[]): Relevance {
  const known = new WeakMap<FileFacts, Signs>();
  const packages = new Set(frameworks.flatMap((framework) => framework.packages));
  const signsOf = (file: FileFacts): Signs => {
    let signs = known.get(file);
    if (signs === undefined) {
      const importsFramework = file.imports.some(({ source }) => packages.has(source));
      const calls = file.calls.filter(
        (call) =>
          frameworks.some((framework) => framework.mayRegister(call)) ||
          (importsFramework && isOf(file, call.callee, packages)),
      );
      signs = { calls, importsFramework };
      known.set(file, signs);
    }
    return signs;
  };
  return {
    isRelevant: (file) => {
      const { calls, importsFramework } = signsOf(file);
      return importsFramework || calls.length > 0;
    },
    calls: (file) => signsOf(file).calls,
  };
}

/** True for `express()`, `express.Router()` and `require('express')()`. */
function isOf(file: FileFacts, callee: Expr, packages: ReadonlySet<string>): boolean {
  if (callee.k === 'member') return isOf(file, callee.object, packages);
  if (callee.k === 'import') return packages.has(callee.source);
  if (callee.k !== 'name') return false;
  const binding = bindingsOf(file.bindings).get(callee.name);
  if (binding?.k === 'import') return packages.has(binding.source);
  return (
    binding?.k === 'value' &&
    binding.init !== undefined &&
    binding.init.k !== 'name' &&
    isOf(file, binding.init, packages)
  );
}

/** Functions that can have to do with handlers, and those of them that another one calls by name. */
export interface Involved {
  /** In the order of files and functions. */
  readonly functions: ReadonlyMap<FunctionFact, { readonly file: FileFacts; readonly index: number }>;
  readonly called: ReadonlySet<FunctionFact>;
}

/** Functions with such calls of their own and all that call them, by what names mean and by names of methods. */
export function involvedFunctions(
  files: readonly FileFacts[],
  relevance: Relevance,
  facts: ReadonlyMap<string, FileFacts>,
  resolve: (from: string, source: string) => Resolved,
): Involved {
  const functions = new Map<FunctionFact, { readonly file: FileFacts; readonly index: number }>();
  const called = new Set<FunctionFact>();
  const names = new Set<string>();
  const add = (file: FileFacts, index: number): boolean => {
    const fact = file.functions[index];
    if (fact === undefined || functions.has(fact)) return false;
    functions.set(fact, { file, index });
    if (fact.symbol !== '') names.add(calledName(fact));
    // What runs a nested function is what makes it.
    add(file, fact.parent);
    return true;
  };
  for (const file of files) for (const call of relevance.calls(file)) add(file, call.fn);
  const inner = files.map((file) => ({ file, calls: file.calls.filter((call) => call.fn !== -1) }));
  // Chains from an entry point down to a registration are short.
  for (let round = 0, grew = true; grew && round < 16; round++) {
    grew = false;
    for (const { file, calls } of inner) {
      for (const { callee, fn } of calls) {
        const target = callee.k === 'name' ? targetOf(facts, resolve, file, callee.name) : undefined;
        if (target !== undefined && functions.has(target)) {
          if (target !== file.functions[fn]) called.add(target);
          grew = add(file, fn) || grew;
        } else if (
          callee.k !== 'name' ? callee.k === 'member' && names.has(callee.name) : names.has(callee.name)
        ) {
          grew = add(file, fn) || grew;
        }
      }
    }
  }
  const inOrder = [...functions].sort(([, a], [, b]) =>
    a.file === b.file ? a.index - b.index : a.file.path < b.file.path ? -1 : 1,
  );
  return { functions: new Map(inOrder), called };
}

/** The name that a caller uses: that of the class for its constructor. */
function calledName(fact: FunctionFact): string {
  const segments = fact.symbol.split('.');
  const last = segments.at(-1) ?? '';
  return last === 'constructor' ? (segments.at(-2) ?? last) : last;
}

/** The function that a name of a file's top level means, in the file or in the one that it is imported from. */
function targetOf(
  facts: ReadonlyMap<string, FileFacts>,
  resolve: (from: string, source: string) => Resolved,
  file: FileFacts,
  name: string,
): FunctionFact | undefined {
  const binding = bindingsOf(file.bindings).get(name);
  if (binding?.k === 'function') return file.functions[binding.fn];
  if (binding?.k === 'value' && binding.init?.k === 'function') return file.functions[binding.init.fn];
  const required = binding?.k === 'value' && binding.init?.k === 'import' ? binding.init.source : undefined;
  const source = binding?.k === 'import' ? binding.source : required;
  if (source === undefined) return undefined;
  const resolved = resolve(file.path, source);
  const from = resolved.k === 'file' ? facts.get(resolved.path) : undefined;
  if (from === undefined || from === file) return undefined;
  const { named } = exportsOf(from);
  const fact =
    (binding?.k === 'import' ? named.get(binding.imported) : undefined) ??
    named.get('=') ??
    named.get('default');
  if (fact === undefined || !('value' in fact) || fact.value.k !== 'name') return undefined;
  const local = bindingsOf(from.bindings).get(fact.value.name);
  if (local?.k === 'function') return from.functions[local.fn];
  return local?.k === 'value' && local.init?.k === 'function' ? from.functions[local.init.fn] : undefined;
}
