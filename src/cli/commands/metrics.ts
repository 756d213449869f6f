import type { OperationRow } from '../../core/model/read-model.ts';
import type { Engine } from '../../core/engine.ts';
import type { Command, CommandResult } from '../command.ts';
import { duration, percent, table } from '../table.ts';

/** Production figures per operation, with the handler that each belongs to. */
export const metrics: Command = {
  id: 'metrics',
  summary: 'Calls, errors and latency per operation, with its handler or why there is none',
  flags: {},
  positionals: [],
  run: (engine) => ({ ...figuresOf(engine), problems: engine.doctor().problems, findings: false }),
};

/** All operations with their figures, as JSON and as text. */
export function figuresOf(engine: Engine): Pick<CommandResult, 'text'> & { readonly data: object } {
  const { operations, middleware } = engine.operations();
  return {
    data: { operations: operations.map(operationJson), middleware: middleware.map(operationJson) },
    text:
      operationTable(operations) +
      (middleware.length === 0 ? '' : `\nMIDDLEWARE\n${operationTable(middleware)}`),
  };
}

function operationTable(rows: readonly OperationRow[]): string {
  return table(
    ['OPERATION', 'SERVICE', 'RELEASE', '>CALLS', '>ERRORS', '>RATE', '>P50', '>P95', '>P99', 'HANDLER'],
    rows.map(({ metrics: figures, correlation }) => [
      operationName(figures.operation),
      figures.operation.service,
      figures.release,
      String(figures.calls),
      String(figures.errors),
      percent(figures.errorRate),
      duration(figures.percentiles?.p50Ms ?? null),
      duration(figures.percentiles?.p95Ms ?? null),
      duration(figures.percentiles?.p99Ms ?? null),
      correlation.handlerId ?? `(${correlation.reason}) ${correlation.detail}`,
    ]),
  );
}

function operationName(operation: OperationRow['metrics']['operation']): string {
  return operation.kind === 'middleware' && operation.route !== undefined
    ? `${operation.name} (${[operation.method, operation.route].filter(Boolean).join(' ')})`
    : operation.name;
}

function operationJson({ metrics: figures, correlation }: OperationRow): unknown {
  const { operation } = figures;
  return {
    id: operation.id,
    name: operation.name,
    kind: operation.kind,
    service: operation.service,
    environment: operation.environment,
    method: operation.method ?? null,
    route: operation.route ?? null,
    release: figures.release,
    calls: figures.calls,
    errors: figures.errors,
    errorRate: figures.errorRate,
    clientErrors: figures.clientErrors,
    p50Ms: figures.percentiles?.p50Ms ?? null,
    p95Ms: figures.percentiles?.p95Ms ?? null,
    p99Ms: figures.percentiles?.p99Ms ?? null,
    meanMs: figures.meanMs,
    maxMs: figures.maxMs,
    from: new Date(figures.fromMs).toISOString(),
    to: new Date(figures.toMs).toISOString(),
    errorGroups: figures.errorGroups.map(({ type, message, count }) => ({ type, message, count })),
    handlerId: correlation.handlerId,
    rung: correlation.handlerId === null ? null : correlation.rung,
    reason: correlation.handlerId === null ? correlation.reason : null,
    detail: correlation.handlerId === null ? correlation.detail : null,
  };
}
