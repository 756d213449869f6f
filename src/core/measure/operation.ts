import type { Operation, OperationKind } from '../model/operation.ts';
import { byFamily } from './by-family.ts';
import type { Attributes, Span } from '../model/span.ts';

/** Names come from telemetry and are kept in memory: longer ones are cut. */
const MAX_NAME = 500;

interface Naming {
  readonly kind: OperationKind;
  readonly method?: string;
  readonly route?: string;
  readonly name: string;
}

/** First text among attributes, for names that changed between versions of the semantic conventions. */
export function text(attributes: Attributes, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = attributes[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** First number among attributes; numbers written as text count. */
export function number(attributes: Attributes, ...keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const value = attributes[key];
    const parsed = typeof value === 'string' && value !== '' ? Number(value) : value;
    if (typeof parsed === 'number' && Number.isFinite(parsed)) return parsed;
  }
  return undefined;
}

/**
 * The operation that a SERVER, CONSUMER or root INTERNAL span is a call of; `routed` stands in for a route that the span
 * lacks. Source: OpenTelemetry semantic conventions.
 */
export function operationOf(span: Span, routed?: string): Operation {
  return routed === undefined ? ownOperation(span) : operationFrom(span, naming(span, routed));
}

const ownOperation = byFamily((span) => operationFrom(span, naming(span, undefined)));

/** The operation of a middleware function; method and route are those of the request, where known. */
export function middlewareOperation(span: Span, name: string, method?: string, route?: string): Operation {
  return operationFrom(span, {
    kind: 'middleware',
    name,
    ...(method === undefined ? {} : { method }),
    ...(route === undefined ? {} : { route }),
  });
}

/** `http.route` as the framework reported it, never with values of a query. */
export function routeOf(attributes: Attributes): string | undefined {
  const route = text(attributes, 'http.route');
  // `?` alone marks an optional parameter in some frameworks; `?key=` can only be a query.
  return route?.replace(/\?[^/?=]*=.*$/su, '').slice(0, MAX_NAME);
}

/** HTTP method in upper case. */
export function methodOf(attributes: Attributes): string | undefined {
  const method = text(attributes, 'http.request.method', 'http.method');
  const original = method === '_OTHER' ? text(attributes, 'http.request.method_original') : undefined;
  return (original ?? method)?.toUpperCase().slice(0, MAX_NAME);
}

function operationFrom(span: Span, named: Naming): Operation {
  const { service, environment } = span.resource;
  const { kind, method, route } = named;
  const name = named.name.slice(0, MAX_NAME);
  // JSON escapes lone surrogates, so that the id survives any storage.
  const id = JSON.stringify([service, environment, kind, method ?? '', route ?? '', name]);
  return {
    id,
    service,
    environment,
    kind,
    ...(method === undefined ? {} : { method }),
    ...(route === undefined ? {} : { route }),
    name,
  };
}

function naming(span: Span, routed: string | undefined): Naming {
  const { attributes } = span;
  const method = methodOf(attributes);
  if (method !== undefined) {
    const route = routeOf(attributes) ?? routed?.slice(0, MAX_NAME);
    return route === undefined
      ? { kind: 'http', method, name: method }
      : { kind: 'http', method, route, name: `${method} ${route}` };
  }
  return messaging(span) ?? rpc(attributes) ?? graphql(attributes) ?? faas(span) ?? fallback(span);
}

function messaging({ attributes, name }: Span): Naming | undefined {
  if (
    text(attributes, 'messaging.system', 'messaging.destination.name', 'messaging.destination') === undefined
  )
    return;
  const destination =
    attributes['messaging.destination.temporary'] === true ||
    attributes['messaging.destination.anonymous'] === true
      ? '(temporary)'
      : text(
          attributes,
          'messaging.destination.template',
          'messaging.destination.name',
          'messaging.destination',
          'messaging.source.name',
        );
  return { kind: 'messaging', name: destination ?? name };
}

function rpc(attributes: Attributes): Naming | undefined {
  const method = text(attributes, 'rpc.method');
  if (method === undefined) return undefined;
  const service = text(attributes, 'rpc.service');
  return {
    kind: 'rpc',
    name: service === undefined || method.includes('/') ? method : `${service}/${method}`,
  };
}

function graphql(attributes: Attributes): Naming | undefined {
  const type = text(attributes, 'graphql.operation.type');
  if (type === undefined) return undefined;
  const name = text(attributes, 'graphql.operation.name');
  return { kind: 'graphql', name: name === undefined ? type : `${type} ${name}` };
}

function faas({ attributes, resource, name }: Span): Naming | undefined {
  const arn = text(attributes, 'cloud.resource_id', 'faas.id');
  const isFunction = text(attributes, 'faas.invocation_id', 'faas.execution', 'faas.trigger') !== undefined;
  if (!isFunction) return undefined;
  const fromArn = arn?.match(/:function:(?<name>[^:]+)/u)?.groups?.['name'];
  return {
    kind: 'faas',
    name: text(attributes, 'faas.name') ?? text(resource.attributes, 'faas.name') ?? fromArn ?? name,
  };
}

function fallback({ kind, name }: Span): Naming {
  return { kind: kind === 'consumer' ? 'messaging' : 'internal', name };
}
