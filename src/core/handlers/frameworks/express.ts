import type { CallFact } from '../../code/facts.ts';
import type { Findings, Framework, FrameworkRun } from '../framework.ts';
import { joinRoute } from '../route.ts';
import { flatten, functionOf, type ExternalValue, type Native, type Site, type Value } from '../value.ts';

const METHODS = [
  'get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace', 'connect', 'copy', 'lock', 'mkcol', 'move',
  'purge', 'propfind', 'proppatch', 'unlock', 'report', 'mkactivity', 'checkout', 'merge', 'm-search', 'notify',
  'subscribe', 'unsubscribe', 'search', 'bind', 'rebind', 'unbind', 'acl', 'link', 'unlink', 'source', 'query',
]; // prettier-ignore
const VERBS = new Set([...METHODS, 'all']);
const APP_NAME = /^(app|application|server|expressApp|api)$/;
const ROUTER_NAME = /^(router|routes?|\w+Router)$/;
const APP_TYPE = new Set(['Express', 'Application']);
const ROUTER_TYPE = new Set(['Router', 'IRouter', 'RouterType']);
const PREFIX_LABEL = /prefix|path|route|base|url|version|root|api/i;

type Layer =
  | {
      readonly k: 'route';
      readonly method: string;
      readonly paths: readonly string[];
      readonly handlers: readonly Value[];
      readonly site: Site;
    }
  | {
      readonly k: 'use';
      readonly paths: readonly string[] | undefined;
      readonly prefixLost: boolean;
      readonly targets: readonly Value[];
      readonly site: Site;
    };

interface RouterState {
  readonly isApp: boolean;
  readonly layers: Layer[];
  mounted: boolean;
}

export const express: Framework = {
  id: 'express',
  title: 'Express 4 and 5',
  packages: ['express', 'express-promise-router', 'express-serve-static-core'],
  mayRegister,
  begin,
  example: {
    files: {
      'src/app.js': `const app = require('express')();
app.use('/users', require('./users'));
app.get('/health', (req, res) => res.send('ok'));
`,
      'src/users.js': `const { Router } = require('express');
const users = (module.exports = Router());
const requireAuth = (req, res, next) => next();
async function getUser(req, res) { res.json({}); }
users.get('/:id', requireAuth, getUser);
`,
    },
    handlers: [
      'src/app.js#<anonymous>@GET /health',
      'src/users.js#requireAuth@GET /users/:id',
      'src/users.js#getUser@GET /users/:id',
    ],
  },
};

