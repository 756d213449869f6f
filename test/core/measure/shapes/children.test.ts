import assert from 'node:assert/strict';
import { callsOf } from '../../../../src/core/measure/calls.ts';
import { childrenOf } from '../../../../src/core/measure/shapes/children.ts';
import { createTraceTree } from '../../../../src/core/measure/trace-tree.ts';
import type { Span } from '../../../../src/core/model/span.ts';
import { shop, span, T0 } from '../../assemble/spans.ts';

const inventory = { ...shop, service: 'inventory' };
const http = (method: string, path: string, route?: string): Pick<Span, 'attributes'> => ({
  attributes: {
    'http.request.method': method,
    'url.path': path,
    'server.address': 'stock.internal',
    'server.port': 8080,
    ...(route === undefined ? {} : { 'http.route': route }),
  },
});
function keys(spans: readonly Span[], owner: string): readonly string[] {
  const calls = callsOf({ traceId: 't1', spans, refs: [], closed: 'root-ended' });
  const found = childrenOf(spans, createTraceTree(spans), new Map(calls.map((call) => [call.spanId, call])));
  for (const [at, children] of found) if (at.spanId === owner) return children.map(({ key }) => key);
  return [];
}
const root = span({ spanId: 'a', kind: 'server', ...http('POST', '/orders', '/orders') });

describe('children of a call', () => {
  it('are clients and inner work beneath it, through layers of frameworks', () => {
    const layer = { 'router.type': 'request_handler', 'router.name': 'place' };
    const spans = [
      root,
      span({ spanId: 'b', parentSpanId: 'a', attributes: layer }),
      span({ spanId: 'b2', parentSpanId: 'b', attributes: { 'express.type': 'router' } }),
      span({ spanId: 'c', parentSpanId: 'b2', name: 'price 17' }),
      span({ spanId: 'd', parentSpanId: 'c', kind: 'client', ...http('GET', '/stock/KIT-001') }),
      span({
        spanId: 'e',
        parentSpanId: 'b',
        kind: 'producer',
        attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'orders' },
      }),
    ];
    assert.deepEqual(keys(spans, 'a'), [
      'internal price :id',
      'client GET stock.internal:8080 /stock/:id',
      'producer kafka orders',
    ]);
  });

  it('counts a client and the server beneath it as one, named by the server', () => {
    const spans = [
      root,
      span({ spanId: 'b', parentSpanId: 'a', kind: 'client', ...http('GET', '/stock/KIT-001') }),
      span({ spanId: 'n', parentSpanId: 'b', name: 'tcp.connect' }),
      span({
        spanId: 'c',
        parentSpanId: 'b',
        kind: 'server',
        resource: inventory,
        ...http('GET', '/stock/KIT-001', '/stock/:sku'),
      }),
      span({
        spanId: 'd',
        parentSpanId: 'c',
        kind: 'client',
        attributes: { 'db.system': 'postgresql', 'db.statement': 'select * from stock where sku = 7' },
      }),
      span({
        spanId: 'e',
        parentSpanId: 'c',
        kind: 'client',
        name: 'redis-GET',
        attributes: { 'db.system.name': 'redis', 'db.query.text': 'GET user:123' },
      }),
    ];
    assert.deepEqual(keys(spans, 'a'), ['client GET inventory /stock/:sku']);
    assert.deepEqual(keys(spans, 'c'), [
      'client postgresql select * from stock where sku = ?',
      'client redis GET',
    ]);
    assert.deepEqual(keys([root, { ...spans[3]!, parentSpanId: 'a' }], 'a'), [
      'server GET inventory /stock/:sku',
    ]);
  });

  it('names peers by what stays from run to run', () => {
    const peer = (attributes: Span['attributes']): string | undefined =>
      keys(
        [
          root,
          span({
            parentSpanId: 'a',
            kind: 'client',
            attributes: { 'http.request.method': 'GET', 'url.path': '/x', ...attributes },
          }),
        ],
        'a',
      )[0];
    assert.equal(peer({ 'server.address': '127.0.0.1', 'server.port': 36_939 }), 'client GET 127.0.0.1 /x');
    assert.equal(peer({ 'server.address': '10.0.3.7', 'server.port': 80 }), 'client GET (ip) /x');
    assert.equal(peer({ 'peer.service': 'billing', 'server.address': 'h' }), 'client GET billing /x');
  });

  it('survives parents that run in a circle', () => {
    const spans = [
      root,
      span({ spanId: 'x', parentSpanId: 'y', kind: 'client' }),
      span({ spanId: 'y', parentSpanId: 'x', kind: 'client', startMs: T0 + 1 }),
    ];
    assert.deepEqual(keys(spans, 'a'), []);
  });
});
