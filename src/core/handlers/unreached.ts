import type { CallFact, FileFacts } from '../code/facts.ts';
import { functionValue } from './evaluate.ts';
import { callFunction } from './invoke.ts';
import { bindingsOf, exportsOf, newEnv, type Machine } from './machine.ts';
import { injectedValue } from './members.ts';
import { enterModule } from './modules.ts';
import type { Env } from './value.ts';

/** Name of an imported function as `path#export`. */
type Target = string;

/** A function of interest that may never be called by the workspace's own top-level code. */
interface Candidate {
  readonly file: FileFacts;
  readonly index: number;
  /** True when another candidate calls it and so will give it its arguments. */
  called: boolean;
}

/**
 * Runs functions that register handlers but that no executed code called (entry points that a tool or a test calls): callers
 * first, so that what they pass is known, then the rest with what types and names of parameters say.
 */
export function runUnreached(
  m: Machine,
  files: readonly FileFacts[],
  registeringCalls: (file: FileFacts) => readonly CallFact[],
): void {
  const candidates = findCandidates(m, files, registeringCalls);
  for (const called of [false, true]) {
    for (const candidate of candidates) {
      if (candidate.called !== called) continue;
      try {
        run(m, candidate);
      } catch (error) {
        // As for modules: nested deeper than the stack.
        if (!(error instanceof RangeError)) throw error;
        m.stack.length = 0;
      }
    }
  }
}

function findCandidates(
  m: Machine,
  files: readonly FileFacts[],
  registeringCalls: (file: FileFacts) => readonly CallFact[],
): readonly Candidate[] {
  const interesting = new Map<FileFacts, Map<number, Candidate>>();
  const add = (file: FileFacts, index: number): boolean => {
    const known = interesting.get(file) ?? new Map<number, Candidate>();
    interesting.set(file, known);
    if (index === -1 || known.has(index)) return false;
    known.set(index, { file, index, called: false });
    return true;
  };
  for (const file of files) for (const { fn } of registeringCalls(file)) add(file, fn);
  const live = files.map((file) => ({
    file,
    calls: file.calls.filter((call) => call.fn !== -1 && call.callee.k === 'name'),
  }));
  // Callers of candidates are candidates, up to the entry points; chains are short.
  for (let round = 0, grew = true; grew && round < 12; round++) {
    grew = false;
    for (const { file, calls } of live) {
      for (const { callee, fn } of calls) {
        if (callee.k !== 'name') continue;
        const target = targetOf(m, file, callee.name);
        const candidate = target && interesting.get(target.file)?.get(target.index);
        if (candidate === undefined || (target?.file === file && target.index === fn)) continue;
        candidate.called = true;
        grew = add(file, fn) || grew;
      }
    }
  }
  return [...interesting.values()].flatMap((byIndex) =>
    [...byIndex.values()].sort((a, b) => a.index - b.index),
  );
}

/** The function that a name of a file's top level means, in the file or in the one that it is imported from. */
function targetOf(
  m: Machine,
  file: FileFacts,
  name: string,
): { readonly file: FileFacts; readonly index: number } | undefined {
  const binding = bindingsOf(file.bindings).get(name);
  if (binding === undefined) return undefined;
  if (binding.k === 'function') return { file, index: binding.fn };
  if (binding.k === 'value')
    return binding.init?.k === 'function' ? { file, index: binding.init.fn } : undefined;
  if (binding.k !== 'import') return undefined;
  const resolved = m.resolve(file.path, binding.source);
  const source = resolved.k === 'file' ? m.facts.get(resolved.path) : undefined;
  const exported: Target = binding.imported;
  const fact = source && exportsOf(source).named.get(exported);
  if (
    source === undefined ||
    source === file ||
    fact === undefined ||
    !('value' in fact) ||
    fact.value.k !== 'name'
  )
    return undefined;
  const local = bindingsOf(source.bindings).get(fact.value.name);
  if (local?.k === 'function') return { file: source, index: local.fn };
  return local?.k === 'value' && local.init?.k === 'function'
    ? { file: source, index: local.init.fn }
    : undefined;
}

function run(m: Machine, { file, index }: Candidate): void {
  const fact = file.functions[index];
  if (fact === undefined || m.reached.has(fact)) return;
  const env = closureOf(m, file, index);
  const cls = file.classes.findIndex((c) => c.members.some((member) => member.fn === index));
  if (cls === -1) {
    callFunction(m, functionValue(m, env, index), []);
    return;
  }
  const home = { t: 'class', file, index: cls, env } as const;
  const self = injectedValue(m, home, '');
  if (!m.reached.has(fact)) callFunction(m, functionValue(m, env, index, self, home), []);
}

/** The scope that a function closes over, made up where the function around it was never run. */
function closureOf(m: Machine, file: FileFacts, index: number): Env {
  const fact = file.functions[index];
  const known = fact && m.closures.get(fact);
  if (known !== undefined) return known;
  if (fact === undefined || fact.parent === -1) return enterModule(m, file);
  return newEnv(file, fact.parent, closureOf(m, file, fact.parent));
}
