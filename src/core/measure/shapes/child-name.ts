import type { Operation } from '../../model/operation.ts';
import type { Attributes, Span, SpanKind } from '../../model/span.ts';
import { methodOf, number, text } from '../operation.ts';
import { maskName, maskPath, maskStatement, remembered, wellFormed } from './mask.ts';

const MAX_NAMED = 5000;
const MAX_PEER = 100;
/** Ports from here on are given out by chance: another run has another one. */
const EPHEMERAL_PORT = 32_768;
const SQL_VERB =
  /^\s*(?:select|insert|update|delete|with|merge|call|begin|commit|rollback|create|alter|drop|truncate|set)\b/iu;

export interface ChildName {
  readonly key: string;
  readonly name: string;
}

/** The same text for the same name: looking it up again and again is most of what a shape costs. */
const named: Readonly<Record<SpanKind, Map<string, ChildName>>> = {
  unspecified: new Map(),
  internal: new Map(),
  server: new Map(),
  client: new Map(),
  producer: new Map(),
  consumer: new Map(),
};

const statement = remembered(maskStatement);
const plain = remembered(maskName);

/** Text of peers: they are few, unlike paths, which hold ids. */
const shownHost = remembered((name) =>
  /^\d{1,3}(?:\.\d{1,3}){3}$/u.test(name) && !name.startsWith('127.') ? '(ip)' : name.slice(0, MAX_PEER),
);

/** The name of what a span asks for, ids masked: by the operation that answered where known, else by the span's own attributes. */
export function nameOfChild(span: Span, server?: Operation): ChildName {
  const raw = server === undefined ? ownName(span) : serverName(span, server);
  const known = named[span.kind].get(raw);
  if (known !== undefined) return known;
  const name = wellFormed(raw);
  const found = { key: `${span.kind} ${name}`, name };
  if (named[span.kind].size >= MAX_NAMED) named[span.kind].clear();
  named[span.kind].set(raw, found);
  return found;
}

function serverName(span: Span, { kind, method, route, service, name }: Operation): string {
  if (kind !== 'http' || method === undefined) return `${service} ${plain(name)}`;
  return `${method} ${service} ${route ?? maskPath(pathOf(span.attributes) ?? '')}`.trimEnd();
}

function ownName(span: Span): string {
  const { attributes } = span;
  const database = text(attributes, 'db.system.name', 'db.system');
  if (database !== undefined) return databaseName(database, span);
  const method = span.kind === 'client' ? methodOf(attributes) : undefined;
  if (method !== undefined) return `${method} ${peerOf(attributes)} ${maskPath(pathOf(attributes) ?? '/')}`;
  const messaging = text(attributes, 'messaging.system');
  if (messaging !== undefined) {
    const destination = text(
      attributes,
      'messaging.destination.template',
      'messaging.destination.name',
      'messaging.destination',
    );
    return `${messaging} ${plain(destination ?? span.name)}`;
  }
  const rpc = text(attributes, 'rpc.method');
  if (rpc !== undefined) return plain([text(attributes, 'rpc.service'), rpc].filter(Boolean).join('/'));
  return plain(span.name);
}

function databaseName(system: string, { attributes, name }: Span): string {
  const query = text(attributes, 'db.query.summary', 'db.query.text', 'db.statement');
  if (query !== undefined && SQL_VERB.test(query)) return `${system} ${statement(query)}`;
  const operation = text(attributes, 'db.operation.name', 'db.operation');
  const target = text(
    attributes,
    'db.collection.name',
    'db.sql.table',
    'db.mongodb.collection',
    'db.namespace',
    'db.name',
  );
  const [word] = query?.trim().split(/\s/u, 1) ?? [];
  return plain([system, operation ?? word ?? name, target].filter(Boolean).join(' '));
}

/** `peer.service`, else the host, with its port where it says something. */
function peerOf(attributes: Attributes): string {
  const service = text(attributes, 'peer.service');
  if (service !== undefined) return service.slice(0, MAX_PEER);
  const name = text(attributes, 'server.address', 'net.peer.name', 'http.host', 'net.peer.ip') ?? '?';
  const port = number(attributes, 'server.port', 'net.peer.port');
  const silent = port === undefined || port === 80 || port === 443 || port >= EPHEMERAL_PORT;
  return silent ? shownHost(name) : `${shownHost(name)}:${port}`;
}

/** Path without query, as the span has it. */
export function pathOf(attributes: Attributes): string | undefined {
  const own = text(attributes, 'url.path');
  if (own !== undefined) return cut(own);
  const target = text(attributes, 'http.target');
  if (target !== undefined) return cut(target);
  const url = text(attributes, 'url.full', 'http.url');
  if (url === undefined) return undefined;
  const host = url.indexOf('://');
  const from = host < 0 ? 0 : url.indexOf('/', host + 3);
  return from < 0 ? '/' : cut(url.slice(from));
}

function cut(target: string): string {
  const end = target.search(/[?#]/u);
  return end < 0 ? target : target.slice(0, end);
}
