import assert from 'node:assert/strict';
import { callsOf } from '../../../src/core/measure/calls.ts';
import type { Call } from '../../../src/core/model/operation.ts';
import type { Attributes, Span, SpanEvent } from '../../../src/core/model/span.ts';
import type { Trace } from '../../../src/core/model/trace.ts';
import { span, T0 } from '../assemble/spans.ts';

const trace = (...spans: readonly Span[]): Trace => ({
  traceId: 't1',
  spans,
  refs: [],
  closed: 'root-ended',
});
const calls = (...spans: readonly Span[]): readonly Call[] => callsOf(trace(...spans));
const GET: Attributes = { 'http.request.method': 'GET', 'http.route': '/users/:id' };
const server = (attributes: Attributes = GET, more: Partial<Span> = {}): Span =>
  span({ spanId: 's', kind: 'server', attributes, ...more });
const inside = (attributes: Attributes, more: Partial<Span> = {}): Span =>
  span({ parentSpanId: 's', attributes, ...more });
const thrown = (message: string, stack = 'at f'): SpanEvent => ({
  name: 'exception',
  timeMs: T0,
  attributes: { 'exception.type': 'Error', 'exception.message': message, 'exception.stacktrace': stack },
});
const only = (list: readonly Call[]): Call => {
  assert.equal(list.length, 1);
  const [call] = list;
  assert.ok(call);
  return call;
};
const nameOf = (attributes: Attributes, more: Partial<Span> = {}): string =>
  `${only(calls(server(attributes, more))).operation.kind}: ${only(calls(server(attributes, more))).operation.name}`;