function mayRegister({ callee, args }: CallFact): boolean {
  if (callee.k !== 'member') return callee.k === 'element' && args.length > 1;
  if (callee.name === 'use') return args.length > 0;
  const [first] = args;
  if (first === undefined) return false;
  const pathLike =
    first.k === 'text'
      ? /^[/*]|^$/.test(first.value)
      : ['name', 'member', 'concat', 'array', 'regexp'].includes(first.k);
  if (callee.name === 'route') return pathLike;
  const last = args.at(-1);
  const handlerLike =
    last !== undefined && !['object', 'text', 'number', 'literal', 'concat'].includes(last.k);
  return (
    VERBS.has(callee.name) && handlerLike && (callee.object.k === 'call' || (args.length > 1 && pathLike))
  );
}

function begin(findings: Findings): FrameworkRun {
  const states = new Map<Native, RouterState>();

  const create = (isApp: boolean): Value => {
    const state: RouterState = { isApp, layers: [], mounted: false };
    const native: Native = { method: (name, args, site) => onRouter(state, self, name, args, site) };
    const self: Value = { t: 'native', native };
    states.set(native, state);
    return self;
  };

  const onRouter = (
    state: RouterState,
    self: Value,
    name: string,
    args: readonly Value[],
    site: Site,
  ): Value | undefined => {
    if (VERBS.has(name)) {
      const [path, ...handlers] = args;
      if (path === undefined || handlers.length === 0) return undefined;
      addRoute(state, name, pathsOf(path, site), handlers, site);
      return self;
    }
    if (name === '[]') {
      findings.unresolved(site, 'computed-route', 'The HTTP method is computed.');
      return self;
    }
    if (name === 'route') {
      const paths = args[0] === undefined ? undefined : pathsOf(args[0], site);
      return routeValue(state, paths);
    }
    if (name === 'use') {
      addUse(state, args, site);
      return self;
    }
    // `app.set()`, `app.param()`, `app.disable()` and their like return the app; `listen` is the last of a chain.
    return name === 'listen' ? undefined : self;
  };

  const routeValue = (state: RouterState, paths: readonly string[] | undefined): Value => {
    const native: Native = {
      method: (name, args, site) => {
        if (VERBS.has(name) && args.length > 0) addRoute(state, name, paths, args, site);
        return self;
      },
    };
    const self: Value = { t: 'native', native };
    return self;
  };

  const addRoute = (
    state: RouterState,
    name: string,
    paths: readonly string[] | undefined,
    handlers: readonly Value[],
    site: Site,
  ): void => {
    if (paths === undefined) return;
    state.layers.push({ k: 'route', method: name.toUpperCase(), paths, handlers: flatten(handlers), site });
  };

  const addUse = (state: RouterState, args: readonly Value[], site: Site): void => {
    const [first, ...rest] = args;
    if (first === undefined) return;
    const prefixed = rest.length > 0 && isPath(first);
    const targets = flatten(prefixed ? rest : args);
    for (const target of targets) {
      const mounted = target.t === 'native' ? states.get(target.native) : undefined;
      if (mounted !== undefined) mounted.mounted = true;
    }
    // A prefix that is not known is reported, and its routers keep the prefix known so far.
    const paths = prefixed ? pathsOf(first, site) : undefined;
    state.layers.push({ k: 'use', paths, prefixLost: prefixed && paths === undefined, targets, site });
  };

  const pathsOf = (value: Value, site: Site): readonly string[] | undefined => {
    const paths = flatten([value]).map((path) => {
      // Instrumentations give a regular expression as it is written for the route.
      if (path.t === 'regexp') return path.source;
      return path.t === 'const' && typeof path.value === 'string' ? path.value : path;
    });
    const known = paths.filter((path) => typeof path === 'string');
    if (known.length < paths.length)
      findings.unresolved(site, 'computed-route', 'The path is computed at run time.');
    return known.length > 0 ? known : undefined;
  };

  return {
    call: (callee) => {
      const isRouterPackage = callee.package === 'express-promise-router';
      const [name, ...more] = callee.path;
      if (more.length > 0) return undefined;
      if (name === undefined) return create(!isRouterPackage);
      return name === 'Router' ? create(false) : name === 'application' ? create(true) : undefined;
    },
    parameter: (type: ExternalValue | undefined, name) => {
      const typeName = type?.path.at(-1);
      if (typeName !== undefined) {
        return APP_TYPE.has(typeName) ? create(true) : ROUTER_TYPE.has(typeName) ? create(false) : undefined;
      }
      return type !== undefined
        ? undefined
        : APP_NAME.test(name)
          ? create(true)
          : ROUTER_NAME.test(name)
            ? create(false)
            : undefined;
    },
    strayCall: (receiver, name, args, site) => {
      const [path] = args;
      const isRoute =
        args.length > 1 &&
        path?.t === 'const' &&
        typeof path.value === 'string' &&
        path.value.startsWith('/');
      const last = args.at(-1);
      if (!VERBS.has(name) || !isRoute || last === undefined || !takesRequest(last)) return;
      if (!site.file.imports.some((i) => express.packages.includes(i.source))) return;
      findings.unresolved(
        site,
        'unknown-router',
        `What ${receiver.t === 'unknown' ? receiver.label : 'it'} belongs to could not be followed.`,
      );
    },
    finish: () => report(findings, states),
  };
}

function isPath(value: Value): boolean {
  if (value.t === 'const' || value.t === 'regexp') return true;
  if (value.t === 'array') return value.items.length > 0 && value.items.every(isPath);
  return (
    value.t === 'unknown' &&
    (value.text === true || (PREFIX_LABEL.test(value.label) && !value.label.includes('(')))
  );
}

/** Walks from the apps and from routers that nobody mounts, and registers every handler with its full route. */
function report(findings: Findings, states: ReadonlyMap<Native, RouterState>): void {
  const all = [...states.values()];
  const mountedCalls = new Set<CallFact>();
  for (const state of all)
    if (state.mounted) for (const { site } of state.layers) mountedCalls.add(site.call);
  const visited = new Set<RouterState>();
  const path: RouterState[] = [];
  const visit = (state: RouterState, prefix: string, open: boolean): void => {
    if (path.includes(state)) return;
    const isRoot = path.length === 0;
    path.push(state);
    visited.add(state);
    for (const layer of state.layers) {
      if (isRoot && !state.mounted && mountedCalls.has(layer.site.call)) continue;
      if (layer.k === 'route') {
        for (const route of layer.paths) registerRoute(findings, layer, joinRoute(prefix, route), open);
        continue;
      }
      for (const mount of layer.paths ?? ['']) {
        const at = joinRoute(prefix, mount);
        for (const target of layer.targets) {
          const router = target.t === 'native' ? states.get(target.native) : undefined;
          if (router !== undefined) visit(router, at, open || layer.prefixLost);
          else registerMiddleware(findings, target, layer.site, at);
        }
      }
    }
    path.pop();
  };
  // What a factory made once more without mounting it says nothing new, nor does what hangs on it.
  const isRepeated = (state: RouterState): boolean =>
    state.layers.length > 0 && state.layers.every(({ site }) => mountedCalls.has(site.call));
  for (const state of all) if (!state.mounted && !isRepeated(state)) visit(state, '', !state.isApp);
  // Routers that only mount each other have no root.
  const reached = new Set(all.filter((s) => visited.has(s)).flatMap((s) => s.layers.map((l) => l.site.call)));
  for (const state of all) {
    if (!visited.has(state) && state.mounted && state.layers.some((l) => !reached.has(l.site.call)))
      visit(state, '', true);
  }
}

/** A callback of something else that has a `get` takes no request. */
function takesRequest(value: Value): boolean {
  const fn = functionOf(value);
  const params = fn?.file.functions[fn.index]?.params ?? [];
  return params.length > 1 || /^_*req(uest)?$/i.test(params[0]?.name ?? '');
}

const paramsOf = (value: Value): number => {
  const fn = functionOf(value);
  return fn?.file.functions[fn.index]?.params.length ?? 0;
};

type RouteLayer = Extract<Layer, { k: 'route' }>;
function registerRoute(findings: Findings, layer: RouteLayer, route: string, open: boolean): void {
  const { method, handlers, site } = layer;
  const isError = (handler: Value): boolean => paramsOf(handler) === 4;
  const last = handlers.findLastIndex((handler) => !isError(handler));
  handlers.forEach((handler, index) => {
    if (index !== last && handler.t === 'external') return;
    const kind = isError(handler) ? 'error-middleware' : index === last ? 'route' : 'middleware';
    findings.register({ kind, method, route, ...(open && { openPrefix: true }), handler, site });
  });
}

function registerMiddleware(findings: Findings, handler: Value, site: Site, mount: string): void {
  // Middleware of packages is not the workspace's code.
  if (
    handler.t === 'external' ||
    handler.t === 'const' ||
    (handler.t === 'method' && handler.of.t === 'external')
  )
    return;
  const kind = paramsOf(handler) === 4 ? 'error-middleware' : 'middleware';
  findings.register({ kind, ...(mount !== '/' && { route: mount }), handler, site });
}
