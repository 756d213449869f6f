import express from 'express';

const mountPath = Symbol('mount path');

/** Express 5 forgets the path of `use` once it is compiled to a matcher; call this before the app is made. */
export function rememberMountPaths() {
  const { use } = express.Router.prototype;
  express.Router.prototype.use = function rememberingUse(...args) {
    const before = this.stack.length;
    const result = use.apply(this, args);
    for (const layer of this.stack.slice(before))
      layer[mountPath] = typeof args[0] === 'string' ? args[0] : '/';
    return result;
  };
}

/** Every registration below a router, in the order Express tries them: routes and, with kind "middleware", the rest. */
export function registrationsOf(router, prefix = '') {
  return router.stack.flatMap((layer) => {
    if (layer.route) return routeOf(layer.route, prefix);
    const path = join(prefix, layer[mountPath] ?? '/');
    if (Array.isArray(layer.handle.stack)) return registrationsOf(layer.handle, path);
    const kind = layer.handle.length === 4 ? 'error-middleware' : 'middleware';
    return [{ kind, method: undefined, route: path || '/', handlers: [layer.handle] }];
  });
}

function routeOf(route, prefix) {
  const methods = [...new Set(route.stack.map((layer) => layer.method ?? 'all'))];
  return methods.map((method) => ({
    kind: 'route',
    method: method.toUpperCase(),
    route: join(prefix, route.path) || '/',
    handlers: route.stack.filter((layer) => (layer.method ?? 'all') === method).map((layer) => layer.handle),
  }));
}

function join(prefix, path) {
  return path === '/' ? prefix : `${prefix}${path}`;
}
