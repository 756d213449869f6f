import type { Correlation, UnmappedReason } from '../model/correlation.ts';
import type { Handler, HandlerIndex } from '../model/handler.ts';
import type { CodeHint } from '../model/operation.ts';
import type { KnownOperation } from '../model/window.ts';
import type { Sequence } from '../model/sequence.ts';
import { beatCorrelator } from './beats/correlate-beats.ts';
import { createLocator, type PathMapping } from './locate.ts';
import type { ProjectFacts } from './project.ts';
import { endingLike, normalRoute, shapeOfRoute } from './route.ts';
import { createServiceScopes, type ServiceScope } from './services.ts';

/** The part of `suture.json` that decides correlation. */
export interface CorrelationConfig {
  readonly services: Readonly<Record<string, string>>;
  readonly pathMappings: readonly PathMapping[];
}

export type Correlator = (operation: KnownOperation) => Correlation;

type Unmapped = Extract<Correlation, { handlerId: null }>;

/** Names the handler of operations by the ladder of the design; rungs 3 and 4 are not climbed yet. */
export function createCorrelator(
  index: HandlerIndex,
  project: ProjectFacts,
  config: CorrelationConfig,
  sequences: readonly Sequence[] = [],
): Correlator {
  const beatOf = beatCorrelator(index.handlers, sequences);
  const locate = createLocator(
    index.handlers.map((handler) => handler.file),
    config.pathMappings,
  );
  const scopeOf = createServiceScopes(project, config.services);
  const byFile = groupBy(index.handlers, (handler) => handler.file);
  const every = index.handlers.filter((handler) => handler.kind === 'route');
  const routes = every.filter((handler) => handler.openPrefix !== true);
  const open = groupBy(
    every.filter((handler) => handler.openPrefix === true),
    (handler) => shapeOfRoute(handler.route ?? ''),
  );
  const byRoute = groupBy(routes, (handler) => normalRoute(handler.route ?? ''));
  const byShape = groupBy(routes, (handler) => shapeOfRoute(handler.route ?? ''));
  const middleware = groupBy(index.handlers.filter(isMiddleware), (handler) => lastName(handler.symbol));

  return (known) => {
    const { operation, hints } = known;
    const scope = scopeOf(operation.service);
    if (operation.kind !== 'http' && operation.kind !== 'middleware') {
      const detail = `Operations of the kind ${operation.kind} are not linked to code yet.`;
      const placed = hints.some((hint) => hint.file !== undefined) ? byCode(known, scope) : undefined;
      return placed ?? beatOf(operation) ?? unmapped('unsupported-kind', detail);
    }
    const coded = byCode(known, scope);
    if (coded !== undefined && coded.handlerId !== null) return coded;
    const routed = operation.kind === 'http' ? byRouteOf(known, scope) : byMiddleware(known, scope);
    return routed.handlerId === null && coded?.reason === 'outside-workspace' ? coded : routed;
  };

  /** Rung 1; undefined when the spans say nothing of code. */
  function byCode(known: KnownOperation, scope: ServiceScope): Correlation | undefined {
    let failure: Unmapped | undefined;
    for (const hint of known.hints) {
      if (hint.file === undefined) continue;
      const outcome = byHint(hint, hint.file, known, scope);
      if (outcome.handlerId !== null) return outcome;
      failure ??= outcome;
    }
    return failure;
  }

  function byHint(
    hint: CodeHint,
    file: string,
    { operation }: KnownOperation,
    scope: ServiceScope,
  ): Correlation {
    const located = locate(file);
    const shown = quoted(file);
    if (located.k === 'outside')
      return unmapped('outside-workspace', `code.file.path ${shown} is outside of the workspace.`);
    if (located.k === 'absent')
      return unmapped(
        'not-in-workspace',
        `No indexed file of the workspace ends like code.file.path ${shown}.`,
      );
    const inFiles = located.files.flatMap((path) => byFile.get(path) ?? []).filter(scope.includes);
    const named = inFiles.filter(
      (handler) => hint.function !== undefined && sameName(hint.function, handler.symbol),
    );
    // The name of a file alone proves nothing: then only the function's name counts, not a line.
    const byLine =
      located.exact && hint.function === undefined
        ? inFiles.filter((handler) => holdsLine(handler, hint.line))
        : [];
    const inline =
      located.exact && named.length === 0
        ? inFiles.filter((h) => h.symbol === '<anonymous>' && holdsLine(h, hint.line))
        : [];
    const candidates = named.length > 0 ? named : byLine.length > 0 ? byLine : inline;
    if (candidates.length === 0)
      return unmapped(
        'not-in-workspace',
        `No handler in ${located.files.join(', ')} fits ${quoted(hint.function ?? `line ${hint.line ?? '?'}`)}.`,
      );
    if (new Set(candidates.map((handler) => handler.function)).size > 1) {
      const onLine = candidates.filter((handler) => holdsLine(handler, hint.line));
      return onLine.length === 1 && onLine[0] !== undefined
        ? mapped(onLine[0], 1)
        : ambiguous(`code.file.path ${shown}`, candidates);
    }
    const [first] = candidates;
    const registered = candidates.filter(
      (h) =>
        matchesMethod(h, operation.method) &&
        normalRoute(h.route ?? '') === normalRoute(operation.route ?? ''),
    );
    const chosen = registered[0] ?? candidates.find((handler) => handler.kind === 'route') ?? first;
    return chosen === undefined ? unmapped('not-in-workspace', '') : mapped(chosen, 1);
  }

  /** Rung 2 for requests. */
  function byRouteOf({ operation, hints }: KnownOperation, scope: ServiceScope): Correlation {
    const { method, route } = operation;
    if (route === undefined)
      return unmapped(
        'no-route',
        'The requests matched no route (no http.route on their spans): not found, or answered before routing.',
      );
    const parts = [route, ...(route.includes(',') ? route.split(',') : [])];
    const all = parts.flatMap((part) => byRoute.get(normalRoute(part)) ?? []);
    const byForm = all.length > 0 ? all : parts.flatMap((part) => byShape.get(shapeOfRoute(part)) ?? []);
    const shaped = byForm.length > 0 ? byForm : parts.flatMap((part) => byEnd(part, method));
    const methods = shaped.filter((handler) => matchesMethod(handler, method));
    const inScope = methods.filter(scope.includes);
    const shown = [method, route].filter((part) => part !== undefined).join(' ');
    if (inScope.length === 0) {
      if (methods.length > 0)
        return unmapped(
          'route-not-found',
          `${quoted(shown)} is registered only in ${packagesOf(methods)}, which service ${quoted(operation.service)} does not run.`,
        );
      if (shaped.length > 0)
        return unmapped(
          'route-not-found',
          `${quoted(route)} is registered, but not for ${quoted(method ?? '')}.`,
        );
      return unmapped('route-not-found', `No registration of ${quoted(shown)} was found in the workspace.`);
    }
    const guards = inScope.filter((handler) => handler.passesOn === 'always');
    if (guards.length === inScope.length)
      return unmapped(
        'route-not-found',
        `${quoted(shown)} is registered only with functions that pass every request on (${placesOf(guards)}); what answers was not found.`,
      );
    const chosen = choose(inScope, method, hints, scope);
    return chosen === undefined ? ambiguous(shown, inScope) : mapped(chosen, 2);
  }

  /** Routes of routers with an unknown prefix by the longest end of a reported route that holds a word; else a reported end of one route. */
  function byEnd(route: string, method: string | undefined): readonly Handler[] {
    const segments = shapeOfRoute(route).split('/').slice(1);
    for (let from = 0; from < segments.length; from++) {
      const end = segments.slice(from);
      const found = end.some((segment) => /^[^:*]/.test(segment)) ? open.get(`/${end.join('/')}`) : undefined;
      if (found !== undefined) return found;
    }
    const fitting = routes.filter((handler) => matchesMethod(handler, method));
    return endingLike(route, fitting);
  }

  /** Rung 2 for middleware: by name, with the route where it says more. */
  function byMiddleware({ operation, hints }: KnownOperation, scope: ServiceScope): Correlation {
    const names = new Set(
      [operation.name, ...hints.map((hint) => hint.handler)].flatMap((name) =>
        name === undefined ? [] : [lastName(name)],
      ),
    );
    names.delete('<anonymous>');
    names.delete('anonymous');
    const named = [...names].flatMap((name) => middleware.get(name) ?? []).filter(scope.includes);
    if (named.length === 0)
      return unmapped(
        'not-in-workspace',
        `No middleware of the workspace is called ${quoted(operation.name)}; it may belong to a package.`,
      );
    const here = named.filter(
      (handler) =>
        operation.route !== undefined &&
        handler.method !== undefined &&
        normalRoute(handler.route ?? '') === normalRoute(operation.route) &&
        matchesMethod(handler, operation.method),
    );
    const used = named.filter((handler) => handler.method === undefined);
    const candidates = here.length > 0 ? here : used.length > 0 ? used : named;
    const [first] = candidates;
    const oneFunction = new Set(candidates.map((handler) => handler.function)).size === 1;
    const certain = oneFunction && (candidates !== named || candidates.length === 1);
    return first !== undefined && certain ? mapped(first, 2) : ambiguous(operation.name, candidates);
  }
}

