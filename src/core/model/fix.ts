import type { CallSample } from './shape.ts';

/** The whole new content of one file. */
export interface FileEdit {
  /** Posix, relative to the workspace. */
  readonly file: string;
  /** SHA-256 of the text it was made from, hex; null for a file that must not exist yet. */
  readonly sha256Before: string | null;
  readonly newText: string;
  readonly part: 'code' | 'test' | 'docs';
}

/** `safe`: same results for every input the recipe reasons about; `suggestion`: changes what is answered. */
export type FixTier = 'safe' | 'suggestion';

/** One change set that mends one cause: code, test and docs. */
export interface Fix {
  /** Hash of fingerprint, recipe and edits. */
  readonly id: string;
  readonly fingerprint: string;
  readonly recipe: string;
  readonly tier: FixTier;
  /** Imperative, as for a commit: `Ask for the stock of all products at once`. */
  readonly title: string;
  /** What changes and what stays as it was, for the reviewer. */
  readonly summary: string;
  readonly edits: readonly FileEdit[];
  readonly proof: FixProof;
  /** What the reviewer has to know, such as "no generated pages in this workspace". */
  readonly notes: readonly string[];
}

/** What a verdict has to look at, beyond what every fix must pass. */
export interface FixProof {
  /** Test file of the fix (posix) and the full title of its test, suites joined by ` > `. */
  readonly test: { readonly file: string; readonly title: string };
  /** True: the new test must fail on the code before (a fault is mended). False: it pins down what is there (a test for untested code). */
  readonly failsBefore: boolean;
  /** Mutants of the code of which the new test has to fail on at least one, and every one that it should: whole file texts. */
  readonly mutants: readonly { readonly file: string; readonly newText: string; readonly what: string }[];
  /** For a performance fix: a test file to be run before and after that prints `suture-replay <ms>` per request. */
  readonly replay?: { readonly file: string; readonly text: string; readonly samples: readonly CallSample[] };
}

export type GateStatus = 'passed' | 'failed' | 'inconclusive' | 'skipped';

/** One condition of a verdict. */
export interface Gate {
  /** `applies`, `baseline`, `fails-before`, `passes-after`, `kills-mutant`, `affected-tests`, `type-check`, `replay`. */
  readonly id: string;
  readonly status: GateStatus;
  /** One or two sentences with figures; plain, may hold output of tools. */
  readonly evidence: string;
}

/** What a scratch copy said of a fix. `inconclusive` (tests that cannot run) is never a pass. */
export interface Verdict {
  readonly fixId: string;
  readonly fingerprint: string;
  readonly status: 'passed' | 'failed' | 'inconclusive';
  readonly gates: readonly Gate[];
  /** Which isolation the runs had: `no network but loopback and socket files`, `none: ...`. */
  readonly isolation: string;
  readonly seconds: number;
}
