import type { FileFacts } from '../code/facts.ts';
import type { Handler, HandlerIndex } from '../model/handler.ts';
import type { HandlerTests, TestCase, TestLevel, TestLink, TestResult } from '../model/test.ts';
import { createImportGraph } from './closure.ts';
import { discoverTests, type DiscoveredFile } from './discover.ts';
import { testFileOf, testRoots, type TestFile, type TestProject, type TestRoot } from './files.ts';
import { handlersByFunction, linkTests, type FileLinks, type LinkContext } from './link.ts';
import type { ResolveImport } from './reader.ts';
import { createLookup, matchReport, type RunResult } from './results.ts';
import { routeTable } from './routes.ts';
import type { TestReport, TestRunner } from './runner.ts';
import * as registry from './runners/registry.ts';

export interface TestIndexOptions {
  /** True when a file (posix, relative) changed after a time (milliseconds since the epoch): results from before are stale. */
  readonly changedAfter: (path: string, ms: number) => boolean;
  readonly runners?: readonly TestRunner[];
}

/** What became of a report. */
export interface ReportOutcome {
  /** Id of the runner that wrote it; null when no runner knows it. */
  readonly runner: string | null;
  readonly matched: number;
  /** Tests that the source does not hold. */
  readonly unknown: number;
  /** Entries that could not be read. */
  readonly skipped: number;
}

/** All tests of a workspace, their links to handlers and their results; answers come from memory. */
export interface TestIndex {
  /** After every link of the code; only test files that a change can concern are read again. */
  readonly update: (
    facts: ReadonlyMap<string, FileFacts>,
    handlers: HandlerIndex,
    project: TestProject,
    resolve: ResolveImport,
  ) => void;
  /** Text of a report (null: it is gone) known by `file`; `ranAtMs` counts where the report itself names no time. */
  readonly setReport: (text: string | null, file: string, ranAtMs: number) => ReportOutcome;
  readonly forHandler: (handlerId: string) => HandlerTests;
  /** In the order of file and place. */
  readonly cases: () => readonly TestCase[];
  readonly links: () => readonly TestLink[];
  readonly resultOf: (test: TestCase) => TestResult | undefined;
  /** Test files to run for a handler: those whose tests call it, else those that name it. */
  readonly affectedFiles: (handlerId: string) => readonly TestFile[];
  readonly files: () => readonly TestFile[];
  /** True where a runner known here is set up for the folder of a file, so that "no test" can be said of it. */
  readonly covers: (path: string) => boolean;
}

interface KnownFile {
  readonly facts: FileFacts;
  readonly testFile: TestFile;
  readonly discovered: DiscoveredFile;
  linked: FileLinks;
  /** Facts of the files that the links were read from. */
  seen: ReadonlyMap<string, FileFacts | undefined>;
}

const LEVELS: readonly TestLevel[] = ['executed', 'called', 'imported', 'placeholder', 'none'];
/** Reports of runs on demand that are kept beside those of the configured places. */
const MAX_REPORTS = 64;

