import assert from 'node:assert/strict';
import { severityOf, treeGroups } from '../../../src/vscode/render/tree-rows.ts';
import { english } from '../../../src/vscode/render/translate.ts';
import { sampleHandler, sampleMetrics, sampleModel } from './samples.ts';

const context = { t: english, freshness: 'live' } as const;
const path = 'src/users.ts';

const route = (name: string, over: Parameters<typeof sampleMetrics>[0] = {}) =>
  sampleModel({
    handler: sampleHandler({ id: `${path}#${name}@GET /${name}`, symbol: name, route: `/${name}` }),
    metrics: [sampleMetrics({ baseline: { kind: 'none', reason: 'first' }, ...over })],
  });
/** Measured by a span that fails whenever it refuses a request. */
const guard = (at: string) =>
  sampleModel({
    handler: sampleHandler({
      id: `${path}#requireUser@${at}`,
      kind: 'middleware',
      symbol: 'requireUser',
      method: 'GET',
      route: at,
    }),
    metrics: [
      sampleMetrics({ calls: 40, errors: 40, errorRate: 1, baseline: { kind: 'none', reason: 'first' } }),
    ],
  });

describe('render/tree-rows', () => {
  it('puts failing and heavy routes first and middleware last', () => {
    const handlers = [
      guard('/a'),
      route('slow-but-rare', { calls: 10, errors: 0, errorRate: 0 }),
      route('busy', { calls: 9000, errors: 0, errorRate: 0 }),
      route('failing', { calls: 100, errors: 20, errorRate: 0.2 }),
    ];
    const [group] = treeGroups([{ path, handlers, unresolved: [] }], 'file', context);
    assert.deepEqual(
      group?.handlers.map(({ label }) => label),
      ['GET /failing', 'GET /busy', 'GET /slow-but-rare', 'requireUser'],
    );
  });

  it('does not call a middleware bad for what it refuses', () => {
    assert.notEqual(severityOf(guard('/a')), 'bad');
    assert.equal(severityOf(route('x', { errorRate: 0.2 })), 'bad');
  });

  it('tells registrations of one function apart by their routes', () => {
    const handlers = [guard('/a'), guard('/b'), route('single')];
    const [group] = treeGroups([{ path, handlers, unresolved: [] }], 'file', context);
    const described = group?.handlers.map(({ label, description }) => `${label}: ${description}`) ?? [];
    assert.equal(described.filter((text) => /^requireUser: GET \/[ab] · p95/.test(text)).length, 2);
    assert.ok(described.includes('GET /single: p95 48.2 ms · 2.42 % errors'), described.join('\n'));
  });
});
