import type { Span } from '../model/span.ts';
import { byFamily } from './by-family.ts';
import { text } from './operation.ts';

/** What a framework's instrumentation says of an INTERNAL span: a function run before the handler, or the handler. */
export interface Layer {
  readonly role: 'middleware' | 'handler';
  /** True where one request has several such spans, one per function of the route's chain, of which the last is the handler. */
  readonly chained: boolean;
  /** Name of the function, or `Controller.method`; absent for functions without a name of their own. */
  readonly name?: string;
  /** Among several names for one handler the highest wins. */
  readonly rank: number;
}

/** Function names that belong to frameworks and their instrumentation, not to the program. */
const NOT_THE_PROGRAMS = new Set([
  'anonymous',
  'patched',
  'query',
  'expressInit',
  'router',
  'mounted_app',
  'bound dispatch',
]);

const FUNCTION_NAME = /^[\p{L}_$][\p{L}\p{N}_$.#]*$/u;

/** Reads the attributes of the instrumentations of express, router, connect, koa, fastify and Nest; undefined for any other span. */
export const layerOf = byFamily(readLayer);

function readLayer({ kind, attributes }: Span): Layer | undefined {
  if (kind !== 'internal') return undefined;
  const router = text(attributes, 'router.type');
  if (router === 'middleware') return layer('middleware', text(attributes, 'router.name'));
  if (router === 'request_handler')
    return { ...layer('handler', text(attributes, 'router.name'), 2), chained: true };
  const express = text(attributes, 'express.type', 'connect.type');
  if (express === 'middleware') return layer('middleware', text(attributes, 'express.name', 'connect.name'));
  // The name of a handler's span is its path here.
  if (express === 'request_handler') return layer('handler', undefined);
  const koa = text(attributes, 'koa.type');
  if (koa === 'middleware') return layer('middleware', text(attributes, 'koa.name'));
  if (koa === 'router') return layer('handler', undefined);
  const fastify = text(attributes, 'fastify.type');
  const callback = text(attributes, 'hook.callback.name', 'fastify.name');
  if (fastify === 'hook' || fastify === 'middleware') return layer('middleware', callback);
  if (fastify === 'request-handler' || fastify === 'request_handler') return layer('handler', callback, 2);
  const nest = text(attributes, 'nestjs.type');
  if (nest !== 'request_context' && nest !== 'handler') return undefined;
  const method = text(attributes, 'nestjs.callback');
  const controller = text(attributes, 'nestjs.controller');
  if (controller === undefined || method === undefined) return layer('handler', method, 1);
  return layer('handler', `${controller}.${method}`, 3);
}

/**
 * Path of the one route whose handler ran, as its router knows it: without the prefixes that routers were mounted at. Express
 * behind several routers at one mount leaves `http.route` out. Undefined where it holds no word, as `/` and `/:id` do not.
 */
export function routedPath(spans: readonly Span[]): string | undefined {
  const ran = spans.filter(({ attributes }) => text(attributes, 'express.type') === 'request_handler');
  const [path, ...others] = new Set(ran.map(({ attributes }) => text(attributes, 'express.name') ?? ''));
  return others.length === 0 && path !== undefined && /^\/(?:.*\/)?[\p{L}\p{N}_]/u.test(path)
    ? path
    : undefined;
}

function layer(role: Layer['role'], name: string | undefined, rank = 0): Layer {
  const real = name === undefined ? undefined : functionName(name);
  return { role, chained: false, rank, ...(real === undefined ? {} : { name: real }) };
}

function functionName(name: string): string | undefined {
  if (NOT_THE_PROGRAMS.has(name) || name.length > 200) return undefined;
  const unbound = name.replace(/^(?:bound )+/u, '');
  return FUNCTION_NAME.test(unbound) ? unbound : undefined;
}
