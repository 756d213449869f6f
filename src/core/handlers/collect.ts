import type { Handler, HandlerIndex, Position, Unresolved } from '../model/handler.ts';
import type { DeclaredSite, Findings, Registration } from './framework.ts';
import { passesOn } from './passes-on.ts';
import { packageOf, pluginOf, type ProjectFacts } from './project.ts';
import { functionOf, labelOf, type Site, type Value } from './value.ts';

/** A handler before equal ids are numbered. */
type Draft = Omit<Handler, 'id'> & { id: string };
type Owner = Pick<Handler, 'plugin' | 'package'>;

const ANONYMOUS = '<anonymous>';

/** Gathers what frameworks report and makes the sorted index of it. */
export function createCollector(project: ProjectFacts): {
  readonly findingsFor: (framework: string) => Findings;
  readonly index: () => HandlerIndex;
} {
  const found = new Map<object, Map<string, Draft>>();
  const unresolved = new Map<string, Unresolved>();
  const owners = new Map<string, Owner>();
  const ownerOf = (file: string): Owner => {
    let owner = owners.get(file);
    if (owner === undefined) {
      owner = { plugin: pluginOf(project, file), package: packageOf(project, file)?.name ?? '' };
      owners.set(file, owner);
    }
    return owner;
  };
  return {
    findingsFor: (framework) => ({
      register: (registration) => {
        const draft = draftOf(framework, registration, ownerOf);
        const { site } = registration;
        const call = 'call' in site ? site.call : site;
        const ofCall = found.get(call) ?? new Map<string, Draft>();
        found.set(call, ofCall);
        // The same registration reached twice (a factory called by two entry points) is one handler.
        ofCall.set(`${draft.id}\n${draft.start.line}:${draft.start.column}`, draft);
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
      handlers: withIds([...found.values()].flatMap((ofCall) => [...ofCall.values()])),
      unresolved: [...unresolved.values()].sort(byPlace),
    }),
  };
}

/** In a chain the name of the method tells the registrations apart. */
function registrationAt(site: Site | DeclaredSite): Position {
  if (!('call' in site)) return site.at;
  const { call } = site;
  const inChain = call.callee.k === 'member' && call.callee.object.k === 'call';
  return inChain ? call.nameAt : call.at;
}

function draftOf(framework: string, registration: Registration, ownerOf: (file: string) => Owner): Draft {
  const { kind, method, route, openPrefix, event, handler, site } = registration;
  const place = placeOf(handler, site);
  const owner = ownerOf(place.file);
  const last = kind === 'route' ? functionOf(handler) : undefined;
  const guard = last && passesOn(last.file, last.index);
  const name = method ?? (kind === 'route' ? 'ALL' : 'use');
  const at = event ?? (route === undefined ? name : `${name} ${route}`);
  const fn = `${place.file}#${place.symbol}`;
  return {
    id: `${fn}@${at}`,
    function: fn,
    kind,
    framework,
    ...(method !== undefined && { method }),
    ...(route !== undefined && { route }),
    ...(openPrefix === true && { openPrefix }),
    ...(event !== undefined && { event }),
    file: place.file,
    symbol: place.symbol,
    start: place.start,
    end: place.end,
    registration: { file: site.file.path, start: registrationAt(site) },
    resolved: place.resolved,
    ...(guard !== undefined && { passesOn: guard }),
    plugin: owner.plugin,
    package: owner.package,
    syntaxHash: place.syntaxHash,
  };
}

type Place = Pick<Handler, 'file' | 'symbol' | 'start' | 'end' | 'resolved' | 'syntaxHash'>;

function placeOf(handler: Value, site: Site | DeclaredSite): Place {
  const fn = functionOf(handler);
  const fact = fn?.file.functions[fn.index];
  if (fn === undefined || fact === undefined) {
    const label = labelOf(handler).replaceAll('\n', ' ').slice(0, 80);
    return {
      file: site.file.path,
      symbol: label || '<unresolved>',
      start: registrationAt(site),
      end: 'call' in site ? site.call.end : site.end,
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
function withIds(found: readonly Draft[]): readonly Handler[] {
  const inOrder = [...found].sort(
    (a, b) => byPlace(a, b) || compare(a.id, b.id) || byPlace(a.registration, b.registration),
  );
  const counts = new Map<string, number>();
  for (const draft of inOrder) {
    const count = (counts.get(draft.id) ?? 0) + 1;
    counts.set(draft.id, count);
    if (count > 1) draft.id = `${draft.id}~${count}`;
  }
  return inOrder;
}
