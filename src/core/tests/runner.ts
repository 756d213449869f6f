import type { TestState } from '../model/test.ts';

/** One test as a report names it. */
export interface ReportedTest {
  /** As in the report: often absolute, perhaps of another machine. */
  readonly file: string;
  /** Titles of suites, outermost first, then of the test. */
  readonly titles: readonly string[];
  readonly state: TestState;
  readonly durationMs?: number;
  /** Untrusted text. */
  readonly message?: string;
}

/** What a runner wrote about one run. */
export interface TestReport {
  readonly tests: readonly ReportedTest[];
  /** Files that failed before any test ran (a broken import), with the reason. */
  readonly brokenFiles: readonly { readonly file: string; readonly message: string }[];
  /** Milliseconds since the epoch. */
  readonly ranAtMs?: number;
  /** Entries that could not be read. */
  readonly skipped: number;
}

/** Names that a runner gives to test files. */
export interface TestVocabulary {
  /** `describe`, `suite` */
  readonly suites: readonly string[];
  /** `it`, `test` */
  readonly tests: readonly string[];
  readonly hooks: readonly string[];
  /** Called with a table or a condition and then with the title: `it.each(rows)('...')`. */
  readonly curried: readonly string[];
  /** Those of `curried` whose first argument is a table: their titles are patterns. */
  readonly tables: readonly string[];
  /** `test.extend({...})` makes another `test`. */
  readonly extensions: readonly string[];
  /** Marks a test without a body: `todo`. */
  readonly todo: string;
  /** Objects whose methods only assert or double (`expect`, `vi`), by their global name. */
  readonly tools: readonly string[];
  /** The object that replaces modules, and its methods that do. */
  readonly mocks: { readonly object: string; readonly methods: readonly string[] };
  /** Modules that export all of these names. */
  readonly modules: readonly string[];
}

/** A test runner: what its test files are, how they declare tests, how it is started and what it reports. */
export interface TestRunner {
  /** Its npm name. */
  readonly id: string;
  readonly title: string;
  /** A package.json with one of these runs its tests with this runner. */
  readonly packages: readonly string[];
  /** Base names of files that configure it. */
  readonly configFile: RegExp;
  /** Key under which a configuration holds `include` and `exclude`; empty: at the top. */
  readonly configKey: string;
  /** Globs relative to the configured folder. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly vocabulary: TestVocabulary;
  /** Name of the executable in `node_modules/.bin`. */
  readonly binary: string;
  /** The script behind it, relative to `node_modules`. */
  readonly script: string;
  /** Arguments that run only `files` (relative to the working folder) and write a report to `reportFile` (absolute). */
  readonly args: (files: readonly string[], reportFile: string) => readonly string[];
  /** Null when the text is no report of this runner; never throws. */
  readonly parseReport: (text: string) => TestReport | null;
  readonly example: {
    /** Path -> text of a small workspace. */
    readonly files: Readonly<Record<string, string>>;
    /** Expected ids of its tests, in the order of the index; a placeholder is marked by a trailing ` (placeholder)`. */
    readonly tests: readonly string[];
    /** A report of this workspace, and the states that it gives to the tests by id. */
    readonly report: string;
    readonly states: Readonly<Record<string, TestState>>;
  };
}
