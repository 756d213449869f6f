import type { Binding, Expr, FileFacts } from '../code/facts.ts';
import { callValue } from './invoke.ts';
import { importedValue, memberOf, moduleValue } from './members.ts';
import { functionValue, thisValue, type Reader, type ResolveImport } from './reader.ts';
import { scopeKey, viewOf } from './scope.ts';
import { HOLE, optionsOf, unionOf, UNKNOWN, type Scope, type Value } from './value.ts';

const MAX_DEPTH = 60;

/** A reader of one test file; `mocked` is what that file replaces. */
export function createReader(
  facts: ReadonlyMap<string, FileFacts>,
  resolve: ResolveImport,
  mocked: Reader['mocked'] = new Map(),
): Reader {
  const r: Reader = {
    facts, resolve, mocked, seen: new Set(), busy: new Set(), memo: new Map(), fuel: 400_000, depth: 0,
    evaluate: (scope, expr) => evaluate(r, scope, expr),
  }; // prettier-ignore
  return r;
}

/** What an expression stands for in its scope. */
function evaluate(r: Reader, scope: Scope, expr: Expr): Value {
  const fixed = isFixed(scope);
  const known = fixed ? r.memo.get(expr) : undefined;
  if (known !== undefined) return known;
  if (--r.fuel <= 0 || r.depth >= MAX_DEPTH || r.busy.has(expr)) return UNKNOWN;
  r.busy.add(expr);
  r.depth++;
  try {
    const value = valueOf(r, scope, expr);
    // What ended in a circle may be known when asked for from elsewhere.
    if (fixed && (value.t !== 'unknown' || r.busy.size === 1)) r.memo.set(expr, value);
    return value;
  } finally {
    r.depth--;
    r.busy.delete(expr);
  }
}

/** True when nothing in a scope depends on who called. */
function isFixed(scope: Scope | undefined): boolean {
  for (let at = scope; at !== undefined; at = at.parent) {
    if (at.args.length > 0 || at.self !== undefined) return false;
  }
  return true;
}

function valueOf(r: Reader, scope: Scope, expr: Expr): Value {
  switch (expr.k) {
    case 'text':
      return { t: 'text', value: expr.value.replaceAll(HOLE, '') };
    case 'number':
      return { t: 'text', value: String(expr.value) };
    case 'concat':
      return concat(expr.parts.map((part) => evaluate(r, scope, part)));
    case 'name':
      return lookup(r, scope, expr.name);
    case 'this':
      return thisValue(scope);
    case 'member':
      return assignedMember(r, scope, expr) ?? memberOf(r, evaluate(r, scope, expr.object), expr.name);
    case 'element': {
      const object = evaluate(r, scope, expr.object);
      const { index } = expr;
      if (index.k === 'number') {
        const at = (one: Value): Value => (one.t === 'array' ? (one.items[index.value] ?? UNKNOWN) : UNKNOWN);
        return unionOf(optionsOf(object).map(at));
      }
      const key = evaluate(r, scope, expr.index);
      return key.t === 'text' && !key.value.includes(HOLE) ? memberOf(r, object, key.value) : UNKNOWN;
    }
    case 'call':
      return callValue(r, scope, expr.call);
    case 'function':
      return functionValue(scope, expr.fn);
    case 'class':
      return { t: 'class', file: scope.file, cls: expr.cls, scope };
    case 'object':
      return { t: 'object', scope, expr };
    case 'array':
      return { t: 'array', items: expr.items.flatMap((item) => itemsOf(r, scope, item)) };
    case 'either':
      return unionOf(expr.options.map((option) => evaluate(r, scope, option)));
    case 'import':
      return moduleValue(r, scope.file, expr.source);
    case 'assign':
      return evaluate(r, scope, expr.value);
    default:
      return UNKNOWN;
  }
}

function itemsOf(r: Reader, scope: Scope, item: Expr): readonly Value[] {
  if (item.k !== 'spread') return [evaluate(r, scope, item)];
  const value = evaluate(r, scope, item.value);
  return value.t === 'array' ? value.items : [];
}

/** Joins texts; a part that is not known becomes a HOLE, several alternatives multiply. */
function concat(parts: readonly Value[]): Value {
  let texts = [''];
  for (const part of parts) {
    const options = optionsOf(part).map((option) => (option.t === 'text' ? option.value : HOLE));
    texts = texts.flatMap((text) => options.map((option) => text + option)).slice(0, 64);
  }
  return unionOf([...new Set(texts)].map((value) => ({ t: 'text', value })));
}

