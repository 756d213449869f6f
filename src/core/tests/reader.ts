import type { Expr, FileFacts } from '../code/facts.ts';
import { classAround, viewOf } from './scope.ts';
import { staticScope, UNKNOWN, type FunctionValue, type Scope, type Value } from './value.ts';

/** What an import stands for; the engine knows how to find that out. */
export type ResolveImport = (
  from: string,
  source: string,
) =>
  | { readonly k: 'file'; readonly path: string }
  | { readonly k: 'package'; readonly name: string }
  | { readonly k: 'missing' };

/** One reading of what the names in a test file stand for. Nothing is run: branches count as taken, loops as turned once. */
export interface Reader {
  readonly facts: ReadonlyMap<string, FileFacts>;
  readonly resolve: ResolveImport;
  /** Names (or `all` of them) that the test file replaces by a mock, by the file that they come from. */
  readonly mocked: ReadonlyMap<string, ReadonlySet<string> | 'all'>;
  /** Files that were looked into. */
  readonly seen: Set<string>;
  /** Expressions that are being evaluated: a circle ends there. */
  readonly busy: Set<Expr>;
  readonly memo: Map<Expr, Value>;
  /** Evaluations left: a hostile file must end. */
  fuel: number;
  depth: number;
  readonly evaluate: (scope: Scope, expr: Expr) => Value;
}

/** A function as a value of the scope in which it stands. */
export const functionValue = (scope: Scope, fn: number): FunctionValue => {
  const arrow = scope.file.functions[fn]?.arrow === true;
  const self = arrow ? thisValue(scope) : UNKNOWN;
  return { t: 'function', file: scope.file, fn, scope, ...(self.t !== 'unknown' && { self }) };
};

/** What `this` stands for in a scope. */
export function thisValue(scope: Scope): Value {
  if (scope.self !== undefined) return scope.self;
  const cls = classAround(scope.file, viewOf(scope.file).classOf, scope.fn);
  if (cls === -1) return UNKNOWN;
  return { t: 'instance', of: { t: 'class', file: scope.file, cls, scope: staticScope(scope.file, -1) } };
}
