import assert from 'node:assert/strict';
import type { LoopAwait } from '../../../src/core/code/analysis.ts';
import { affinity } from '../../../src/core/diagnose/affinity.ts';

const site = { file: 'src/a.ts', start: { line: 1, column: 1 }, end: { line: 1, column: 9 }, symbol: 'a' };
const loop = (change: Partial<LoopAwait>): LoopAwait => ({
  loop: site,
  call: site,
  callee: 'this.client.one',
  literals: [],
  via: ['a'],
  ...change,
});

describe('how well a loop fits what telemetry saw repeated', () => {
  it('literals say it whole, names for less, others not at all', () => {
    const name = 'GET inventory /stock/:sku';
    const written = affinity(name, loop({ literals: ['http://inventory', '/stock/'] }));
    const named = affinity(name, loop({ callee: 'inventory.stockOf' }));
    const half = affinity(name, loop({ literals: ['/stock/'] }));
    assert.equal(written, 1);
    assert.equal(affinity(name, loop({ literals: ['/prices/'] })), 0);
    assert.ok(half > 0 && half < written);
    assert.ok(named > 0 && named < written, String(named));
  });

  it('knows plurals and camel case, and the file of what is called', () => {
    assert.equal(affinity('SELECT lamps', loop({ literals: ['lamp'] })), 1);
    const definition = { ...site, file: 'src/stock-client.ts', symbol: 'StockClient.one' };
    assert.ok(affinity('GET /stock/{sku}', loop({ definition })) > 0);
  });

  it('verbs, masks and a name without a word of its own fit nothing', () => {
    for (const name of ['GET /:id', 'SELECT', '', '::::', 'GET *'])
      assert.equal(affinity(name, loop({ literals: ['GET', 'select id from', ':id'] })), 0);
  });
});
