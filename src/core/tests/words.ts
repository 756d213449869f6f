import type { Binding, Expr, FileFacts } from '../code/facts.ts';
import type { TestVocabulary } from './runner.ts';
import { viewOf } from './scope.ts';

/** What a runner's word (`it`, `describe.only`, `test.each(rows)`) means where it is called. */
export interface Word {
  readonly kind: 'suite' | 'test' | 'hook';
  readonly todo: boolean;
  /** Set while a table or a condition is awaited: `it.each` before its first call. */
  readonly curry?: string;
  /** Titles are patterns, the body runs once for each row. */
  readonly hasTable: boolean;
}

/** Finds the binding of a name from within a function outwards. */
export function bindingOf(file: FileFacts, fn: number, name: string): Binding | undefined {
  const view = viewOf(file);
  for (let at = fn; ; at = file.functions[at]?.parent ?? -1) {
    const binding = view.bindings(at).get(name);
    if (binding !== undefined || at === -1) return binding;
  }
}

/** Sources that may hand on a runner's own functions: files of the workspace, by path or by alias. */
const OWN_FILE = /^(\.|#|~|@\/)/;

/** The runner's word that an expression stands for; undefined for anything else. */
export function wordOf(
  file: FileFacts,
  fn: number,
  expr: Expr,
  words: TestVocabulary,
  depth = 0,
): Word | undefined {
  if (depth > 12) return undefined;
  const inner = (of: Expr): Word | undefined => wordOf(file, fn, of, words, depth + 1);
  switch (expr.k) {
    case 'name': {
      const binding = bindingOf(file, fn, expr.name);
      if (binding === undefined) return plainWord(expr.name, words);
      if (binding.k === 'value') return binding.init && inner(binding.init);
      if (binding.k !== 'import') return undefined;
      const fromRunner = words.modules.includes(binding.source) || OWN_FILE.test(binding.source);
      return fromRunner ? plainWord(binding.imported, words) : undefined;
    }
    case 'member': {
      if (isModule(file, fn, expr.object, words)) return plainWord(expr.name, words);
      const base = inner(expr.object);
      if (base === undefined || base.curry !== undefined) return undefined;
      if (expr.name === words.todo) return { ...base, todo: true };
      const waits = words.curried.includes(expr.name) || words.extensions.includes(expr.name);
      return waits ? { ...base, curry: expr.name } : base;
    }
    case 'call': {
      const call = file.calls[expr.call];
      const base = call && inner(call.callee);
      if (call === undefined || base?.curry === undefined) return undefined;
      const { curry, ...word } = base;
      return { ...word, hasTable: word.hasTable || words.tables.includes(curry) };
    }
    default:
      return undefined;
  }
}

function plainWord(name: string, words: TestVocabulary): Word | undefined {
  const kind = words.suites.includes(name)
    ? 'suite'
    : words.tests.includes(name)
      ? 'test'
      : words.hooks.includes(name)
        ? 'hook'
        : undefined;
  return kind && { kind, todo: false, hasTable: false };
}

function isModule(file: FileFacts, fn: number, expr: Expr, words: TestVocabulary): boolean {
  if (expr.k === 'import') return words.modules.includes(expr.source);
  if (expr.k !== 'name') return false;
  const binding = bindingOf(file, fn, expr.name);
  if (binding?.k === 'value')
    return binding.init?.k === 'import' && words.modules.includes(binding.init.source);
  return binding?.k === 'import' && binding.imported === '*' && words.modules.includes(binding.source);
}
