import type { Binding, Expr, FileFacts, FunctionFact, Step } from '../code/facts.ts';

/** What the lists of a file's facts say when read from the other end; made once per file. */
export interface FileView {
  /** Indices of calls by enclosing function. */
  readonly callsOf: ReadonlyMap<number, readonly number[]>;
  /** Functions by the function that holds them. */
  readonly within: ReadonlyMap<number, readonly number[]>;
  readonly bindings: (fn: number) => ReadonlyMap<string, Binding>;
  /** Values assigned after the declaration, by `scopeKey`, with the function in which that happens. */
  readonly assigned: ReadonlyMap<string, readonly Assigned[]>;
  /** Values that a `for ... of` gives to its variable, by `scopeKey`. */
  readonly iterated: ReadonlyMap<string, Assigned>;
  /** The call in whose arguments a function is written. */
  readonly callOf: ReadonlyMap<number, number>;
  /** Class of a method, by function. */
  readonly classOf: ReadonlyMap<number, number>;
}

export interface Assigned {
  readonly fn: number;
  readonly value: Expr;
}

export const scopeKey = (fn: number, name: string): string => `${fn} ${name}`;

const views = new WeakMap<FileFacts, FileView>();

export function viewOf(file: FileFacts): FileView {
  let view = views.get(file);
  if (view === undefined) {
    view = makeView(file);
    views.set(file, view);
  }
  return view;
}

function makeView(file: FileFacts): FileView {
  const callsOf = new Map<number, number[]>();
  file.calls.forEach((call, index) => append(callsOf, call.fn, index));
  const callOf = new Map<number, number>();
  file.calls.forEach((call, index) => {
    for (const arg of call.args) if (arg.k === 'function') callOf.set(arg.fn, index);
  });
  const within = new Map<number, number[]>();
  file.functions.forEach((fn, index) => append(within, fn.parent, index));
  const classOf = new Map<number, number>();
  file.classes.forEach((cls, index) => {
    for (const { fn } of cls.members) if (fn !== undefined) classOf.set(fn, index);
    for (const { value } of cls.members) if (value?.k === 'function') classOf.set(value.fn, index);
  });
  const known = new Map<number, ReadonlyMap<string, Binding>>();
  const bindings = (fn: number): ReadonlyMap<string, Binding> => {
    let map = known.get(fn);
    if (map === undefined) {
      map = byName(fn === -1 ? file.bindings : (file.functions[fn]?.bindings ?? []));
      known.set(fn, map);
    }
    return map;
  };
  const assigned = new Map<string, Assigned[]>();
  const iterated = new Map<string, Assigned>();
  const ownerOf = (fn: number, name: string): number => {
    for (let at = fn; at !== -1; at = file.functions[at]?.parent ?? -1) if (bindings(at).has(name)) return at;
    return -1;
  };
  const assign = (fn: number, target: Expr, value: Expr): void => {
    if (target.k === 'name') append(assigned, scopeKey(ownerOf(fn, target.name), target.name), { fn, value });
    else if (target.k === 'member' && target.object.k === 'name') {
      const { name } = target.object;
      append(assigned, scopeKey(ownerOf(fn, name), `${name}.${target.name}`), { fn, value });
    } else if (target.k === 'member' && target.object.k === 'this') {
      const cls = classAround(file, classOf, fn);
      append(assigned, scopeKey(cls, `this.${target.name}`), { fn, value });
    } else if (target.k === 'object') {
      for (const { key, value: part } of target.entries) {
        if (typeof key === 'string') assign(fn, part, { k: 'member', object: value, name: key });
      }
    }
  };
  const readSteps = (fn: number, steps: readonly Step[]): void => {
    for (const step of steps) {
      if (step.k === 'each') {
        iterated.set(scopeKey(ownerOf(fn, step.name), step.name), { fn, value: step.of });
        readSteps(fn, step.body);
      } else {
        visit(step.value, (expr) => {
          if (expr.k === 'assign') assign(fn, expr.target, expr.value);
        });
      }
    }
  };
  readSteps(-1, file.body);
  file.functions.forEach((fn, index) => readSteps(index, fn.body));
  return { callsOf, callOf, within, bindings, assigned, iterated, classOf };
}

/** The class in whose method (or a function within it) something stands; -1 for none. */
export function classAround(file: FileFacts, classOf: ReadonlyMap<number, number>, fn: number): number {
  for (let at = fn; at !== -1; at = file.functions[at]?.parent ?? -1) {
    const cls = classOf.get(at);
    if (cls !== undefined) return cls;
  }
  return -1;
}

function byName(bindings: readonly Binding[]): ReadonlyMap<string, Binding> {
  const map = new Map<string, Binding>();
  for (const binding of bindings) {
    const known = map.get(binding.name);
    if (known === undefined || (known.k === 'value' && known.init === undefined))
      map.set(binding.name, binding);
  }
  return map;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Every expression within one, itself first; calls and functions are not entered: they stand in their own lists. */
export function visit(expr: Expr, see: (expr: Expr) => void): void {
  see(expr);
  switch (expr.k) {
    case 'concat':
      for (const part of expr.parts) visit(part, see);
      break;
    case 'member':
      visit(expr.object, see);
      break;
    case 'element':
      visit(expr.object, see);
      visit(expr.index, see);
      break;
    case 'object':
      for (const { value } of expr.entries) visit(value, see);
      break;
    case 'array':
      for (const item of expr.items) visit(item, see);
      break;
    case 'spread':
      visit(expr.value, see);
      break;
    case 'either':
      for (const option of expr.options) visit(option, see);
      break;
    case 'assign':
      visit(expr.target, see);
      visit(expr.value, see);
      break;
    default:
  }
}

/** Every value that a body hands to somebody: of its statements and, by the caller, of its calls. */
export function* stepValues(steps: readonly Step[]): Generator<Expr> {
  for (const step of steps) {
    if (step.k === 'each') {
      yield step.of;
      yield* stepValues(step.body);
    } else yield step.value;
  }
}

/** Returned values, in source order. */
export function* returnsOf(fn: FunctionFact): Generator<Expr> {
  yield* returnsIn(fn.body);
}

function* returnsIn(steps: readonly Step[]): Generator<Expr> {
  for (const step of steps) {
    if (step.k === 'return') yield step.value;
    else if (step.k === 'each') yield* returnsIn(step.body);
  }
}
