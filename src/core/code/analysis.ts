import type { CodeSite } from '../model/diagnosis.ts';
import type { Position } from '../model/handler.ts';

/** Read access to files by absolute path, for resolving imports and types; never throws. */
export interface SourceHost {
  /** Absolute folder of the workspace. */
  readonly root: string;
  /** Unsaved texts come before what is on disk. */
  readonly readFile: (path: string) => string | undefined;
  readonly fileExists: (path: string) => boolean;
  readonly directoryExists: (path: string) => boolean;
  /** Names of the folders in a folder. */
  readonly directories: (path: string) => readonly string[];
  readonly realpath: (path: string) => string;
}

/** An awaited call that a loop makes once per round, one after the other. */
export interface LoopAwait {
  /** The whole loop statement. */
  readonly loop: CodeSite;
  /** The awaited call expression. */
  readonly call: CodeSite;
  /** Source text of the called expression: `inventory.availableOf`. */
  readonly callee: string;
  /** The called function where it is in the workspace. */
  readonly definition?: CodeSite;
  /** Text literals (parts of templates too) in the called function and what it calls, three calls deep: a path, a query, a queue. */
  readonly literals: readonly string[];
  /** Functions from the handler to the loop, as qualified names. */
  readonly via: readonly string[];
}

/** What can throw at a place of a stack frame. */
export interface ThrowSite {
  /** The expression or `throw` statement. */
  readonly site: CodeSite;
  /** The statement around it. */
  readonly statement: CodeSite;
  readonly kind: 'throw' | 'member-of-nothing' | 'call-of-no-function' | 'destructured-nothing' | 'other';
  /** Text of the value that is not as expected: `customer`. */
  readonly subject?: string;
  /** For a subject that is a local constant: the text it was initialised with. */
  readonly origin?: string;
  /** Request inputs that the subject or its origin is made of: `path.customerId`, `query.sort`, `body.lines`. */
  readonly inputs: readonly string[];
}

/** A close look at a few functions, with types; loads the compiler and the files that matter on first use. */
export interface CodeAnalysis {
  /** In every function reachable from this one through calls that can be followed (six calls deep); nearest first. */
  readonly awaitsInLoops: (from: {
    readonly file: string;
    readonly start: Position;
  }) => Promise<readonly LoopAwait[]>;
  /** `message` of the exception tells apart what the place alone does not: a missing object from a missing function. */
  readonly throwSiteAt: (file: string, at: Position, message?: string) => Promise<ThrowSite | null>;
  /** Rewrites; each gives the new text of the file, or why it cannot be done in one sentence. */
  readonly boundConcurrency: (loop: CodeSite, limit: number) => Promise<Rewrite>;
  /** `models` are files of other handlers: how they refuse a request is how this one will. */
  readonly guard: (
    site: ThrowSite,
    handler: { readonly file: string; readonly start: Position },
    models?: readonly string[],
  ) => Promise<GuardRewrite>;
  /** To be called when a text changed: the next question reads the files again. */
  readonly invalidate: () => void;
}

/** `assumes` are sentences for the reviewer on what the code does not show. */
export type Rewrite =
  | { readonly k: 'text'; readonly newText: string; readonly assumes: readonly string[] }
  | { readonly k: 'refused'; readonly reason: string };

/** `status` is the HTTP status that the guarded inputs get now. */
export type GuardRewrite =
  | { readonly k: 'text'; readonly newText: string; readonly status: number; readonly how: string }
  | { readonly k: 'refused'; readonly reason: string };
