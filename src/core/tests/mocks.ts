import type { CallFact, Expr, FileFacts } from '../code/facts.ts';
import { functionsWithin } from './placeholder.ts';
import type { Reader, ResolveImport } from './reader.ts';
import type { TestVocabulary } from './runner.ts';
import { returnsOf } from './scope.ts';
import { bindingOf } from './words.ts';

/** Modules that a test file replaces (`vi.mock(...)`), by file: what is imported from them is not the program's. */
export function mocksOf(file: FileFacts, words: TestVocabulary, resolve: ResolveImport): Reader['mocked'] {
  const mocked = new Map<string, ReadonlySet<string> | 'all'>();
  for (const call of file.calls) {
    const { callee } = call;
    if (callee.k !== 'member' || callee.object.k !== 'name' || !words.mocks.methods.includes(callee.name))
      continue;
    const binding = bindingOf(file, call.fn, callee.object.name);
    const object = binding?.k === 'import' ? binding.imported : callee.object.name;
    if (object !== words.mocks.object) continue;
    const [source, factory] = call.args;
    const from = source?.k === 'text' ? source.value : source?.k === 'import' ? source.source : undefined;
    const resolved = from === undefined ? undefined : resolve(file.path, from);
    const names = replacedNames(file, factory);
    if (resolved?.k === 'file' && names !== undefined) mocked.set(resolved.path, names);
  }
  return mocked;
}

/** Names that a factory replaces; all without one, and undefined where the module only is watched. */
function replacedNames(file: FileFacts, factory: Expr | undefined): ReadonlySet<string> | 'all' | undefined {
  if (factory?.k === 'object')
    return factory.entries.some((entry) => entry.key === 'spy') ? undefined : 'all';
  if (factory?.k !== 'function') return 'all';
  const fact = file.functions[factory.fn];
  const inside = new Set(functionsWithin(file, factory.fn));
  const keepsOriginal =
    (fact?.params.length ?? 0) > 0 || file.calls.some((call) => inside.has(call.fn) && readsOriginal(call));
  if (fact === undefined || !keepsOriginal) return 'all';
  const names = new Set<string>();
  for (const value of returnsOf(fact)) {
    if (value.k !== 'object') return 'all';
    for (const { key } of value.entries) if (typeof key === 'string') names.add(key);
  }
  return names;
}

const readsOriginal = ({ callee }: CallFact): boolean =>
  callee.k === 'member' && /^(importActual|requireActual)$/.test(callee.name);
