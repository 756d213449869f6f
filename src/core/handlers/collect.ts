import type { Handler, HandlerIndex, Position, Unresolved } from '../model/handler.ts';
import type { Findings, Registration } from './framework.ts';
import { packageOf, pluginOf, type ProjectFacts } from './project.ts';
import { functionOf, labelOf, type Site, type Value } from './value.ts';

const ANONYMOUS = '<anonymous>';

/** Gathers what frameworks report and makes the sorted index of it. */
export function createCollector(project: ProjectFacts): {
  readonly findingsFor: (framework: string) => Findings;
  readonly index: () => HandlerIndex;
} {
  const found = new Map<string, Omit<Handler, 'id'> & { readonly baseId: string }>();
  const unresolved = new Map<string, Unresolved>();
  return {
    findingsFor: (framework) => ({
      register: (registration) => {
        const handler = handlerOf(project, framework, registration);
        const { file, start } = handler.registration;
        // The same registration reached twice (a factory called by two entry points) is one handler.
        found.set(
          `${handler.baseId}\n${file}\n${start.line}:${start.column}\n${handler.start.line}:${handler.start.column}`,
          handler,
        );
      },
      unresolved: (site, code, reason) => {
        const start = registrationAt(site);
        unresolved.set(`${site.file.path}:${start.line}:${start.column}:${code}`, {
          file: site.file.path,
          start,
          framework,
          code,
          reason,
        });
      },
    }),
    index: () => ({
      handlers: withIds([...found.values()]),
      unresolved: [...unresolved.values()].sort(byPlace),
    }),
  };
}

/** In a chain the name of the method tells the registrations apart. */
function registrationAt({ call }: Site): Position {
  const inChain = call.callee.k === 'member' && call.callee.object.k === 'call';
  return inChain ? call.nameAt : call.at;
}

function handlerOf(
  project: ProjectFacts,
  framework: string,
  registration: Registration,
): Omit<Handler, 'id'> & { readonly baseId: string } {
  const { kind, method, route, event, handler, site } = registration;
  const place = placeOf(handler, site);
  const owner = packageOf(project, place.file);
  const at =
    event ??
    [method ?? (kind === 'route' ? 'ALL' : 'use'), route].filter((part) => part !== undefined).join(' ');
  const fn = `${place.file}#${place.symbol}`;
  return {
    baseId: `${fn}@${at}`,
    function: fn,
    kind,
    framework,
    ...(method !== undefined && { method }),
    ...(route !== undefined && { route }),
    ...(event !== undefined && { event }),
    ...place,
    registration: { file: site.file.path, start: registrationAt(site) },
    plugin: pluginOf(project, place.file),
    package: owner?.name ?? '',
  };
}

type Place = Pick<Handler, 'file' | 'symbol' | 'start' | 'end' | 'resolved' | 'syntaxHash'>;

function placeOf(handler: Value, site: Site): Place {
  const fn = functionOf(handler);
  const fact = fn?.file.functions[fn.index];
  if (fn === undefined || fact === undefined) {
    const label = labelOf(handler).replaceAll('\n', ' ').slice(0, 80);
    return {
      file: site.file.path,
      symbol: label || '<unresolved>',
      start: registrationAt(site),
      end: site.call.end,
      resolved: false,
      syntaxHash: '',
    };
  }
  const wrapped = handler.t === 'wrapped';
  const named = fact.symbol !== '' && (fact.naming !== 'wrapped' || wrapped);
  return {
    file: fn.file.path,
    symbol: named ? fact.symbol : ANONYMOUS,
    start: fact.at,
    end: fact.end,
    resolved: true,
    syntaxHash: fact.hash,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byPlace = (a: { file: string; start: Position }, b: { file: string; start: Position }): number =>
  compare(a.file, b.file) || a.start.line - b.start.line || a.start.column - b.start.column;

/** Sorts and numbers equal ids, in the order of their registrations. */
function withIds(found: readonly (Omit<Handler, 'id'> & { readonly baseId: string })[]): readonly Handler[] {
  const inOrder = [...found].sort(
    (a, b) => byPlace(a, b) || compare(a.baseId, b.baseId) || byPlace(a.registration, b.registration),
  );
  const counts = new Map<string, number>();
  return inOrder.map(({ baseId, ...handler }) => {
    const count = (counts.get(baseId) ?? 0) + 1;
    counts.set(baseId, count);
    return { id: count === 1 ? baseId : `${baseId}~${count}`, ...handler };
  });
}
