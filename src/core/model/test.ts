import type { Position } from './handler.ts';

/** How closely a test is tied to a handler, strongest first; `executed` needs coverage. */
export type TestLevel = 'executed' | 'called' | 'imported' | 'placeholder' | 'none';

export type TestState = 'passed' | 'failed' | 'skipped' | 'not-run';

/** One `it` or `test`; id is `file#suite > title` with `~2` for repeats. */
export interface TestCase {
  readonly id: string;
  readonly file: string;
  /** Titles of the enclosing suites, outermost first. */
  readonly suite: readonly string[];
  readonly title: string;
  readonly start: Position;
  readonly runner: string;
  /** True when its body asserts nothing about the program (only literals, empty, `todo`). */
  readonly placeholder: boolean;
}

export interface TestResult {
  readonly testId: string;
  readonly state: TestState;
  readonly durationMs?: number;
  /** First failure message, untrusted text. */
  readonly message?: string;
  /** Event time of the run, milliseconds since the epoch. */
  readonly ranAtMs?: number;
  /** True when the test file or what it was linked to changed after the run. */
  readonly stale: boolean;
}

export interface TestLink {
  readonly testId: string;
  readonly handlerId: string;
  readonly level: Exclude<TestLevel, 'none'>;
}

/** Test status of one handler, ready to show. */
export interface HandlerTests {
  readonly level: TestLevel;
  readonly passed: number;
  readonly failed: number;
  readonly notRun: number;
  /** Tests at the handler's best level and above `placeholder`, for hovers and docs. */
  readonly tests: readonly {
    readonly test: TestCase;
    readonly level: Exclude<TestLevel, 'none'>;
    readonly result?: TestResult;
  }[];
}
