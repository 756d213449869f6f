import assert from 'node:assert/strict';
import { callsOf } from '../../../src/core/measure/calls.ts';
import type { Call } from '../../../src/core/model/operation.ts';
import { recordsOf, tally, tracesOf } from './recording.ts';

const callsIn = (fixture: string): readonly Call[] => tracesOf(recordsOf(fixture)).flatMap(callsOf);
const nameUnlessMiddleware = ({ operation }: Call): string | undefined =>
  operation.kind === 'middleware' ? undefined : `${operation.kind} ${operation.name}`;
const middleware = ({ operation }: Call): string | undefined =>
  operation.kind === 'middleware'
    ? [operation.name, operation.method, operation.route].join(' ').trim()
    : undefined;
const failed = (call: Call): string | undefined =>
  call.outcome === 'error' ? nameUnlessMiddleware(call) : undefined;

describe('calls of real recordings', () => {
  it('Express 5: one call for each request, whatever the number of spans', () => {
    const calls = callsIn('express5-traces.jsonl.gz');
    assert.deepEqual(tally(calls, nameUnlessMiddleware), {
      'http GET /api/users/:id': 743,
      'http POST /api/orders': 312,
      'http GET /api/search': 294,
      'http GET /health': 118,
      'http GET /proxy/:id': 72,
      'http GET': 33,
    });
    assert.deepEqual(tally(calls, failed), { 'http GET /api/search': 8 });
    assert.deepEqual(tally(calls, middleware), {
      jsonParser: 1572,
      'requireAuth GET /api/users/:id': 736,
      'requireAuth POST /api/orders': 312,
    });
  });

  it('Express 5: every failure has its exception once, and the handler of the chain names the function', () => {
    const calls = callsIn('express5-traces.jsonl.gz').filter((call) => call.operation.kind === 'http');
    const search = calls.filter((call) => call.outcome === 'error');
    assert.deepEqual(
      tally(search, (call) => call.exceptions.map((each) => each.message).join()),
      {
        'search backend timeout': 8,
      },
    );
    const users = calls.filter((call) => call.operation.route === '/api/users/:id');
    // Seven requests were refused by requireAuth, the only function of their chain that ran.
    assert.deepEqual(
      tally(users, (call) => call.hint?.handler),
      { getUser: 736, requireAuth: 7 },
    );
  });

  it('Express 4: parser and query middleware of the framework itself do not count', () => {
    const calls = callsIn('express4-traces.jsonl.gz');
    assert.deepEqual(tally(calls, nameUnlessMiddleware), {
      'http GET /api/users/:id': 10,
      'http GET /api/err': 10,
      'http GET /health': 10,
    });
    assert.deepEqual(tally(calls, failed), { 'http GET /api/users/:id': 1, 'http GET /api/err': 10 });
    assert.deepEqual(tally(calls, middleware), { jsonParser: 30 });
  });

  it('Fastify, Koa, Nest, GraphQL and Lambda', () => {
    const calls = callsIn('frameworks-traces.jsonl.gz');
    assert.deepEqual(tally(calls, nameUnlessMiddleware), {
      'http GET /items/:id': 120,
      'http POST /items': 120,
      'http GET /koa/:id': 120,
      'http GET /cats': 30,
      'http GET /cats/:id': 120,
      'graphql query GetUser': 108,
      'graphql query B': 12,
      'faas shop-create': 40,
      'internal graphql.parse': 120,
      'internal graphql.validate': 120,
      'internal graphql.parseSchema': 1,
      'internal Create Nest App': 1,
    });
    assert.deepEqual(tally(calls, failed), {
      'http GET /items/:id': 3,
      'http POST /items': 6,
      'http GET /koa/:id': 3,
      'faas shop-create': 3,
    });
    assert.deepEqual(tally(calls, middleware), {
      checkQuota: 240,
      jsonParser: 150,
      urlencodedParser: 150,
      timing: 120,
    });
    assert.deepEqual(
      tally(calls, (call) => (call.operation.kind === 'middleware' ? undefined : call.hint?.handler)),
      { getItem: 120, 'CatsController.list': 30, 'CatsController.findOne': 120 },
    );
  });
});
