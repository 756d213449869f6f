export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

export type HandlerKind =
  | 'route'
  | 'middleware'
  | 'error-middleware'
  | 'consumer'
  | 'listener'
  | 'resolver'
  | 'function'
  | 'job'
  | 'beat';

/** A function that a framework calls, once per registration. */
export interface Handler {
  /** `path#symbol@METHOD route` or `path#symbol@event`; no line numbers. A further equal registration gets `~2`, `~3`. */
  readonly id: string;
  /** `path#symbol`: groups the registrations of one function. */
  readonly function: string;
  readonly kind: HandlerKind;
  /** npm name of the framework. */
  readonly framework: string;
  /** Upper case; `ALL` for any method; absent for middleware. */
  readonly method?: string;
  /** Full route with every prefix, as the framework would report it. */
  readonly route?: string;
  /** A prefix of the route is computed at run time, or nothing seen mounts its router: `route` is the known end of it. */
  readonly openPrefix?: true;
  readonly event?: string;
  /** Posix, relative to the workspace: where the function is defined (the registration, if it cannot be followed). */
  readonly file: string;
  /** Qualified name: `OrderController.create`, `getUser`, `<anonymous>`. */
  readonly symbol: string;
  /** Start of the function (its name where it has one). */
  readonly start: Position;
  readonly end: Position;
  /** Where it is registered; `order` is its place among the handlers of one registration, from 0. */
  readonly registration: { readonly file: string; readonly start: Position; readonly order?: number };
  /** False when the handler expression could not be followed to a function in the workspace. */
  readonly resolved: boolean;
  /**
   * Only of a route's last function that is a guard: it calls `next()`, always or unless it refuses (answers 4xx or 5xx), so
   * that another registration of the same route answers.
   */
  readonly passesOn?: 'always' | 'or-refuses';
  readonly plugin: string;
  /** Name of the nearest package.json, or the empty string. */
  readonly package: string;
  /** Hash of the function's syntax without comments and white space; marks figures measured before an edit. */
  readonly syntaxHash: string;
}

/** A registration that could not be turned into a handler, with its reason. */
export interface Unresolved {
  readonly file: string;
  readonly start: Position;
  readonly framework: string;
  /** `computed-route`, `unknown-router`, ... */
  readonly code: string;
  readonly reason: string;
}

export interface HandlerIndex {
  /** Sorted by file, line, column, id. */
  readonly handlers: readonly Handler[];
  readonly unresolved: readonly Unresolved[];
}
