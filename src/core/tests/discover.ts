import type { Expr, FileFacts } from '../code/facts.ts';
import type { TestCase } from '../model/test.ts';
import { isPlaceholder } from './placeholder.ts';
import type { TestRunner } from './runner.ts';
import { titleOf, type Title } from './title.ts';
import { bindingOf, wordOf, type Word } from './words.ts';

export interface Suite {
  readonly title: Title;
  /** Its callback, -1 where it could not be found. */
  readonly fn: number;
  readonly parent: Suite | undefined;
}

export interface DiscoveredTest {
  readonly test: TestCase;
  /** Its callback, -1 for none. */
  readonly fn: number;
  readonly suite: Suite | undefined;
  readonly title: Title;
  /** Declared by a function that may run under suites of its callers: a report may name more suites than the source. */
  readonly loose: boolean;
}

export interface Hook {
  readonly fn: number;
  /** Suite that it belongs to; undefined for the file. */
  readonly suite: Suite | undefined;
}

/** The tests of one file, in source order. */
export interface DiscoveredFile {
  readonly tests: readonly DiscoveredTest[];
  readonly hooks: readonly Hook[];
  /** Calls that declare something: what is in their callbacks runs later, not where it stands. */
  readonly declarations: ReadonlySet<number>;
}

/** Finds suites, tests and hooks in the facts of a test file. */
export function discoverTests(file: FileFacts, runner: TestRunner): DiscoveredFile {
  const words = runner.vocabulary;
  const suiteOf = new Map<number, Suite>();
  const tests: DiscoveredTest[] = [];
  const hooks: Hook[] = [];
  const declarations = new Set<number>();
  const ids = new Set<string>();
  file.calls.forEach((call, index) => {
    if (call.isNew) return;
    const word = wordOf(file, call.fn, call.callee, words);
    if (word === undefined) return;
    if (word.curry !== undefined) {
      declarations.add(index);
      return;
    }
    const { suite, loose } = enclosing(file, call.fn, suiteOf);
    if (word.kind === 'hook') {
      const fn = callbackOf(file, call.fn, call.args);
      if (fn !== -1) hooks.push({ fn, suite });
      declarations.add(index);
      return;
    }
    // `test(name)` of some other function: without a title there is no declaration.
    if (call.args.length === 0) return;
    declarations.add(index);
    const title = titleOf(file, call.fn, call.args[0], word.hasTable);
    const fn = callbackOf(file, call.fn, call.args.slice(1));
    if (word.kind === 'suite') {
      const made: Suite = { title, fn, parent: suite };
      if (fn !== -1) suiteOf.set(fn, made);
      return;
    }
    const titles = suiteTitles(suite);
    const test: TestCase = {
      id: freeId(ids, `${file.path}#${[...titles, title.text].join(' > ')}`),
      file: file.path,
      suite: titles,
      title: title.text,
      start: call.at,
      runner: runner.id,
      placeholder:
        hasNoBody(call.args, word) ||
        (fn !== -1 && isPlaceholder(file, { fn, words, hasRows: word.hasTable })),
    };
    tests.push({ test, fn, suite, title, loose });
  });
  return { tests, hooks, declarations };
}

const hasNoBody = (args: readonly Expr[], word: Word): boolean =>
  word.todo || args.slice(1).every((arg) => arg.k === 'object' || arg.k === 'number');

function freeId(ids: Set<string>, base: string): string {
  let id = base;
  for (let count = 2; ids.has(id); count++) id = `${base}~${count}`;
  ids.add(id);
  return id;
}

/** Suites around a test, outermost first. */
export function suitesAround(suite: Suite | undefined): readonly Suite[] {
  const around: Suite[] = [];
  for (let at = suite; at !== undefined; at = at.parent) around.unshift(at);
  return around;
}

const suiteTitles = (suite: Suite | undefined): readonly string[] =>
  suitesAround(suite).map(({ title }) => title.text);

function enclosing(
  file: FileFacts,
  fn: number,
  suiteOf: ReadonlyMap<number, Suite>,
): { readonly suite: Suite | undefined; readonly loose: boolean } {
  let loose = false;
  for (let at = fn; at !== -1; at = file.functions[at]?.parent ?? -1) {
    const suite = suiteOf.get(at);
    if (suite !== undefined) return { suite, loose };
    loose = true;
  }
  return { suite: undefined, loose };
}

/** The function among the arguments: written there, named, or within a call that wraps it; -1 for none. */
export function callbackOf(file: FileFacts, fn: number, args: readonly Expr[]): number {
  for (const arg of args.toReversed()) {
    const found = functionIn(file, fn, arg, 0);
    if (found !== -1) return found;
  }
  return -1;
}

function functionIn(file: FileFacts, fn: number, expr: Expr, depth: number): number {
  if (depth > 4) return -1;
  switch (expr.k) {
    case 'function':
      return expr.fn;
    case 'name': {
      const binding = bindingOf(file, fn, expr.name);
      if (binding?.k === 'function') return binding.fn;
      const init = binding?.k === 'value' ? binding.init : undefined;
      return init === undefined ? -1 : functionIn(file, fn, init, depth + 1);
    }
    case 'call': {
      for (const arg of file.calls[expr.call]?.args ?? []) {
        const found = functionIn(file, fn, arg, depth + 1);
        if (found !== -1) return found;
      }
      return -1;
    }
    default:
      return -1;
  }
}
