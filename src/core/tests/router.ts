import type { FileFacts } from '../code/facts.ts';
import type { Handler } from '../model/handler.ts';
import type { LinkContext } from './link.ts';
import { appOf, knownPaths, sendThrough } from './local-app.ts';
import type { Reader } from './reader.ts';
import type { SentRequest } from './requests.ts';
import { commonPrefix, findRoute, segmentsOf, type RouteEntry } from './routes.ts';
import { HOLE, type AppValue } from './value.ts';

/** Finds the handlers that answer requests of one test file. */
export interface RequestRouter {
  readonly answering: (request: SentRequest) => ReadonlySet<string>;
  /** Ids of a function's handlers. */
  readonly idsOf: (key: string) => readonly string[];
}

/** `reader` tells which modules the test file mocks; apps made in files that are `isLocal` are a test's own. */
export function createRouter(
  context: LinkContext,
  reader: Reader,
  testFile: FileFacts,
  isLocal: (file: FileFacts) => boolean,
): RequestRouter {
  const { handlers, importsOf, packageOf } = context;
  const isReal = (handler: Handler): boolean => {
    const mocked = reader.mocked.get(handler.file);
    return mocked === undefined || (mocked !== 'all' && !mocked.has(handler.symbol.split('.')[0] ?? ''));
  };
  const fileOf = (entry: RouteEntry): string => entry.handlers[0]?.registration.file ?? '';

  /** Entries of the app that a request goes to: those that its file brings in, else those of the package. */
  const entriesOf = (app: AppValue | undefined): readonly (readonly RouteEntry[])[] => {
    const from = app?.scope.file.path ?? testFile.path;
    const reach = importsOf(from);
    const inPackage = packageOf(from);
    return [
      handlers.routes.filter((entry) => reach.has(fileOf(entry))),
      handlers.routes.filter((entry) => packageOf(fileOf(entry)) === inPackage),
    ];
  };

  const throughProgram = (
    app: AppValue | undefined,
    { method, expectsNothing }: SentRequest,
    path: string,
    ids: Set<string>,
  ): void => {
    throughMounted(app, path, false, ids);
    for (const entries of entriesOf(app)) {
      const found = findRoute(entries, method, path);
      if (found === undefined) continue;
      for (const handler of found.handlers) {
        // An error handler of the route runs only when something fails.
        if (handler.kind !== 'error-middleware' && isReal(handler)) ids.add(handler.id);
      }
      return;
    }
    // A path that no route is meant to answer goes through all middleware of its app.
    if (expectsNothing === true && !path.includes(HOLE)) throughMounted(app, path, true, ids);
  };

  /** Middleware mounted on a path above that of the request, or (`everywhere`) on the app itself. */
  const throughMounted = (
    app: AppValue | undefined,
    path: string,
    everywhere: boolean,
    ids: Set<string>,
  ): void => {
    if (app === undefined) return;
    const reach = importsOf(app.scope.file.path);
    const parts = segmentsOf(path);
    for (const handler of handlers.global) {
      if (handler.kind !== 'middleware' || !reach.has(handler.registration.file) || !isReal(handler))
        continue;
      const mount = segmentsOf(handler.route ?? '');
      if (everywhere !== (mount.length === 0)) continue;
      const fits = mount.every((part, i) =>
        part.startsWith(':') ? parts[i] !== undefined : part === parts[i],
      );
      if (fits) ids.add(handler.id);
    }
  };

  const throughRouter = (router: AppValue, method: string, path: string, ids: Set<string>): boolean => {
    const { path: file } = router.scope.file;
    const own = handlers.routes.filter((entry) => fileOf(entry) === file);
    const reach = importsOf(file);
    const below = handlers.routes.filter((entry) => reach.has(fileOf(entry)));
    for (const entries of [own, below]) {
      const common = commonPrefix(entries);
      const found = findRoute(entries, method, path, () => common);
      if (found === undefined) continue;
      for (const handler of found.handlers) if (isReal(handler)) ids.add(handler.id);
      return true;
    }
    return false;
  };

  const idsOf = (key: string): readonly string[] =>
    (handlers.byFunction.get(key) ?? []).filter(isReal).map((handler) => handler.id);

  return {
    idsOf,
    answering(request) {
      const ids = new Set<string>();
      const app = appOf(reader, request.app);
      for (const path of knownPaths(request)) {
        if (app === undefined || !isLocal(app.scope.file)) throughProgram(app, request, path, ids);
        else {
          sendThrough(
            {
              reader,
              isLocal,
              onRouter: (router, method, rest) => throughRouter(router, method, rest, ids),
              onFunction: (key) => idsOf(key).forEach((id) => ids.add(id)),
            },
            app,
            request.method,
            path,
          );
        }
      }
      return ids;
    },
  };
}