/** `context.api = ...` in a hook, read as `context.api` in a test. */
function assignedMember(r: Reader, scope: Scope, expr: Extract<Expr, { k: 'member' }>): Value | undefined {
  if (expr.object.k !== 'name') return undefined;
  const key = `${expr.object.name}.${expr.name}`;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const view = viewOf(at.file);
    if (!view.bindings(at.fn).has(expr.object.name)) continue;
    const assigned = view.assigned.get(scopeKey(at.fn, key));
    return assigned && unionOf(assigned.map((one) => evaluate(r, scopeOf(at, one.fn), one.value)));
  }
  return undefined;
}

/** Scope of a function that stands somewhere within `outer`, whose call is not known. */
function scopeOf(outer: Scope, fn: number): Scope {
  if (fn === outer.fn) return outer;
  const fact = outer.file.functions[fn];
  if (fact === undefined) return outer;
  return { file: outer.file, fn, parent: scopeOf(outer, fact.parent), args: [], self: undefined };
}

/** What a name stands for. */
export function lookup(r: Reader, scope: Scope, name: string): Value {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const binding = viewOf(at.file).bindings(at.fn).get(name);
    if (binding !== undefined) return boundValue(r, at, binding);
  }
  return { t: 'external', package: '', path: [name] };
}

function boundValue(r: Reader, scope: Scope, binding: Binding): Value {
  switch (binding.k) {
    case 'function':
      return functionValue(scope, binding.fn);
    case 'class':
      return { t: 'class', file: scope.file, cls: binding.cls, scope };
    case 'import':
      return importedValue(r, scope.file, binding.source, binding.imported);
    case 'param':
      return paramValue(r, scope, binding);
    case 'value':
      return variableValue(r, scope, binding);
  }
}

function paramValue(r: Reader, scope: Scope, binding: Extract<Binding, { k: 'param' }>): Value {
  const argument = scope.args[binding.index];
  const given =
    argument === undefined
      ? iteratedValue(r, scope, binding.index)
      : 'value' in argument
        ? argument.value
        : evaluate(r, argument.scope, argument.expr);
  if (given.t !== 'unknown') return given;
  if (argument === undefined && binding.init !== undefined) return evaluate(r, scope, binding.init);
  return typed(r, scope, binding.type) ?? { t: 'unknown', label: binding.name };
}

const ITERATES = new Set(['forEach', 'map', 'flatMap', 'filter', 'some', 'every', 'find']);

/** What `rows.forEach((row) => ...)` and `it.each(rows)('...', (row) => ...)` hand to a callback. */
function iteratedValue(r: Reader, scope: Scope, index: number): Value {
  const call = scope.file.calls[viewOf(scope.file).callOf.get(scope.fn) ?? -1];
  const around = scope.parent;
  if (call === undefined || around === undefined) return UNKNOWN;
  if (call.callee.k === 'member' && ITERATES.has(call.callee.name) && index === 0) {
    const list = evaluate(r, around, call.callee.object);
    return list.t === 'array' ? unionOf(list.items) : UNKNOWN;
  }
  const table = call.callee.k === 'call' ? scope.file.calls[call.callee.call] : undefined;
  const rows = table?.args[0];
  if (table?.callee.k !== 'member' || rows === undefined) return UNKNOWN;
  const list = evaluate(r, around, rows);
  if (list.t !== 'array') return UNKNOWN;
  const spread = table.callee.name === 'each' && list.items.some((row) => row.t === 'array');
  if (!spread) return index === 0 ? unionOf(list.items) : UNKNOWN;
  return unionOf(list.items.map((row) => (row.t === 'array' ? (row.items[index] ?? UNKNOWN) : row)));
}

function variableValue(r: Reader, scope: Scope, binding: Extract<Binding, { k: 'value' }>): Value {
  const view = viewOf(scope.file);
  const key = scopeKey(scope.fn, binding.name);
  const values = binding.init === undefined ? [] : [evaluate(r, scope, binding.init)];
  for (const { fn, value } of view.assigned.get(key) ?? [])
    values.push(evaluate(r, scopeOf(scope, fn), value));
  const loop = view.iterated.get(key);
  if (loop !== undefined) {
    const list = evaluate(r, scopeOf(scope, loop.fn), loop.value);
    if (list.t === 'array') values.push(unionOf(list.items));
  }
  const value = unionOf(values);
  if (value.t !== 'unknown') return value;
  return typed(r, scope, binding.type) ?? { t: 'unknown', label: value.label || binding.name };
}

/** `let controller: OrderController` names the class even where the value was not found. */
function typed(r: Reader, scope: Scope, type: string | undefined): Value | undefined {
  if (type === undefined || type.includes('.')) return undefined;
  const named = lookup(r, scope, type);
  return named.t === 'class' ? { t: 'instance', of: named } : undefined;
}