export function createTestIndex(options: TestIndexOptions): TestIndex {
  const runners = options.runners ?? Object.values(registry);
  let files = new Map<string, KnownFile>();
  let handlersById = new Map<string, Handler>();
  let structure = '';
  let rootFolders: readonly string[] = [];
  let linksOf = new Map<string, { readonly level: TestLink['level']; readonly test: TestCase }[]>();
  const reports = new Map<string, { readonly report: TestReport; readonly ranAtMs: number }>();
  let results = new Map<string, RunResult & { readonly ranAtMs: number }>();

  const matchAll = (): ReadonlyMap<string, { readonly matched: number; readonly unknown: number }> => {
    const lookup = createLookup(new Map([...files].map(([path, file]) => [path, file.discovered.tests])));
    const outcomes = new Map<string, { matched: number; unknown: number }>();
    results = new Map();
    const newestLast = [...reports].sort((a, b) => a[1].ranAtMs - b[1].ranAtMs);
    for (const [key, { report, ranAtMs }] of newestLast) {
      const { results: found, unknown } = matchReport(report, lookup);
      for (const [id, result] of found) results.set(id, { ...result, ranAtMs });
      outcomes.set(key, { matched: found.size, unknown });
    }
    return outcomes;
  };

  const index: TestIndex = {
    update(facts, handlers, project, resolve) {
      handlersById = new Map(handlers.handlers.map((handler) => [handler.id, handler]));
      const roots = testRoots(runners, facts, project);
      rootFolders = roots.map(({ dir }) => dir);
      const now = structureOf(facts, handlers, roots);
      const context: LinkContext = {
        facts,
        handlers: {
          byFunction: handlersByFunction(handlers.handlers),
          routes: routeTable(handlers.handlers),
          global: handlers.handlers.filter(
            ({ kind, method }) => kind === 'middleware' && method === undefined,
          ),
        },
        resolve,
        importsOf: createImportGraph(facts, resolve),
        packageOf: packageFinder(project),
      };
      const next = new Map<string, KnownFile>();
      let declared = false;
      for (const file of facts.values()) {
        const testFile = testFileOf(file, roots);
        if (testFile === undefined) continue;
        const known = files.get(file.path);
        const same = known?.facts === file && known.testFile.root.runner === testFile.root.runner;
        const current =
          now === structure && same && [...known.seen].every(([path, old]) => facts.get(path) === old);
        // What a file declares is its own text's; only its links depend on others.
        const discovered = same ? known.discovered : discoverTests(file, testFile.root.runner);
        if (!same) declared = true;
        next.set(
          file.path,
          current ? { ...known, testFile } : readTestFile(context, file, testFile, discovered),
        );
      }
      declared ||= next.size !== files.size;
      structure = now;
      files = new Map([...next].sort(([a], [b]) => (a < b ? -1 : 1)));
      linksOf = groupLinks(files.values());
      if (declared) matchAll();
    },
    setReport(text, file, ranAtMs) {
      reports.delete(file);
      const nothing = { runner: null, matched: 0, unknown: 0, skipped: 0 };
      const read = text === null ? undefined : readReport(runners, text);
      if (read === undefined) {
        matchAll();
        return nothing;
      }
      const { report, runner } = read;
      reports.set(file, { report, ranAtMs: report.ranAtMs ?? ranAtMs });
      for (const key of [...reports.keys()].slice(0, -MAX_REPORTS)) reports.delete(key);
      const outcome = matchAll().get(file) ?? { matched: 0, unknown: 0 };
      return { runner: runner.id, ...outcome, skipped: report.skipped };
    },
    forHandler(handlerId) {
      const links = linksOf.get(handlerId) ?? [];
      const level = LEVELS.find((candidate) => links.some((link) => link.level === candidate)) ?? 'none';
      const best = level === 'placeholder' ? [] : links.filter((link) => link.level === level);
      const handler = handlersById.get(handlerId);
      const tests = best.map(({ test, level: own }) => {
        const result = resultFor(test, handler);
        return { test, level: own, ...(result && { result }) };
      });
      const count = (state: TestResult['state']): number =>
        tests.filter(({ result }) => result?.state === state).length;
      const [passed, failed] = [count('passed'), count('failed')];
      return { level, passed, failed, notRun: tests.length - passed - failed, tests };
    },
    cases: () => [...files.values()].flatMap(({ discovered }) => discovered.tests.map(({ test }) => test)),
    links: () => [...files.values()].flatMap(({ linked }) => linked.links),
    resultOf: (test) => resultFor(test, undefined),
    affectedFiles(handlerId) {
      const links = linksOf.get(handlerId) ?? [];
      const level = LEVELS.find((candidate) => links.some((link) => link.level === candidate));
      const paths = new Set(links.filter((link) => link.level === level).map(({ test }) => test.file));
      return [...paths].flatMap((path) => files.get(path)?.testFile ?? []);
    },
    files: () => [...files.values()].map(({ testFile }) => testFile),
    covers: (path) => rootFolders.some((dir) => dir === '' || path.startsWith(`${dir}/`)),
  };

  function resultFor(test: TestCase, handler: Handler | undefined): TestResult | undefined {
    const result = results.get(test.id);
    if (result === undefined) return undefined;
    const { ranAtMs } = result;
    const stale =
      options.changedAfter(test.file, ranAtMs) ||
      (handler !== undefined && options.changedAfter(handler.file, ranAtMs));
    return { testId: test.id, ...result, stale };
  }

  return index;
}

function readTestFile(
  context: LinkContext,
  facts: FileFacts,
  testFile: TestFile,
  discovered: DiscoveredFile,
): KnownFile {
  const { runner } = testFile.root;
  const linked = linkTests(context, facts, runner, discovered);
  const seen = new Map([...linked.seen].map((path) => [path, context.facts.get(path)]));
  return { facts, testFile, discovered, linked, seen };
}

function groupLinks(
  files: Iterable<KnownFile>,
): Map<string, { readonly level: TestLink['level']; readonly test: TestCase }[]> {
  const groups = new Map<string, { level: TestLink['level']; test: TestCase }[]>();
  for (const { discovered, linked } of files) {
    const byId = new Map(discovered.tests.map(({ test }) => [test.id, test]));
    for (const { testId, handlerId, level } of linked.links) {
      const test = byId.get(testId);
      if (test === undefined) continue;
      const group = groups.get(handlerId);
      if (group === undefined) groups.set(handlerId, [{ level, test }]);
      else group.push({ level, test });
    }
  }
  return groups;
}

function readReport(
  runners: readonly TestRunner[],
  text: string,
): { readonly report: TestReport; readonly runner: TestRunner } | undefined {
  for (const runner of runners) {
    const report = runner.parseReport(text);
    if (report !== null) return { report, runner };
  }
  return undefined;
}

/** What any link may depend on beyond the files that it was read from: which files there are, what they import, the routes. */
function structureOf(
  facts: ReadonlyMap<string, FileFacts>,
  handlers: HandlerIndex,
  roots: readonly TestRoot[],
): string {
  const imports = [...facts.values()].map(importsText);
  const routes = handlers.handlers.map((handler) => `${handler.id}@${handler.registration.file}`);
  return [...imports.sort(), ...routes, ...roots.map((root) => `${root.runner.id}:${root.dir}`)].join('\n');
}

const importTexts = new WeakMap<FileFacts, string>();

function importsText(file: FileFacts): string {
  let text = importTexts.get(file);
  if (text === undefined) {
    text = `${file.path}:${file.imports.map((i) => i.kind + i.source).join()}`;
    importTexts.set(file, text);
  }
  return text;
}

function packageFinder(project: TestProject): (path: string) => string {
  const deepestFirst = project.packages.map(({ dir }) => dir).sort((a, b) => b.length - a.length);
  return (path) => deepestFirst.find((dir) => dir === '' || path.startsWith(`${dir}/`)) ?? '';
}
