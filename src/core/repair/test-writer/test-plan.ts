import type { CallSample } from '../../model/shape.ts';

/** Names that a generated test imports beyond what its neighbour's set-up does. */
export interface ImportLine {
  /** Module specifier as written in the new test file. */
  readonly from: string;
  readonly named: readonly string[];
}

/** How the neighbour writes code. */
export interface CodeStyle {
  readonly quote: "'" | '"';
  readonly semicolon: ';' | '';
  readonly indent: string;
  /** Which of the two names declares a test. */
  readonly test: 'it' | 'test';
  /** Longest line that it writes. */
  readonly width: number;
}

export interface GeneratedTest {
  /** As plain text; it is escaped when it is written. */
  readonly title: string;
  /** Statements without indentation of their own, in the style of the plan. */
  readonly body: string;
}

/** A test file that is about to be written, in the manner of a neighbour. */
export interface TestPlan {
  /** New file beside its neighbours, posix and relative; nothing stands there yet. */
  readonly file: string;
  /** The test file whose imports, hooks and style are taken. */
  readonly neighbour: string;
  /** Top-level declarations and hooks that start what is tested. */
  readonly header: string;
  readonly style: CodeStyle;
  /** What `.get('/path')` is called on: `request(shop.app)`. */
  readonly sender: string;
  /** The expression that sends a recorded call, without `await`: `request(shop.app).get('/api/orders')`. */
  readonly request: (sample: Pick<CallSample, 'method' | 'path' | 'query'>) => string;
  /** Source text of a string with any content. */
  readonly literal: (text: string) => string;
  /** Specifier of a workspace file, as the new file imports it. */
  readonly importPath: (file: string) => string;
  /** A whole file with one test. Test functions (`describe`, `it`, `expect`, `vi`) that it uses are imported by itself. */
  readonly render: (
    extraImports: readonly ImportLine[],
    title: { readonly suite: string; readonly title: string },
    body: string,
  ) => string;
  /** A whole file with several tests in one suite. */
  readonly renderSuite: (
    extraImports: readonly ImportLine[],
    suite: string,
    tests: readonly GeneratedTest[],
  ) => string;
}
