import assert from 'node:assert/strict';
import { createReadModels, type ReadModelSources } from '../../../src/core/engine/read-models.ts';
import type { Handler } from '../../../src/core/model/handler.ts';
import type { KnownOperation, OperationMetrics } from '../../../src/core/model/window.ts';

const handler: Handler = {
  id: 'a.ts#show@GET /a',
  function: 'a.ts#show',
  kind: 'route',
  framework: 'express',
  method: 'GET',
  route: '/a',
  file: 'a.ts',
  symbol: 'show',
  start: { line: 1, column: 1 },
  end: { line: 2, column: 1 },
  registration: { file: 'routes.ts', start: { line: 1, column: 1 } },
  resolved: true,
  plugin: 'p',
  package: 'p',
  syntaxHash: 'h',
};

const operation = (environment: string): KnownOperation => ({
  operation: {
    id: environment,
    service: 's',
    environment,
    kind: 'http',
    method: 'GET',
    route: '/a',
    name: 'GET /a',
  },
  hints: [],
  releases: [],
});

const figures = (environment: string, calls: number): OperationMetrics => ({
  operation: operation(environment).operation,
  release: '1',
  calls,
  errors: 0,
  clientErrors: 0,
  errorRate: 0,
  meanMs: 1,
  maxMs: 1,
  percentiles: null,
  fromMs: 0,
  toMs: calls,
  errorGroups: [],
  series: [],
  baseline: { kind: 'none', reason: '' },
});

function rig() {
  const state = { broken: false, rows: new Map<string, readonly OperationMetrics[]>() };
  const sources: ReadModelSources = {
    operations: () => [...state.rows.keys()].map(operation),
    metrics: (id) => state.rows.get(id) ?? [],
    tests: () => undefined,
    editedSince: () => false,
    hasTelemetry: () => true,
    isBroken: () => state.broken,
  };
  const models = createReadModels(sources);
  const index = (handlers: readonly Handler[]): void =>
    models.setIndex({ handlers, unresolved: [] }, () => ({ handlerId: handler.id, rung: 2 }));
  return { state, models, index };
}

describe('read models', () => {
  it('stands in the file of the function and in that of its registration', () => {
    const { models, index } = rig();
    index([handler]);
    assert.deepEqual(
      models.takeChanges().map(({ path }) => path),
      ['a.ts', 'routes.ts'],
    );
  });

  it('pushes a file only when what it says differs', () => {
    const { state, models, index } = rig();
    index([handler]);
    models.takeChanges();
    assert.deepEqual(models.takeChanges(), []);
    state.rows.set('production', [figures('production', 5)]);
    models.linkOperations(['production']);
    assert.equal(models.takeChanges().length, 2);
    assert.deepEqual(models.takeChanges(), []);
  });

  it('puts the operation with the most calls first', () => {
    const { state, models, index } = rig();
    state.rows.set('staging', [figures('staging', 3)]);
    state.rows.set('production', [figures('production', 900)]);
    index([handler]);
    const [model] = models.handlers();
    assert.deepEqual(
      model?.metrics.map(({ calls }) => calls),
      [900, 3],
    );
  });

  it('says that a file does not parse, also when it lost its handlers over it', () => {
    const { state, models, index } = rig();
    index([handler]);
    models.takeChanges();
    state.broken = true;
    index([]);
    assert.deepEqual(models.takeChanges(), [
      { path: 'a.ts', handlers: [], unresolved: [], broken: true },
      { path: 'routes.ts', handlers: [], unresolved: [], broken: true },
    ]);
  });

  it('tells a handler that was not called lately from one that was never called', () => {
    const { state, models, index } = rig();
    index([handler]);
    assert.match(models.handlers()[0]?.emptyReason ?? '', /No call of GET \/a in the telemetry/);
    state.rows.set('prod', []);
    models.linkOperations(['prod']);
    assert.match(models.handlers()[0]?.emptyReason ?? '', /24 hours before the newest call/);
    assert.equal(models.measuredHandlers(), 0);
    state.rows.set('prod', [figures('prod', 3)]);
    assert.equal(models.handlers()[0]?.emptyReason, undefined);
    assert.equal(models.measuredHandlers(), 1);
  });
});