const isMiddleware = (handler: Handler): boolean =>
  handler.kind === 'middleware' || handler.kind === 'error-middleware';

function groupBy(
  handlers: readonly Handler[],
  key: (handler: Handler) => string,
): ReadonlyMap<string, readonly Handler[]> {
  const groups = new Map<string, Handler[]>();
  for (const handler of handlers) {
    const name = key(handler);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [handler]);
    else group.push(handler);
  }
  return groups;
}

const matchesMethod = (handler: Handler, method: string | undefined): boolean =>
  method === undefined ||
  handler.method === undefined ||
  handler.method === 'ALL' ||
  handler.method === method ||
  (method === 'HEAD' && handler.method === 'GET');

const lastName = (symbol: string): string => symbol.slice(symbol.lastIndexOf('.') + 1);

/** A runtime name may lack the class or carry `Object.` and `async `. */
function sameName(reported: string, symbol: string): boolean {
  const name = reported.replace(/^(async|bound|new) /, '').replace(/^Object\./, '');
  return (
    name === symbol ||
    name === lastName(symbol) ||
    (lastName(name) === lastName(symbol) && !symbol.includes('.'))
  );
}

const holdsLine = (handler: Handler, line: number | undefined): boolean =>
  line !== undefined && line >= handler.start.line && line <= handler.end.line;

