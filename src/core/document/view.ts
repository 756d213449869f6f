import { createHash } from 'node:crypto';
import type { Handler, HandlerKind, Unresolved } from '../model/handler.ts';
import type { HandlerTests } from '../model/test.ts';
import { byText } from './evidence.ts';
import type { Evidence, HandlerEvidence } from './evidence.ts';
import type { DocumentInput, HandlerDoc } from './page.ts';

/** GitHub stops rendering Markdown at 512 KB; this leaves room for prose around the generated part. */
export const PAGE_BYTES = 400_000;

export interface PluginView {
  readonly name: string;
  /** Safe in file names and anchors, unique among plugins. */
  readonly slug: string;
  /** By id, so that moving a function within its file changes no page. */
  readonly handlers: readonly Handler[];
}

/** The input put in order once, with the names that pages use to point at each other. */
export interface DocumentView {
  readonly workspaceName: string;
  readonly docsFolder: string;
  readonly pageBytes: number;
  readonly plugins: readonly PluginView[];
  readonly handlers: readonly Handler[];
  readonly unresolved: readonly Unresolved[];
  readonly evidence: Evidence;
  readonly tests: ReadonlyMap<string, HandlerTests> | undefined;
  readonly byId: ReadonlyMap<string, Handler>;
  /** By the id of each of its handlers. */
  readonly chains: ReadonlyMap<string, Chain>;
  readonly anchors: ReadonlyMap<string, string>;
  evidenceOf(id: string): HandlerEvidence | undefined;
  docOf(id: string): HandlerDoc;
}

function hash(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 8);
}

function words(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
}

/** Plain names stay as they are, others get a hash: case and signs may be all that tells two of them apart. */
export function slugOf(name: string): string {
  const slug = words(name);
  return slug === name ? slug : [slug, hash(name)].filter((part) => part !== '').join('-');
}

/** Anchor made of the handler's own id only, so that no other handler can move it. */
export function anchorOf(handler: Handler): string {
  const named = words([handler.symbol, handler.method, handler.route ?? handler.event].join(' '));
  return ['h', named, hash(handler.id)].filter((part) => part !== '').join('-');
}

/** Handlers that run for the same request; `ordered` is false where the code does not show who runs first. */
export interface Chain {
  readonly ids: readonly string[];
  readonly ordered: boolean;
}

const RANKS: Readonly<Partial<Record<HandlerKind, number>>> = { middleware: -1, 'error-middleware': 1 };

/** Zero when registrations do not tell which of the two runs first. */
function byRegistration(a: Handler, b: Handler): number {
  const [x, y] = [a.registration, b.registration];
  return (
    byText(x.file, y.file) ||
    x.start.line - y.start.line ||
    x.start.column - y.start.column ||
    (x.order ?? 0) - (y.order ?? 0) ||
    (RANKS[a.kind] ?? 0) - (RANKS[b.kind] ?? 0)
  );
}

function chainOf(route: readonly Handler[]): Chain {
  const sorted = [...route].sort((a, b) => byRegistration(a, b) || byText(a.id, b.id));
  const ordered = sorted.every((one, i) => {
    const next = sorted[i + 1];
    return !next || (one.registration.file === next.registration.file && byRegistration(one, next) !== 0);
  });
  return { ids: sorted.map((one) => one.id), ordered };
}

function chainsOf(handlers: readonly Handler[]): ReadonlyMap<string, Chain> {
  const routes = new Map<string, Handler[]>();
  for (const handler of handlers) {
    if (handler.method === undefined || handler.route === undefined) continue;
    const key = JSON.stringify([handler.package, handler.method, handler.route]);
    const route = routes.get(key);
    if (route) route.push(handler);
    else routes.set(key, [handler]);
  }
  const chains = [...routes.values()].map(chainOf);
  return new Map(chains.flatMap((chain) => chain.ids.map((id) => [id, chain] as const)));
}

/** Pure; the same for any order of the input's lists. */
export function viewOf(input: DocumentInput, pageBytes: number = PAGE_BYTES): DocumentView {
  const handlers = [...input.handlers].sort((a, b) => byText(a.id, b.id));
  const byPlugin = new Map<string, Handler[]>();
  for (const handler of handlers) {
    const plugin = byPlugin.get(handler.plugin);
    if (plugin) plugin.push(handler);
    else byPlugin.set(handler.plugin, [handler]);
  }
  const plugins = [...byPlugin]
    .sort(([a], [b]) => byText(a, b))
    .map(([name, own]): PluginView => ({ name, slug: slugOf(name), handlers: own }));
  const chains = chainsOf(handlers);
  const byId = new Map(handlers.map((handler) => [handler.id, handler]));
  const given = [...(input.docs ?? [])].flatMap(([id, doc]) =>
    doc.chain ? [[id, { ids: doc.chain.filter((one) => byId.has(one)), ordered: true }] as const] : [],
  );
  return {
    workspaceName: input.workspaceName,
    docsFolder: input.docsFolder ?? 'docs/suture',
    pageBytes,
    plugins,
    handlers,
    unresolved: input.unresolved,
    evidence: input.evidence,
    tests: input.tests,
    byId,
    chains: new Map([...chains, ...given]),
    anchors: new Map(handlers.map((handler) => [handler.id, anchorOf(handler)])),
    evidenceOf: (id) => input.evidence.handlers.get(id),
    docOf: (id) => input.docs?.get(id) ?? {},
  };
}