describe('calls', () => {
  it('measures SERVER and CONSUMER spans wherever they stand, and never their children', () => {
    const found = calls(
      span({ spanId: 'c', kind: 'client' }),
      server(GET, { parentSpanId: 'c' }),
      inside({}, { name: 'inner' }),
      inside({}, { spanId: 'p', kind: 'producer' }),
      span({ parentSpanId: 'p', kind: 'consumer', attributes: { 'messaging.destination.name': 'orders' } }),
    );
    assert.deepEqual(
      found.map((call) => call.operation.name),
      ['GET /users/:id', 'orders'],
    );
  });

  it('takes the path of the one handler that ran where Express left the route out', () => {
    const ran = (name: string): Span => inside({ 'express.type': 'request_handler', 'express.name': name });
    const named = (...spans: readonly Span[]): string =>
      only(calls(server({ 'http.request.method': 'GET' }), ...spans)).operation.name;
    assert.equal(named(ran('/users/profile'), ran('/users/profile')), 'GET /users/profile');
    assert.equal(named(ran('/a'), ran('/b')), 'GET', 'two ran');
    assert.equal(named(ran('/:id')), 'GET', 'no word');
    assert.equal(named(inside({ 'express.type': 'router', 'express.name': '/a' })), 'GET');
    assert.equal(only(calls(server(), ran('/other'))).operation.name, 'GET /users/:id');
  });

  it('measures root INTERNAL spans only where nothing else is, and no CLIENT or PRODUCER roots', () => {
    assert.equal(only(calls(span({ name: 'job' }), span({ parentSpanId: '1' }))).operation.kind, 'internal');
    assert.deepEqual(calls(span({ kind: 'client' })), []);
    assert.deepEqual(calls(span({ kind: 'producer' })), []);
    assert.deepEqual(calls(span({ parentSpanId: 'elsewhere' })), []);
    assert.equal(only(calls(span({ name: 'job' }), server())).operation.kind, 'http');
  });

  it('measures a sequence of a conductor beside the handlers below it, but not its beats', () => {
    const scope = 'renderx';
    const sequence = span({ spanId: 'q', name: 'Desk Open', scope });
    const beat = span({ spanId: 'b', parentSpanId: 'q', name: 'desk:open', scope });
    const attributes = { 'messaging.system': 'renderx', 'code.function.name': 'openDesk' };
    const name = 'DeskPlugin:desk:open#openDesk';
    const handler = span({ parentSpanId: 'b', name, kind: 'consumer', attributes, scope });
    const found = calls(sequence, beat, handler);
    assert.deepEqual(
      found.map(({ operation, hint }) => [operation.kind, operation.name, hint?.function]),
      [
        ['internal', 'Desk Open', undefined],
        ['messaging', name, 'openDesk'],
      ],
    );
  });

  it('names operations from the conventions, new and old', () => {
    assert.equal(nameOf(GET), 'http: GET /users/:id');
    assert.equal(nameOf({ 'http.method': 'post', 'http.route': '/a?token=1' }), 'http: POST /a');
    assert.equal(nameOf({ 'http.request.method': 'GET', 'http.route': '/a/:id?' }), 'http: GET /a/:id?');
    assert.equal(
      nameOf({ 'http.request.method': '_OTHER', 'http.request.method_original': 'Purge' }),
      'http: PURGE',
    );
    assert.equal(nameOf({ 'http.request.method': 'GET', 'url.path': '/secret/1' }), 'http: GET');
    assert.equal(nameOf({ 'rpc.service': 'shop.Orders', 'rpc.method': 'Create' }), 'rpc: shop.Orders/Create');
    assert.equal(nameOf({ 'rpc.method': 'shop.Orders/Create' }), 'rpc: shop.Orders/Create');
    assert.equal(nameOf({ 'graphql.operation.type': 'query' }), 'graphql: query');
    assert.equal(nameOf({ 'faas.trigger': 'timer', 'faas.name': 'nightly' }), 'faas: nightly');
    assert.equal(
      nameOf({ 'messaging.system': 'kafka', 'messaging.destination': 'orders' }),
      'messaging: orders',
    );
    assert.equal(nameOf({ 'messaging.system': 'nats' }, { name: 'process' }), 'messaging: process');
    assert.equal(nameOf({}, { name: 'custom' }), 'internal: custom');
    assert.equal(nameOf({}, { name: 'custom', kind: 'consumer' }), 'messaging: custom');
  });

  it('gives operations ids made of their fields', () => {
    const ids = [
      server(),
      server({ ...GET, 'http.route': '/a' }),
      server(GET, { resource: { ...server().resource, environment: 'prod' } }),
    ].map((each) => only(calls(each)).operation.id);
    assert.equal(new Set(ids).size, 3);
    assert.equal(
      only(calls(server())).operation.id,
      only(calls(server(GET, { startMs: T0 + 1 }))).operation.id,
    );
  });

  it('tells errors from client errors', () => {
    const outcome = (attributes: Attributes, status: Span['status'] = 'unset'): Call['outcome'] =>
      only(calls(server({ ...GET, ...attributes }, { status }))).outcome;
    assert.equal(outcome({ 'http.response.status_code': 200 }), 'ok');
    assert.equal(outcome({ 'http.response.status_code': '404' }), 'client-error');
    assert.equal(outcome({ 'http.status_code': 503 }), 'error');
    assert.equal(outcome({ 'http.response.status_code': 404 }, 'error'), 'error');
    assert.equal(outcome({ 'error.type': 'timeout' }), 'error');
  });

  it('counts an exception once for the innermost call it passed through', () => {
    const found = calls(
      server(GET, { events: [thrown('boom')] }),
      inside({}, { events: [thrown('boom'), thrown('boom', 'at g')] }),
      inside({}, { spanId: 'x', kind: 'server', name: 'inner', events: [thrown('boom')] }),
    );
    assert.deepEqual(
      found.map((call) => call.exceptions.map((each) => each.stack)),
      [['at g'], ['at f']],
    );
  });

  it('leaves equal exceptions of calls beside each other to each of them', () => {
    const found = calls(
      span({ kind: 'client' }),
      span({ spanId: 'a', kind: 'server', events: [thrown('boom')] }),
      span({ spanId: 'b', kind: 'server', events: [thrown('boom')] }),
    );
    assert.deepEqual(
      found.map((call) => call.exceptions.length),
      [1, 1],
    );
  });

  it('reads code.* from the measured span, else from the deepest handler span beneath it', () => {
    const own = only(
      calls(server({ ...GET, 'code.function.name': 'f', 'code.file.path': 'a.ts', 'code.line.number': 3 })),
    );
    assert.deepEqual(own.hint, { function: 'f', file: 'a.ts', line: 3 });
    const handler = { 'fastify.type': 'request-handler', 'hook.callback.name': 'getItem' };
    const old = {
      'code.namespace': 'Items',
      'code.function': 'get',
      'code.filepath': 'b.ts',
      'code.lineno': '7',
    };
    const beneath = only(calls(server(), inside({ ...handler, ...old })));
    assert.deepEqual(beneath.hint, { function: 'Items.get', file: 'b.ts', line: 7, handler: 'getItem' });
  });

  it('does not take hints from below another measured span', () => {
    const [outer, inner] = calls(
      server(),
      inside({}, { spanId: 'inner', kind: 'server' }),
      span({
        parentSpanId: 'inner',
        attributes: { 'router.type': 'request_handler', 'router.name': 'deep' },
      }),
    );
    assert.equal(outer?.hint, undefined);
    assert.equal(inner?.hint?.handler, 'deep');
  });

  it('measures the functions of a chain before its handler as middleware, also with tied starts and nested spans', () => {
    const step = (name: string, more: Partial<Span>): Span =>
      inside({ 'router.type': 'request_handler', 'router.name': name, 'http.route': '/users/:id' }, more);
    const guard = {
      ...step('guard', {}),
      attributes: { 'router.type': 'request_handler', 'router.name': 'guard', 'http.route': '/*' },
    };
    // Order of the trace: the nested handler ends first, its enclosing function afterwards.
    const nested = calls(
      step('getUser', { parentSpanId: 'auth', durationMs: 1 }),
      step('requireAuth', { spanId: 'auth', durationMs: 5 }),
      server(),
      { ...guard, startMs: T0 + 5 },
    );
    assert.equal(nested[0]?.hint?.handler, 'getUser');
    assert.deepEqual(
      nested
        .slice(1)
        .map(({ operation }) => [operation.kind, operation.name, operation.method, operation.route]),
      [
        ['middleware', 'requireAuth', 'GET', '/users/:id'],
        ['middleware', 'guard', undefined, undefined],
      ],
    );
  });

  it("gives a chain's function the request's route where the span has values for parameters or an ending slash", () => {
    const chain = (route: string, requestRoute: string) =>
      calls(
        server({ 'http.route': requestRoute }),
        inside(
          { 'router.type': 'request_handler', 'router.name': 'guard', 'http.route': route },
          { startMs: T0 },
        ),
        inside(
          { 'router.type': 'request_handler', 'router.name': 'last', 'http.route': route },
          { startMs: T0 + 1 },
        ),
      ).find(({ operation }) => operation.name === 'guard')?.operation.route;
    assert.equal(
      chain('/customers/7/addresses/:id', '/customers/:customer/addresses/:id'),
      '/customers/:customer/addresses/:id',
    );
    assert.equal(chain('/orders/', '/orders'), '/orders');
    assert.equal(chain('/orders/7', '/customers/:customer'), undefined);
  });

  it("measures named middleware once, and nothing that is the framework's own", () => {
    const found = calls(
      server(),
      ...['<anonymous>', 'patched', 'query', 'expressInit', 'a b'].map((name) =>
        inside({ 'express.type': 'middleware', 'express.name': name }),
      ),
      inside({ 'router.type': 'middleware', 'router.name': 'cors' }, { spanId: 'm' }),
      inside({ 'express.type': 'middleware', 'express.name': 'cors' }, { parentSpanId: 'm' }),
      inside({ 'koa.type': 'middleware', 'koa.name': 'bound timing' }, { status: 'error' }),
    ).slice(1);
    assert.deepEqual(
      found.map((call) => [call.operation.name, call.outcome]),
      [
        ['cors', 'ok'],
        ['timing', 'error'],
      ],
    );
  });

  it('survives parents that run in a circle', () => {
    const found = calls(
      server(GET, { spanId: 'a', parentSpanId: 'b', events: [thrown('x')] }),
      server(GET, { spanId: 'b', parentSpanId: 'a', events: [thrown('x')] }),
      server(GET, { spanId: 'c', parentSpanId: 'c' }),
    );
    assert.equal(found.length, 3);
  });
});
