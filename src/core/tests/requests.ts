import type { CallFact, Expr } from '../code/facts.ts';
import { isClientPackage, isVerb, memberOf } from './members.ts';
import type { Reader } from './reader.ts';
import { HOLE, optionsOf, UNKNOWN, type Scope, type Value } from './value.ts';

/** A request that a test sends. */
export interface SentRequest {
  /** Upper case. */
  readonly method: string;
  /** Alternatives without origin and query; a HOLE stands for a part that is not known. */
  readonly paths: readonly string[];
  readonly app: Value;
  /** True where the test speaks of a 404: the request is meant to find no route. */
  readonly expectsNothing?: boolean;
}

const CLIENT_LIBRARIES = new Set(['axios', 'frisby', 'got', 'ky', 'needle', 'ofetch', 'superagent']);
const FETCHES = new Set(['', 'node-fetch', 'cross-fetch', 'undici', 'isomorphic-fetch']);
/** How clients are called that could not be followed to where they are made. */
const CLIENT_NAME = /(api|agent|request|client|http|server|supertest|^app)$/i;

/** The request that a call sends; undefined for other calls. */
export function requestOf(r: Reader, scope: Scope, call: CallFact, callee: Value): SentRequest | undefined {
  const [first, second] = call.args;
  if (first === undefined || call.isNew) return undefined;
  const send = (method: string, url: Expr, app: Value): SentRequest => ({
    method: method === 'del' ? 'DELETE' : method.toUpperCase(),
    paths: pathsOf(r.evaluate(scope, url)),
    app,
  });
  if (callee.t === 'method' && callee.of.t === 'client' && isVerb(callee.name)) {
    return send(callee.name, first, callee.of.app);
  }
  const name = callee.t === 'external' ? (callee.path.at(-1) ?? '') : '';
  if (callee.t === 'external') {
    const fetches =
      FETCHES.has(callee.package) && (name === 'fetch' || (name === '' && callee.package !== ''));
    if (fetches) return fromOptions(r, scope, first, second);
    const isLibrary = CLIENT_LIBRARIES.has(callee.package) || isClientPackage(callee.package);
    if (isLibrary && isVerb(name)) return send(name, first, UNKNOWN);
    if (CLIENT_LIBRARIES.has(callee.package) && name === '') return fromOptions(r, scope, first, second);
    if (callee.package === 'light-my-request' && second !== undefined)
      return fromOptions(r, scope, second, second);
  }
  const { callee: expr } = call;
  if (expr.k !== 'member') return undefined;
  if (expr.name === 'inject') {
    const request = fromOptions(r, scope, first, first);
    return request && { ...request, app: r.evaluate(scope, expr.object) };
  }
  if (callee.t !== 'unknown' || !isVerb(expr.name) || !CLIENT_NAME.test(lastName(expr.object)))
    return undefined;
  const request = send(expr.name, first, UNKNOWN);
  return request.paths.every((path) => path.startsWith('/')) ? request : undefined;
}

function lastName(expr: Expr): string {
  return expr.k === 'name' || expr.k === 'member' ? expr.name.replace(/~.*$/, '') : '';
}

/** `fetch(url, { method })`, `inject({ method, url })`. */
function fromOptions(r: Reader, scope: Scope, url: Expr, options: Expr | undefined): SentRequest | undefined {
  const given = options === undefined ? UNKNOWN : r.evaluate(scope, options);
  const plain = r.evaluate(scope, url);
  const [method] = optionsOf(memberOf(r, given, 'method'));
  const target =
    plain.t === 'object'
      ? [memberOf(r, plain, 'url'), memberOf(r, plain, 'path')].find((value) => value.t !== 'unknown')
      : plain;
  const verb =
    method?.t === 'text' ? method.value : given.t === 'object' && method?.t !== 'unknown' ? '' : 'GET';
  if (target === undefined || verb === '' || verb.includes(HOLE)) return undefined;
  const paths = pathsOf(target);
  return paths.length === 0 ? undefined : { method: verb.toUpperCase(), paths, app: UNKNOWN };
}

/** Paths of a URL as far as it is known; empty for one that is not. */
export function pathsOf(url: Value): readonly string[] {
  const paths = optionsOf(url).flatMap((option) => (option.t === 'text' ? [pathOf(option.value)] : []));
  return [...new Set(paths.filter((path) => path !== undefined))];
}

function pathOf(url: string): string | undefined {
  const noQuery = url.split(/[?#]/, 1)[0] ?? '';
  // An origin, or a base address that is not known, in front of the path.
  const origin = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/]*|\u0000[^/]*)(?=\/|$)/i.exec(noQuery)?.[0] ?? '';
  const path = noQuery.slice(origin.length);
  if (path === '') return origin === HOLE ? undefined : '/';
  return path.startsWith('/') ? path : `/${path}`;
}
