import type { Position } from '../model/handler.ts';

/**
 * A value expression as far as static evaluation can use it. Parentheses, type assertions, `await`, `void` and `!` are gone;
 * what no evaluation needs is `other`. Indices point into the lists of the same `FileFacts`.
 */
export type Expr =
  | { readonly k: 'text'; readonly value: string }
  | { readonly k: 'number'; readonly value: number }
  | { readonly k: 'literal'; readonly value: boolean | null }
  | { readonly k: 'regexp'; readonly source: string }
  /** Template literal or `+`. */
  | { readonly k: 'concat'; readonly parts: readonly Expr[] }
  | { readonly k: 'name'; readonly name: string }
  | { readonly k: 'this' }
  | { readonly k: 'super' }
  | { readonly k: 'member'; readonly object: Expr; readonly name: string }
  | { readonly k: 'element'; readonly object: Expr; readonly index: Expr }
  | { readonly k: 'call'; readonly call: number }
  | { readonly k: 'function'; readonly fn: number }
  | { readonly k: 'class'; readonly cls: number }
  | { readonly k: 'object'; readonly entries: readonly ObjectEntry[] }
  | { readonly k: 'array'; readonly items: readonly Expr[] }
  | { readonly k: 'spread'; readonly value: Expr }
  /** `a ?? b`, `a || b` (or), `c ? a : b` (cond), `a && b` (and: only b is kept). */
  | { readonly k: 'either'; readonly op: 'or' | 'cond' | 'and'; readonly options: readonly Expr[] }
  /** `require('x')` or `import('x')` with a literal. */
  | { readonly k: 'import'; readonly source: string; readonly dynamic: boolean }
  | { readonly k: 'assign'; readonly target: Expr; readonly value: Expr }
  | { readonly k: 'other' };

/** `key` is null for a spread, an expression for a computed key. */
export interface ObjectEntry {
  readonly key: string | Expr | null;
  readonly value: Expr;
}

/** What a body does that evaluation can follow, in source order; branches and loops without an iterated value are flattened. */
export type Step =
  | { readonly k: 'do'; readonly value: Expr }
  | { readonly k: 'bind'; readonly name: string; readonly value: Expr }
  | { readonly k: 'return'; readonly value: Expr }
  /** `for (const name of value)`, or `in` with keys. */
  | {
      readonly k: 'each';
      readonly name: string;
      readonly keys: boolean;
      readonly of: Expr;
      readonly body: readonly Step[];
    };

/** A name of a function's (or the module's) scope; block-scoped names that shadow one of the same function carry `~n`. */
export type Binding =
  | { readonly k: 'value'; readonly name: string; readonly init?: Expr; readonly type?: string }
  | {
      readonly k: 'param';
      readonly name: string;
      readonly index: number;
      readonly type?: string;
      readonly init?: Expr;
    }
  | { readonly k: 'function'; readonly name: string; readonly fn: number }
  | { readonly k: 'class'; readonly name: string; readonly cls: number }
  /** `imported` is a name, `default`, or `*` for the namespace, `=` for `import x = require()`. */
  | { readonly k: 'import'; readonly name: string; readonly source: string; readonly imported: string };

export interface ImportFact {
  readonly source: string;
  readonly kind: 'import' | 'require' | 'dynamic' | 're-export' | 'type';
  readonly at: Position;
}

/** `name` is `default`, `*` for an `export *`, `=` for `module.exports =`; a local export has `value`, a re-export `source` and `imported`. */
export type ExportFact =
  | { readonly name: string; readonly value: Expr }
  | { readonly name: string; readonly source: string; readonly imported: string };

export interface ParamFact {
  /** Empty for a pattern. */
  readonly name: string;
  readonly type?: string;
  readonly rest: boolean;
}

export interface FunctionFact {
  /** Qualified name (`OrderController.create`), by `naming`; empty when there is none. */
  readonly symbol: string;
  /**
   * `own`: declared so or assigned to it. `wrapped`: an argument of the call that is assigned to it.
   * `returned`: returned by the function of that name. `none`: anonymous.
   */
  readonly naming: 'own' | 'wrapped' | 'returned' | 'none';
  /** The name where it has one of its own, else the start of the function. */
  readonly at: Position;
  readonly end: Position;
  readonly params: readonly ParamFact[];
  readonly bindings: readonly Binding[];
  readonly body: readonly Step[];
  /** Enclosing function, -1 for the module. */
  readonly parent: number;
  /** Arrow functions take `this` from outside. */
  readonly arrow: boolean;
  /** Changes with the syntax, not with comments, white space or quotes. */
  readonly hash: string;
  /** Source text up to the body, on one line. */
  readonly signature: string;
  /** Doc comment without its comment signs. */
  readonly comment?: string;
  /** Names of the classes that it throws itself, in order of the text. */
  readonly throws: readonly string[];
}

export interface DecoratorFact {
  readonly value: Expr;
  readonly at: Position;
}

export interface MemberFact {
  readonly name: string;
  readonly static: boolean;
  readonly kind: 'method' | 'field' | 'getter' | 'constructor';
  /** A method's function, or a field's initial value. */
  readonly fn?: number;
  readonly value?: Expr;
  readonly type?: string;
  readonly decorators: readonly DecoratorFact[];
  readonly at: Position;
}

export interface ClassFact {
  readonly name: string;
  readonly at: Position;
  readonly end: Position;
  readonly extends?: Expr;
  readonly members: readonly MemberFact[];
  readonly decorators: readonly DecoratorFact[];
  readonly parent: number;
}

export interface CallFact {
  readonly callee: Expr;
  readonly args: readonly Expr[];
  readonly isNew: boolean;
  readonly at: Position;
  /** Of the called name: `get` in `router.get()`. */
  readonly nameAt: Position;
  readonly end: Position;
  /** Enclosing function, -1 for the module. */
  readonly fn: number;
}

/** What one source file says of itself, from its own text alone: plain data that can be cached by the hash of the text. */
export interface FileFacts {
  readonly path: string;
  readonly syntaxErrors: number;
  readonly imports: readonly ImportFact[];
  readonly exports: readonly ExportFact[];
  readonly functions: readonly FunctionFact[];
  readonly classes: readonly ClassFact[];
  /** In order of their start, an outer call before those within it. */
  readonly calls: readonly CallFact[];
  readonly bindings: readonly Binding[];
  readonly body: readonly Step[];
}
