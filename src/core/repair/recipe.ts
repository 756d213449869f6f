import type { CodeAnalysis } from '../code/analysis.ts';
import type { Finding } from '../model/anomaly.ts';
import type { OperationComparison } from '../model/comparison.ts';
import type { Cause } from '../model/diagnosis.ts';
import type { FileEdit, FixProof, FixTier } from '../model/fix.ts';
import type { Handler, HandlerIndex } from '../model/handler.ts';
import type { HandlerTests } from '../model/test.ts';

export interface RecipeInput {
  readonly finding: Finding;
  readonly cause: Cause;
  readonly handler: Handler;
  readonly comparison?: OperationComparison;
  readonly index: HandlerIndex;
  /** Tests by handler id, for finding neighbours whose style a new test takes. */
  readonly tests: ReadonlyMap<string, HandlerTests>;
}

/** What running a test file in a scratch copy gave; `lines` is what it printed. */
export type Observation =
  | { readonly k: 'ran'; readonly lines: readonly string[]; readonly passed: number; readonly failed: number }
  | { readonly k: 'could-not-run'; readonly reason: string };

export interface RecipePorts {
  readonly code: CodeAnalysis;
  /** Text of a workspace file (posix, relative) as the user sees it, unsaved edits included; null for none. */
  readonly read: (file: string) => Promise<string | null>;
  /** True for a file that stands in the workspace, listed or not. */
  readonly exists: (file: string) => boolean;
  /**
   * Runs one test file with the project's own runner in a scratch copy, with `edits` over the workspace. Absent where
   * nothing may be run: a recipe that cannot do without says so as its reason.
   */
  readonly observe?: (
    test: { readonly file: string; readonly text: string },
    edits?: readonly { readonly file: string; readonly newText: string }[],
  ) => Promise<Observation>;
}

/** A fix before its docs are made and its hashes taken. */
export interface Draft {
  readonly k: 'draft';
  readonly title: string;
  readonly summary: string;
  readonly edits: readonly Pick<FileEdit, 'file' | 'newText' | 'part'>[];
  readonly proof: FixProof;
  readonly notes: readonly string[];
}

/** A good answer too: `reason` is one sentence for a person. */
export interface NoFix {
  readonly k: 'no-fix';
  readonly reason: string;
}

/** Mends one kind of cause. */
export interface Recipe {
  /** An imperative: `bound-concurrency`. */
  readonly id: string;
  readonly title: string;
  /** Kinds of cause detail that it mends. */
  readonly mends: readonly Cause['detail']['k'][];
  readonly tier: FixTier;
  readonly draft: (input: RecipeInput, ports: RecipePorts) => Promise<Draft | NoFix>;
  /** A small workspace before and after (path -> text); applied to `after` it must find nothing to do. */
  readonly example: {
    readonly before: Readonly<Record<string, string>>;
    readonly after: Readonly<Record<string, string>>;
    readonly input: Omit<RecipeInput, 'index' | 'tests'>;
  };
}