/** Of several handlers of one route the one that answers; undefined when nothing tells. */
function choose(
  candidates: readonly Handler[],
  method: string | undefined,
  hints: readonly CodeHint[],
  scope: ServiceScope,
): Handler | undefined {
  const own = candidates.filter((handler) => handler.package === scope.package?.name);
  const near = own.length > 0 ? own : candidates;
  const exact = near.filter((handler) => handler.method === method);
  const closest = leastPassing(exact.length > 0 ? exact : near);
  const [first] = closest;
  if (first === undefined || closest.length === 1) return first;
  const packages = new Set(closest.map((handler) => handler.package));
  if (packages.size > 1 && scope.package === undefined) return undefined;
  for (const hint of hints) {
    const name = hint.handler ?? hint.function;
    const named = name === undefined ? [] : closest.filter((handler) => sameName(name, handler.symbol));
    if (named.length > 0 && new Set(named.map((handler) => handler.function)).size === 1) return named[0];
  }
  // Express answers with what was registered first, which one file's order tells.
  if (new Set(closest.map((handler) => handler.registration.file)).size > 1) return undefined;
  return closest.toSorted(
    (a, b) =>
      a.registration.start.line - b.registration.start.line ||
      a.registration.start.column - b.registration.start.column,
  )[0];
}

const PASSING = { no: 0, 'or-refuses': 1, always: 2 } as const;

/** Of one route's handlers those that are no guards; of guards alone those that answer at all. */
function leastPassing(handlers: readonly Handler[]): readonly Handler[] {
  const rank = (handler: Handler): number => PASSING[handler.passesOn ?? 'no'];
  const least = Math.min(...handlers.map(rank));
  return handlers.filter((handler) => rank(handler) === least);
}

const mapped = (handler: Handler, rung: 1 | 2): Correlation => ({ handlerId: handler.id, rung });

const unmapped = (reason: UnmappedReason, detail: string): Unmapped => ({ handlerId: null, reason, detail });

const packagesOf = (handlers: readonly Handler[]): string =>
  [...new Set(handlers.map((handler) => handler.package || handler.file))].join(', ');

function placesOf(handlers: readonly Handler[]): string {
  const places = [...new Set(handlers.map((h) => `${h.registration.file}:${h.registration.start.line}`))];
  return places.slice(0, 3).join(', ') + (places.length > 3 ? `, and ${places.length - 3} more` : '');
}

function ambiguous(what: string, candidates: readonly Handler[]): Correlation {
  return unmapped(
    'ambiguous',
    `${quoted(what)} fits ${candidates.length} handlers (${placesOf(candidates)}); name the service's package under services in suture.json.`,
  );
}

/** Telemetry is untrusted: shortened and on one line. */
const quoted = (text: string): string => `"${text.replaceAll(/\s+/g, ' ').slice(0, 120)}"`;
