import type { FileFacts } from '../code/facts.ts';
import type { Handler } from '../model/handler.ts';
import type { TestLink } from '../model/test.ts';
import {
  discoverTests,
  suitesAround,
  type DiscoveredFile,
  type DiscoveredTest,
  type Suite,
} from './discover.ts';
import { createReader } from './evaluate.ts';
import { importedFunctions } from './imported.ts';
import { mocksOf } from './mocks.ts';
import type { ResolveImport } from './reader.ts';
import { createRouter, type RequestRouter } from './router.ts';
import type { RouteEntry } from './routes.ts';
import type { TestRunner } from './runner.ts';
import { staticScope } from './value.ts';
import { functionKey, supportFiles, walk, type Reached, type WalkOptions } from './walk.ts';

/** What links are made with: the same for all test files of one state of the workspace. */
export interface LinkContext {
  readonly facts: ReadonlyMap<string, FileFacts>;
  readonly handlers: HandlerLookup;
  readonly resolve: ResolveImport;
  /** Files that a file imports, directly or not. */
  readonly importsOf: (path: string) => ReadonlySet<string>;
  /** Folder of the package that holds a file. */
  readonly packageOf: (path: string) => string;
}

/** Handlers by what tests can reach them by. */
export interface HandlerLookup {
  readonly byFunction: ReadonlyMap<string, readonly Handler[]>;
  readonly routes: readonly RouteEntry[];
  /** Middleware of whole apps. */
  readonly global: readonly Handler[];
}

/** The links of one test file, and the files that they were read from. */
export interface FileLinks {
  readonly links: readonly TestLink[];
  readonly seen: ReadonlySet<string>;
}

/** Indexes handlers by function, for `LinkContext`. */
export function handlersByFunction(handlers: readonly Handler[]): HandlerLookup['byFunction'] {
  const map = new Map<string, Handler[]>();
  for (const handler of handlers) {
    if (!handler.resolved) continue;
    const key = functionKey(handler.file, handler.start);
    const list = map.get(key);
    if (list === undefined) map.set(key, [handler]);
    else list.push(handler);
  }
  return map;
}

/** Links every test of a file to the handlers that it calls, names or stands in for. */
export function linkTests(
  context: LinkContext,
  file: FileFacts,
  runner: TestRunner,
  discovered: DiscoveredFile = discoverTests(file, runner),
): FileLinks {
  const { facts, handlers, resolve } = context;
  const mocked = mocksOf(file, runner.vocabulary, resolve);
  const reader = createReader(facts, resolve, mocked);
  reader.seen.add(file.path);
  const isHandler = (key: string): boolean => handlers.byFunction.has(key);
  const supports = supportFiles(runner.vocabulary.modules);
  const isSupport = (other: FileFacts): boolean => other === file || supports(other);
  const { declarations } = discovered;
  const options: WalkOptions = { reader, isHandler, declarations, testFile: file, isSupport };
  const unit = unitReader(options, createRouter(context, reader, file, isSupport));

  const calledBy = new Map<DiscoveredTest, Set<string>>();
  const namedBy = new Map<DiscoveredTest, Set<string>>();
  for (const test of discovered.tests) {
    const units = unitsOf(test, discovered).map(unit);
    calledBy.set(test, new Set(units.flatMap(({ handlerIds }) => [...handlerIds])));
    namedBy.set(test, new Set(units.flatMap(({ reached }) => [...reached.named])));
  }

  const links: TestLink[] = [];
  for (const [test, ids] of calledBy) {
    const level = test.test.placeholder ? 'placeholder' : 'called';
    for (const handlerId of ids) links.push({ testId: test.test.id, handlerId, level });
  }
  const someCalls = new Set([...calledBy].flatMap(([test, ids]) => (test.test.placeholder ? [] : [...ids])));
  for (const [key, alone] of importedFunctions(reader, file, isHandler)) {
    const found = handlers.byFunction.get(key) ?? [];
    if (found.some(({ id }) => someCalls.has(id))) continue;
    const [symbol = ''] = found.map((handler) => handler.symbol);
    const naming = discovered.tests.filter((test) => namedBy.get(test)?.has(key));
    const speaking = naming.length > 0 || !alone ? naming : testsOfImport(discovered.tests, symbol);
    for (const { test } of speaking) {
      const level = test.placeholder ? 'placeholder' : 'imported';
      for (const { id } of found) links.push({ testId: test.id, handlerId: id, level });
    }
  }
  return { links: distinct(links), seen: reader.seen };
}

/** Function indices whose bodies run for a test: the file's, its suites', their hooks', its own. */
function unitsOf(test: DiscoveredTest, { hooks }: DiscoveredFile): readonly number[] {
  const suites: readonly (Suite | undefined)[] = [undefined, ...suitesAround(test.suite)];
  const around = suites.flatMap((suite) => [
    suite === undefined ? -1 : suite.fn,
    ...hooks.filter((hook) => hook.suite === suite).map((hook) => hook.fn),
  ]);
  return [
    ...new Set([...around.filter((fn, i) => i === 0 || fn !== -1), ...(test.fn === -1 ? [] : [test.fn])]),
  ];
}

interface Unit {
  readonly reached: Reached;
  readonly handlerIds: ReadonlySet<string>;
}

/** Reads a function of the test file once, however many tests it runs for. */
function unitReader(options: WalkOptions, router: RequestRouter): (fn: number) => Unit {
  const known = new Map<number, Unit>();
  return (fn) => {
    let unit = known.get(fn);
    if (unit === undefined) {
      const reached = walk(options, staticScope(options.testFile, fn));
      const handlerIds = new Set<string>();
      for (const key of reached.called) for (const id of router.idsOf(key)) handlerIds.add(id);
      for (const request of reached.requests) for (const id of router.answering(request)) handlerIds.add(id);
      unit = { reached, handlerIds };
      known.set(fn, unit);
    }
    return unit;
  };
}

/**
 * The tests that an import speaks for when none is seen to use it: those whose titles name the function, else the file's
 * placeholders, else (it is used in a way that cannot be seen, as in `typeof handler`) all of the file.
 */
function testsOfImport(tests: readonly DiscoveredTest[], symbol: string): readonly DiscoveredTest[] {
  const word = symbol.split('.').at(-1) ?? '';
  const titled = tests.filter(({ test }) =>
    [...test.suite, test.title].some((title) => title.split(/[^\p{ID_Continue}$]+/u).includes(word)),
  );
  if (word !== '' && titled.length > 0) return titled;
  const placeholders = tests.filter(({ test }) => test.placeholder);
  return placeholders.length > 0 ? placeholders : tests;
}

const RANK = { executed: 0, called: 1, imported: 2, placeholder: 3 } as const;

/** One link per test and handler, the strongest. */
function distinct(links: readonly TestLink[]): readonly TestLink[] {
  const best = new Map<string, TestLink>();
  for (const link of links) {
    const key = `${link.testId}\n${link.handlerId}`;
    const known = best.get(key);
    if (known === undefined || RANK[link.level] < RANK[known.level]) best.set(key, link);
  }
  return [...best.values()];
}
