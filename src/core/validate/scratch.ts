/** What tests of some files said in a scratch copy. `could-not-run` says nothing about the tests. */
export type TestRun =
  | {
      readonly k: 'ran';
      readonly tests: readonly {
        readonly file: string;
        /** Suites and title joined by ` > `. */
        readonly title: string;
        readonly state: 'passed' | 'failed' | 'skipped';
        readonly message?: string;
      }[];
      /** Files that could not be loaded, with the reason. */
      readonly brokenFiles: readonly { readonly file: string; readonly message: string }[];
      /** Complete lines that the run printed. */
      readonly lines: readonly string[];
    }
  | { readonly k: 'cancelled' }
  | { readonly k: 'could-not-run'; readonly reason: string };

/** Runs test files (posix, relative) with the project's own runner, in a copy at `root` (absolute). */
export type RunTestFiles = (
  root: string,
  files: readonly string[],
  options: { readonly signal?: AbortSignal; readonly env?: Readonly<Record<string, string>> },
) => Promise<TestRun>;

/** A text was to be put where no file of the workspace can be: outside of it, or into its dependencies. */
export class OutsideScratch extends Error {}

/** A copy of the workspace that can be changed and run; the user's own files are never written to. */
export interface Scratch {
  /** Absolute. */
  readonly root: string;
  /** Which isolation its runs have, for the verdict. */
  readonly isolation: string;
  /** Puts texts in place (null deletes); what was there before is remembered for `restore`. Throws `OutsideScratch` and then changes nothing. */
  readonly put: (
    edits: readonly { readonly file: string; readonly newText: string | null }[],
  ) => Promise<void>;
  /** Back to the state of the copy. */
  readonly restore: () => Promise<void>;
  readonly close: () => Promise<void>;
}
