import type { Handler, HandlerKind } from '../model/handler.ts';
import type { TestLevel } from '../model/test.ts';
import { ERROR_RATE, LATENCY, rankOf } from './buckets.ts';
import { newestOf } from './evidence.ts';
import { code } from './markdown.ts';
import type { DocumentView } from './view.ts';

/** p95 from which a handler counts as slow, milliseconds; a boundary of the latency scale. */
export const SLOW_MS = 500;

export const KINDS: Readonly<Record<HandlerKind, string>> = {
  route: 'route handler',
  middleware: 'middleware',
  'error-middleware': 'error middleware',
  consumer: 'consumer',
  listener: 'listener',
  resolver: 'resolver',
  function: 'function',
  job: 'job',
  beat: 'beat',
};

export const LEVELS: Readonly<Record<TestLevel, string>> = {
  executed: 'executed by a test',
  called: 'called by a test',
  imported: 'only imported by a test',
  placeholder: 'only placeholder tests',
  none: 'no test',
};

/** What a reader would search for: `GET /users/:id`, an event, else the function's name. */
export function nameOf(handler: Handler): string {
  const route = [handler.method, handler.route].filter((part) => part !== undefined).join(' ');
  return route || handler.event || handler.symbol;
}

/** Worst figures over the newest release of each operation; null without any or with too few calls. */
export interface Headline {
  readonly p95: string | null;
  readonly errorRate: string;
}

export function headlineOf(view: DocumentView, id: string): Headline | null {
  const newest = newestOf(view.evidence.handlers.get(id)?.measured ?? []);
  if (newest.length === 0) return null;
  const worst = <T extends string | null>(scale: typeof LATENCY, labels: readonly T[]): T | null =>
    labels.reduce<T | null>((a, b) => (rankOf(scale, b) > rankOf(scale, a) ? b : a), null);
  return {
    p95: worst(
      LATENCY,
      newest.map((one) => one.p95),
    ),
    errorRate:
      worst(
        ERROR_RATE,
        newest.map((one) => one.errorRate),
      ) ?? 'none',
  };
}

/** Lower bound of a latency bucket in milliseconds; -1 for none. */
export function latencyFrom(label: string | null): number {
  return LATENCY[rankOf(LATENCY, label)]?.low ?? -1;
}

/** Level of the handler's best test; undefined while tests are not known at all. */
export function levelOf(view: DocumentView, id: string): TestLevel | undefined {
  return view.tests && (view.tests.get(id)?.level ?? 'none');
}

/** Two cells, p95 and errors, for a table of handlers. */
export function productionCells(view: DocumentView, id: string): readonly [string, string] {
  const headline = headlineOf(view, id);
  if (headline) return [headline.p95 ?? 'too few calls', headline.errorRate];
  return [view.evidence.handlers.has(id) ? 'no longer called' : 'never seen', ''];
}

/** Head and rows of a table that names handlers; columns of production and tests are there once something is known. */
export function handlerRows(
  view: DocumentView,
  handlers: readonly Handler[],
  href: (id: string) => string,
): { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const tests = view.tests !== undefined;
  const production = view.evidence.handlers.size > 0;
  return {
    head: [
      'Handler',
      'Function',
      'Kind',
      ...(production ? ['p95', 'Errors'] : []),
      ...(tests ? ['Tests'] : []),
    ],
    rows: handlers.map((handler) => [
      `[${code(nameOf(handler))}](${href(handler.id)})`,
      code(handler.symbol),
      KINDS[handler.kind],
      ...(production ? productionCells(view, handler.id) : []),
      ...(tests ? [LEVELS[levelOf(view, handler.id) ?? 'none']] : []),
    ]),
  };
}
