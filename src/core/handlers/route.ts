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
