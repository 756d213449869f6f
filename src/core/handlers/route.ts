/** Joins prefix and path as Express reports them: single slashes, no trailing one but that of a regular expression, `/` for the root. */
export function joinRoute(prefix: string, path: string): string {
  const joined = `/${prefix}/${path}`.replaceAll(/\/{2,}/g, '/');
  const isPattern = /[\\^]/.test(path);
  return joined.length > 1 && joined.endsWith('/') && !isPattern ? joined.slice(0, -1) : joined;
}

/** A route for comparing: one form for slashes. */
export const normalRoute = (route: string): string => joinRoute('', route);

/** A route with its parameters by position only: `/users/:id` and `/users/{userId}` are alike. */
export const shapeOfRoute = (route: string): string =>
  normalRoute(route)
    .replaceAll(/:[\p{ID_Continue}$]+(\([^)]*\))?/gu, ':')
    .replaceAll(/\{[\p{ID_Continue}$]+\}/gu, ':');

/**
 * Routes that end like a reported one that is registered nowhere, if all of them are one route: instrumentations lose the
 * prefix of several routers at one mount. A reported route without a word says nothing.
 */
export function endingLike<T extends { readonly route?: string }>(
  reported: string,
  routes: readonly T[],
): readonly T[] {
  const end = shapeOfRoute(reported);
  if (!/\/[^/:*]/.test(end)) return [];
  const found = routes.filter(({ route }) => shapeOfRoute(route ?? '').endsWith(end));
  return new Set(found.map(({ route }) => normalRoute(route ?? ''))).size === 1 ? found : [];
}
