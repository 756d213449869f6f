import type { Attributes, Span } from '../../model/span.ts';
import { methodOf, number, routeOf, text } from '../operation.ts';
import { pathOf } from './child-name.ts';
import { wellFormed } from './mask.ts';
import { isSecretName, isSecretValue, REDACTED } from './secrets.ts';

/** What a span says of the request, secrets redacted, all of it untrusted and cut. */
export interface Request {
  readonly method: string;
  readonly path: string;
  /** Without `?`. */
  readonly query: string;
  /** Names of the query's keys, sorted, each once. */
  readonly queryKeys: string;
  /** Each key once: `path.<name>`, `query.<key>`, `http.request.body.size`. */
  readonly inputs: readonly (readonly [key: string, value: string])[];
}

const MAX_PATH = 500;
const MAX_QUERY = 1000;
const MAX_KEY = 60;
const MAX_VALUE = 100;
const MAX_KEYS = 24;
const MAX_ROUTES = 5000;
const SIZES: readonly (readonly [below: number, name: string])[] = [
  [1, '0'],
  [1000, 'under 1 kB'],
  [10_000, '1 to 10 kB'],
  [100_000, '10 to 100 kB'],
  [1_000_000, '100 kB to 1 MB'],
];

/** A segment of a route: the name of its parameter, or null for one that stands as it is; `*` takes all that follows. */
type Pattern = readonly (Parameter | '*' | null)[];
interface Parameter {
  /** Key of the input. */
  readonly key: string;
  /** True where its value must not be kept. */
  readonly secret: boolean;
}
const patterns = new Map<string, Pattern>();

/** Undefined where the span is no HTTP request or does not tell its path. */
export function requestOf(span: Span): Request | undefined {
  const { attributes } = span;
  const method = methodOf(attributes);
  const path = pathOf(attributes);
  if (method === undefined || path === undefined) return undefined;
  const inputs: [key: string, value: string][] = [];
  const seen = new Set<string>();
  const put = (key: string, value: string): void => {
    const name = wellFormed(key);
    if (inputs.length >= MAX_KEYS || seen.has(name)) return;
    seen.add(name);
    inputs.push([name, wellFormed(value)]);
  };
  const shownPath = readPath(path.slice(0, MAX_PATH), routeOf(attributes), put);
  const query = readQuery(queryOf(attributes), put);
  const size = number(
    attributes,
    'http.request.body.size',
    'http.request_content_length',
    'http.request.header.content-length',
  );
  if (size !== undefined) {
    put('http.request.body.size', SIZES.find(([below]) => size < below)?.[1] ?? 'over 1 MB');
  }
  return {
    method: wellFormed(method),
    path: wellFormed(shownPath),
    query: wellFormed(query.query),
    queryKeys: query.queryKeys,
    inputs,
  };
}

function readPath(
  path: string,
  route: string | undefined,
  put: (key: string, value: string) => void,
): string {
  const segments = path.split('/');
  let changed = false;
  const redact = (at: number): void => {
    segments[at] = REDACTED;
    changed = true;
  };
  const pattern = route === undefined ? undefined : patternOf(route);
  // Below a mount some frameworks report the rest of the route alone.
  const shift = pattern === undefined ? 0 : Math.max(0, segments.length - pattern.length);
  const fits = pattern !== undefined && (shift === 0 || pattern.at(-1) !== '*');
  segments.forEach((segment, at) => {
    if (segment === '') return;
    const parameter = fits ? pattern[at - shift] : null;
    const value = decoded(segment);
    if (typeof parameter === 'object' && parameter !== null) {
      const secret = parameter.secret || isSecretValue(value);
      put(parameter.key, secret ? REDACTED : value.slice(0, MAX_VALUE));
      if (secret) redact(at);
    } else if (isSecretValue(value)) redact(at);
  });
  return changed ? segments.join('/') : path;
}

function readQuery(
  raw: string,
  put: (key: string, value: string) => void,
): Pick<Request, 'query' | 'queryKeys'> {
  if (raw === '') return { query: '', queryKeys: '' };
  const kept: string[] = [];
  const keys = new Set<string>();
  let length = 0;
  for (const pair of raw.slice(0, 2 * MAX_QUERY).split('&', 2 * MAX_KEYS)) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const rawKey = equals < 0 ? pair : pair.slice(0, equals);
    const value = equals < 0 ? '' : decoded(pair.slice(equals + 1).replaceAll('+', ' '));
    // A key may be the secret itself, as in `?eyJhbGciOi...`.
    const key = isSecretValue(decoded(rawKey)) ? REDACTED : decoded(rawKey).slice(0, MAX_KEY);
    const secret = key === REDACTED || isSecretName(key) || isSecretValue(value);
    put(`query.${key}`, secret ? REDACTED : value.slice(0, MAX_VALUE));
    keys.add(key);
    const shown = key === REDACTED ? REDACTED : secret ? `${rawKey}=${REDACTED}` : pair;
    length += shown.length + 1;
    if (length <= MAX_QUERY) kept.push(shown);
  }
  return { query: kept.join('&'), queryKeys: [...keys].sort().join('&') };
}

/** Raw query of a request, without `?`. */
function queryOf(attributes: Attributes): string {
  const own = text(attributes, 'url.query');
  if (own !== undefined) return own.startsWith('?') ? own.slice(1) : own;
  const url = text(attributes, 'http.target', 'url.full', 'http.url');
  const from = url?.indexOf('?') ?? -1;
  return url === undefined || from < 0 ? '' : (url.slice(from + 1).split('#', 1)[0] ?? '');
}

function decoded(raw: string): string {
  if (!raw.includes('%')) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

function patternOf(route: string): Pattern {
  const known = patterns.get(route);
  if (known !== undefined) return known;
  const parts = route.split('/');
  const pattern = parts.map((part, at) => parameterOf(part, parts[at - 1] ?? ''));
  if (patterns.size >= MAX_ROUTES) patterns.clear();
  patterns.set(route, pattern);
  return pattern;
}

/** `:id`, `:id(\\d+)`, `:id?`, `{id}`, `<int:id>`, `[id]`, `*rest`. */
function parameterOf(segment: string, before: string): Pattern[number] {
  if (segment.startsWith('*')) return '*';
  const found = /^(?::|\{:?|\[|<(?:\w+:)?)(?<name>[\p{L}_$][\p{L}\p{N}_$-]*)(?=$|[?+*({}\]>])/u.exec(segment);
  const name = found?.groups?.['name'];
  if (name === undefined) return null;
  return {
    key: `path.${name.slice(0, MAX_KEY)}`,
    // What stands under `/tokens/` is one.
    secret: isSecretName(name) || isSecretName(before),
  };
}
