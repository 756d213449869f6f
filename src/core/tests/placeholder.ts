import type { Expr, FileFacts } from '../code/facts.ts';
import type { TestVocabulary } from './runner.ts';
import { viewOf } from './scope.ts';
import { bindingOf } from './words.ts';

/** Names that stand for a value of the language. */
const CONSTANTS = new Set(['undefined', 'NaN', 'Infinity']);
const DEPTH = 24;

/** A test's callback; with rows its parameters are values of a table and no `done`. */
export interface TestBody {
  readonly fn: number;
  readonly hasRows: boolean;
  readonly words: TestVocabulary;
}

type Body = TestBody & { readonly inside: readonly number[] };

/**
 * True when a test's body says nothing about the program: it is empty, or all that it calls are assertions and doubles over
 * literals. What cannot be seen through counts as saying something.
 */
export function isPlaceholder(file: FileFacts, test: TestBody): boolean {
  const inside = functionsWithin(file, test.fn);
  const { callsOf } = viewOf(file);
  return inside.every((fn) =>
    (callsOf.get(fn) ?? []).every((call) => isEmptyCall(file, call, { ...test, inside }, 0)),
  );
}

/** A function and all that stand within it. */
export function functionsWithin(file: FileFacts, fn: number): readonly number[] {
  const all = [fn];
  const { within } = viewOf(file);
  for (const at of all) all.push(...(within.get(at) ?? []));
  return all;
}

function isEmptyCall(file: FileFacts, index: number, body: Body, depth: number): boolean {
  const call = file.calls[index];
  if (call === undefined || depth > DEPTH) return false;
  const { callee } = call;
  // `done()` of a callback-style test.
  if (callee.k === 'name' && call.args.length === 0 && !body.hasRows) {
    const binding = bindingOf(file, call.fn, callee.name);
    if (binding?.k === 'param' && call.fn === body.fn) return true;
  }
  const root = rootOf(file, callee);
  if (root.k !== 'name') return false;
  const known = isTool(file, call.fn, root.name, body.words) || isEmpty(file, call.fn, root, body, depth + 1);
  return known && call.args.every((arg) => isEmpty(file, call.fn, arg, body, depth + 1));
}

/** `expect` in `expect(1).not.toBe(2)`. */
function rootOf(file: FileFacts, expr: Expr): Expr {
  let at = expr;
  for (;;) {
    if (at.k === 'member' || at.k === 'element') at = at.object;
    else if (at.k === 'call') {
      const callee = file.calls[at.call]?.callee;
      if (callee === undefined) return at;
      at = callee;
    } else return at;
  }
}

/** An assertion or double of the runner (or of another library by the same name), global, imported or taken from the test's context. */
function isTool(file: FileFacts, fn: number, name: string, words: TestVocabulary): boolean {
  const binding = bindingOf(file, fn, name);
  if (binding === undefined) return words.tools.includes(name);
  if (binding.k === 'import') {
    if (binding.source.startsWith('.')) return false;
    const plain = ['default', '*', '='].includes(binding.imported) ? name : binding.imported;
    return words.tools.includes(plain);
  }
  const { init } = binding.k === 'value' ? binding : { init: undefined };
  return init?.k === 'member' && words.tools.includes(init.name);
}

/** True for a value made of literals alone. */
function isEmpty(file: FileFacts, fn: number, expr: Expr, body: Body, depth: number): boolean {
  if (depth > DEPTH) return false;
  const { words } = body;
  const inner = (of: Expr): boolean => isEmpty(file, fn, of, body, depth + 1);
  switch (expr.k) {
    case 'text':
    case 'number':
    case 'literal':
    case 'regexp':
      return true;
    case 'function':
      // What it calls is looked at with the rest of the test.
      return body.inside.includes(expr.fn);
    case 'name': {
      const binding = bindingOf(file, fn, expr.name);
      if (binding === undefined) return CONSTANTS.has(expr.name) || words.tools.includes(expr.name);
      if (binding.k !== 'value') return isTool(file, fn, expr.name, words);
      const assigned = [...viewOf(file).assigned].some(([key]) => key.endsWith(` ${expr.name}`));
      return binding.init !== undefined && !assigned && inner(binding.init);
    }
    case 'concat':
      return expr.parts.every(inner);
    case 'array':
      return expr.items.every(inner);
    case 'either':
      return expr.options.every(inner);
    case 'object':
      return expr.entries.every(({ value }) => inner(value));
    case 'spread':
      return inner(expr.value);
    case 'member':
      return inner(expr.object);
    case 'call':
      return isEmptyCall(file, expr.call, body, depth + 1);
    default:
      return false;
  }
}
