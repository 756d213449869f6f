import type { TestState } from '../model/test.ts';
import { suitesAround, type DiscoveredTest } from './discover.ts';
import type { ReportedTest, TestReport } from './runner.ts';
import { titleMatches } from './title.ts';

/** What a run said of one test; several reported tests (rows of an `each`) are one. */
export interface RunResult {
  readonly state: TestState;
  readonly durationMs?: number;
  /** Untrusted text. */
  readonly message?: string;
}

/** A report laid over the tests of the source. */
export interface MatchedReport {
  /** By test id. */
  readonly results: ReadonlyMap<string, RunResult>;
  /** Reported tests that the source does not hold. */
  readonly unknown: number;
}

/** The tests of the source as reports name them; made once for all reports. */
export interface TestLookup {
  /** The test file that a reported path means; undefined when none or several may be meant. */
  readonly fileOf: (reported: string) => string | undefined;
  readonly testsOf: (path: string | undefined) => readonly DiscoveredTest[];
}

/** Files are found by their longest common end, as reports may be of another machine. */
export function createLookup(testsOf: ReadonlyMap<string, readonly DiscoveredTest[]>): TestLookup {
  return {
    fileOf: fileFinder([...testsOf.keys()]),
    testsOf: (path) => (path === undefined ? [] : (testsOf.get(path) ?? [])),
  };
}

/** Matches reported tests to those of the source by file and titles. */
export function matchReport(report: TestReport, { fileOf, testsOf }: TestLookup): MatchedReport {
  const found = new Map<string, ReportedTest[]>();
  let unknown = 0;
  for (const [file, reported] of groupByFile(report.tests)) {
    const tests = testsOf(fileOf(file));
    const exact = exactTitles(tests);
    const taken = new Map<string, number>();
    for (const entry of reported) {
      const key = JSON.stringify(entry.titles);
      const nth = taken.get(key) ?? 0;
      taken.set(key, nth + 1);
      const same = exact.get(key);
      // Tests of one name are told apart by their order; more runs than tests are repetitions of the last.
      const test = same === undefined ? tests.find((t) => fits(t, entry.titles)) : (same[nth] ?? same.at(-1));
      if (test === undefined) unknown++;
      else append(found, test.test.id, entry);
    }
  }
  const results = new Map([...found].map(([id, entries]) => [id, combine(entries)]));
  for (const { file, message } of report.brokenFiles) {
    for (const { test } of testsOf(fileOf(file))) {
      results.set(test.id, {
        state: 'failed',
        message: message || 'The file failed before any of its tests ran.',
      });
    }
  }
  return { results, unknown };
}

function groupByFile(tests: readonly ReportedTest[]): ReadonlyMap<string, readonly ReportedTest[]> {
  const groups = new Map<string, ReportedTest[]>();
  for (const test of tests) append(groups, test.file, test);
  return groups;
}

const exactKnown = new WeakMap<readonly DiscoveredTest[], ReadonlyMap<string, readonly DiscoveredTest[]>>();

function exactTitles(tests: readonly DiscoveredTest[]): ReadonlyMap<string, readonly DiscoveredTest[]> {
  const known = exactKnown.get(tests);
  if (known !== undefined) return known;
  const exact = new Map<string, DiscoveredTest[]>();
  exactKnown.set(tests, exact);
  for (const test of tests) {
    const patterns = patternsOf(test);
    if (patterns.every((pattern) => typeof pattern === 'string'))
      append(exact, JSON.stringify(patterns), test);
  }
  return exact;
}

const patternsOf = (test: DiscoveredTest): readonly (string | readonly string[])[] => [
  ...suitesAround(test.suite).map((suite) => suite.title.pattern),
  test.title.pattern,
];

function fits(test: DiscoveredTest, titles: readonly string[]): boolean {
  const patterns = patternsOf(test);
  const extra = titles.length - patterns.length;
  if (extra < 0 || (extra > 0 && !test.loose)) return false;
  return patterns.every((pattern, index) => titleMatches(pattern, titles[index + extra] ?? ''));
}

const WORST: readonly TestState[] = ['failed', 'passed', 'skipped', 'not-run'];

function combine(entries: readonly ReportedTest[]): RunResult {
  const state = WORST.find((candidate) => entries.some((entry) => entry.state === candidate)) ?? 'not-run';
  const durations = entries.flatMap(({ durationMs }) => durationMs ?? []);
  const message = entries.find((entry) => entry.state === 'failed' && entry.message !== undefined)?.message;
  return {
    state,
    ...(durations.length > 0 && { durationMs: durations.reduce((sum, ms) => sum + ms, 0) }),
    ...(message !== undefined && { message }),
  };
}

/** Finds the file of the workspace with the longest common end; undefined when several are equally long. */
function fileFinder(paths: readonly string[]): (reported: string) => string | undefined {
  const byName = new Map<string, string[][]>();
  for (const path of paths) {
    const segments = path.split('/');
    append(byName, segments.at(-1) ?? '', segments);
  }
  return (reported) => {
    const segments = reported
      .replace(/^file:\/\//, '')
      .replaceAll('\\', '/')
      .split('/')
      .filter((part) => part !== '.');
    let best = 0;
    let found: string[][] = [];
    for (const candidate of byName.get(segments.at(-1) ?? '') ?? []) {
      const length = commonEnd(candidate, segments);
      if (length > best) [best, found] = [length, [candidate]];
      else if (length === best) found.push(candidate);
    }
    // A path that is there in full is meant even where a deeper one ends alike.
    const whole = found.filter((candidate) => candidate.length === best);
    const [only, ...others] = whole.length > 0 ? whole : found;
    return others.length === 0 ? only?.join('/') : undefined;
  };
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a.at(-1 - length) === b.at(-1 - length)) length++;
  return length;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
