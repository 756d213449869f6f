import type { CallFact, Expr, FileFacts } from '../code/facts.ts';

/** Stands in a text for a part that is not known before the test runs. */
export const HOLE = '\u0000';

/** Where an expression is evaluated: a function with its arguments (the module, -1, has none) within its enclosing scopes. */
export interface Scope {
  readonly file: FileFacts;
  readonly fn: number;
  readonly parent: Scope | undefined;
  readonly args: readonly Argument[];
  readonly self: Value | undefined;
}

/** An argument is evaluated when somebody asks for it. */
export type Argument =
  { readonly scope: Scope; readonly expr: Expr; readonly rest?: readonly Expr[] } | { readonly value: Value };

export type FunctionValue = {
  readonly t: 'function';
  readonly file: FileFacts;
  readonly fn: number;
  readonly scope: Scope;
  readonly self?: Value;
};
export type ClassValue = {
  readonly t: 'class';
  readonly file: FileFacts;
  readonly cls: number;
  readonly scope: Scope;
};
/** An Express app or router: where and by which call it was made. */
export type AppValue = { readonly t: 'app'; readonly scope: Scope; readonly made: CallFact };

/** What a test can have in its hands, as far as reading can tell. */
export type Value =
  | FunctionValue
  | ClassValue
  | AppValue
  | { readonly t: 'instance'; readonly of: ClassValue }
  | { readonly t: 'module'; readonly path: string }
  | { readonly t: 'object'; readonly scope: Scope; readonly expr: Extract<Expr, { k: 'object' }> }
  | { readonly t: 'array'; readonly items: readonly Value[] }
  | { readonly t: 'external'; readonly package: string; readonly path: readonly string[] }
  /** What sends requests to an app: `request(app)`, an agent. */
  | { readonly t: 'client'; readonly app: Value }
  /** A request on its way: `request(app).get('/x').send()`. */
  | { readonly t: 'request' }
  /** May hold HOLEs. */
  | { readonly t: 'text'; readonly value: string }
  /** A function within another that was not followed: `asyncHandler(fn)`. */
  | { readonly t: 'wrapped'; readonly inner: Value }
  | { readonly t: 'method'; readonly of: Value; readonly name: string }
  | { readonly t: 'union'; readonly options: readonly Value[] }
  /** `label`: how it is written, for names of clients; empty when that says nothing. */
  | { readonly t: 'unknown'; readonly label: string };

export const UNKNOWN: Value = { t: 'unknown', label: '' };

/** Scope of a module, or of a function seen from outside of any call of it. */
export function staticScope(file: FileFacts, fn: number): Scope {
  const fact = file.functions[fn];
  const parent = fact === undefined ? undefined : staticScope(file, fact.parent);
  return { file, fn: fact === undefined ? -1 : fn, parent, args: [], self: undefined };
}

/** The functions that a value may be. */
export function functionsOf(value: Value): readonly FunctionValue[] {
  switch (value.t) {
    case 'function':
      return [value];
    case 'wrapped':
      return functionsOf(value.inner);
    case 'union':
      return value.options.flatMap(functionsOf);
    case 'array':
      return value.items.flatMap(functionsOf);
    default:
      return [];
  }
}

/** Alternatives of a value, itself when it is only one. */
export const optionsOf = (value: Value): readonly Value[] => (value.t === 'union' ? value.options : [value]);

/** One value for several: unknown ones are left out. */
export function unionOf(values: readonly Value[]): Value {
  const known = [...new Set(values.flatMap(optionsOf).filter((value) => value.t !== 'unknown'))];
  return known.length > 1 ? { t: 'union', options: known.slice(0, 64) } : (known[0] ?? values[0] ?? UNKNOWN);
}
