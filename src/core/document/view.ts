import { createHash } from 'node:crypto';
import type { Handler, Unresolved } from '../model/handler.ts';
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
  /** Handler ids in the order in which they run, by the id of each of them. */
  readonly chains: ReadonlyMap<string, readonly string[]>;
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

function inOrderOfRegistration(a: Handler, b: Handler): number {
  const [x, y] = [a.registration, b.registration];
  return (
    byText(x.file, y.file) ||
    x.start.line - y.start.line ||
    x.start.column - y.start.column ||
    byText(a.id, b.id)
  );
}

function chainsOf(handlers: readonly Handler[]): ReadonlyMap<string, readonly string[]> {
  const routes = new Map<string, Handler[]>();
  for (const handler of handlers) {
    if (handler.method === undefined || handler.route === undefined) continue;
    const key = JSON.stringify([handler.package, handler.method, handler.route]);
    const route = routes.get(key);
    if (route) route.push(handler);
    else routes.set(key, [handler]);
  }
  const chains = new Map<string, readonly string[]>();
  for (const route of routes.values()) {
    const ids = route.sort(inOrderOfRegistration).map((handler) => handler.id);
    for (const id of ids) chains.set(id, ids);
  }
  return chains;
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
  const known = new Set(handlers.map((handler) => handler.id));
  const given = [...(input.docs ?? [])].flatMap(([id, doc]) =>
    doc.chain ? [[id, doc.chain.filter((one) => known.has(one))] as const] : [],
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
    chains: new Map([...chains, ...given]),
    anchors: new Map(handlers.map((handler) => [handler.id, anchorOf(handler)])),
    evidenceOf: (id) => input.evidence.handlers.get(id),
    docOf: (id) => input.docs?.get(id) ?? {},
  };
}
