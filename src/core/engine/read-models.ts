import type { Correlation } from '../model/correlation.ts';
import type { Handler, HandlerIndex } from '../model/handler.ts';
import type { FileModel, HandlerModel, OperationRow } from '../model/read-model.ts';
import type { HandlerTests } from '../model/test.ts';
import type { KnownOperation, OperationMetrics } from '../model/window.ts';

/** What the read models are made from; everything is asked, nothing is kept but what was sent. */
export interface ReadModelSources {
  readonly operations: () => readonly KnownOperation[];
  readonly metrics: (operationId: string) => readonly OperationMetrics[];
  readonly tests: (handlerId: string) => HandlerTests | undefined;
  /** True when the function of the handler changed after its newest call was measured. */
  readonly editedSince: (handler: Handler, newestMs: number) => boolean;
  readonly hasTelemetry: () => boolean;
  /** True while the text of a file does not parse. */
  readonly isBroken: (path: string) => boolean;
}

export interface ReadModels {
  /** A new index or new correlation rules: every link is made anew. */
  readonly setIndex: (index: HandlerIndex, correlate: (operation: KnownOperation) => Correlation) => void;
  /** Links operations not seen before; `changed` ones are linked again because their hints may have grown. */
  readonly linkOperations: (changed: Iterable<string>) => void;
  readonly correlation: (operationId: string) => Correlation | undefined;
  readonly handlers: () => readonly HandlerModel[];
  readonly files: () => readonly FileModel[];
  /** Handlers that carry figures. */
  readonly measuredHandlers: () => number;
  /** File models that differ from what the last call returned; a file without handlers any more comes with none. */
  readonly takeChanges: () => readonly FileModel[];
  readonly rows: () => {
    readonly operations: readonly OperationRow[];
    readonly middleware: readonly OperationRow[];
  };
}

/** Joins handlers and figures into one model per file and tells which models changed. */
export function createReadModels(sources: ReadModelSources): ReadModels {
  let index: HandlerIndex = { handlers: [], unresolved: [] };
  let correlate: (operation: KnownOperation) => Correlation = () => ({
    handlerId: null,
    reason: 'not-in-workspace',
    detail: 'The sources are not indexed yet.',
  });
  const correlations = new Map<string, Correlation>();
  let operationsByHandler = new Map<string, string[]>();
  let sent = new Map<string, string>();
  const versions = new WeakMap<OperationMetrics, number>();
  let nextVersion = 1;

  const link = (operation: KnownOperation): void => {
    correlations.set(operation.operation.id, correlate(operation));
  };

  const groupByHandler = (): void => {
    operationsByHandler = new Map();
    for (const [operationId, correlation] of correlations) {
      if (correlation.handlerId === null) continue;
      const known = operationsByHandler.get(correlation.handlerId);
      if (known) known.push(operationId);
      else operationsByHandler.set(correlation.handlerId, [operationId]);
    }
  };

  const gone = (path: string): FileModel => ({
    path,
    handlers: [],
    unresolved: [],
    ...(sources.isBroken(path) ? { broken: true } : {}),
  });

  const handlerModel = (handler: Handler): HandlerModel => {
    const operationIds = operationsByHandler.get(handler.id) ?? [];
    // Of several operations (two environments, two services) the one with the most calls leads.
    const metrics = operationIds
      .map((id) => sources.metrics(id))
      .toSorted((a, b) => callsIn(b) - callsIn(a))
      .flat();
    const tests = sources.tests(handler.id);
    const shared = { handler, metrics, ...(tests ? { tests } : {}) };
    if (metrics.length === 0) {
      return {
        ...shared,
        editedSinceMeasured: false,
        emptyReason:
          operationIds.length > 0
            ? 'It was not called in the last 24 hours before the newest call of its service.'
            : emptyReason(handler, sources.hasTelemetry()),
      };
    }
    const newestMs = Math.max(...metrics.map((figures) => figures.toMs));
    const correlation = correlations.get(metrics[0]?.operation.id ?? '');
    return {
      ...shared,
      editedSinceMeasured: sources.editedSince(handler, newestMs),
      ...(correlation?.handlerId ? { rung: correlation.rung } : {}),
    };
  };

  const files = (): FileModel[] => {
    const byPath = new Map<
      string,
      { handlers: HandlerModel[]; unresolved: FileModel['unresolved'][number][] }
    >();
    const at = (path: string) => {
      const known = byPath.get(path) ?? { handlers: [], unresolved: [] };
      byPath.set(path, known);
      return known;
    };
    for (const handler of index.handlers) {
      const model = handlerModel(handler);
      at(handler.file).handlers.push(model);
      if (handler.registration.file !== handler.file) at(handler.registration.file).handlers.push(model);
    }
    for (const entry of index.unresolved) at(entry.file).unresolved.push(entry);
    return [...byPath].map(([path, model]) => ({
      path,
      ...model,
      ...(sources.isBroken(path) ? { broken: true } : {}),
    }));
  };

  const version = (metrics: OperationMetrics): number => {
    const known = versions.get(metrics);
    if (known !== undefined) return known;
    versions.set(metrics, nextVersion);
    return nextVersion++;
  };

  const signature = (model: FileModel): string =>
    JSON.stringify([
      model.broken,
      model.unresolved,
      model.handlers.map((entry) => ({ ...entry, metrics: entry.metrics.map(version) })),
    ]);

  return {
    setIndex(newIndex, newCorrelate) {
      index = newIndex;
      correlate = newCorrelate;
      correlations.clear();
      for (const operation of sources.operations()) link(operation);
      groupByHandler();
    },
    linkOperations(changed) {
      const again = new Set(changed);
      for (const operation of sources.operations()) {
        if (again.has(operation.operation.id) || !correlations.has(operation.operation.id)) link(operation);
      }
      groupByHandler();
    },
    correlation: (operationId) => correlations.get(operationId),
    handlers: () => index.handlers.map(handlerModel),
    files,
    measuredHandlers: () =>
      [...operationsByHandler.values()].filter((ids) => ids.some((id) => sources.metrics(id).length > 0))
        .length,
    takeChanges() {
      const current = new Map<string, string>();
      const changed: FileModel[] = [];
      for (const model of files()) {
        const now = signature(model);
        current.set(model.path, now);
        if (sent.get(model.path) !== now) changed.push(model);
      }
      for (const path of sent.keys()) {
        if (!current.has(path)) changed.push(gone(path));
      }
      sent = current;
      return changed;
    },
    rows() {
      const all = sources
        .operations()
        .flatMap(({ operation }) =>
          sources
            .metrics(operation.id)
            .map((metrics) => ({ metrics, correlation: correlations.get(operation.id) })),
        )
        .filter((row): row is OperationRow => row.correlation !== undefined)
        .sort(
          (a, b) =>
            b.metrics.calls - a.metrics.calls || (a.metrics.operation.id < b.metrics.operation.id ? -1 : 1),
        );
      return {
        operations: all.filter((row) => row.metrics.operation.kind !== 'middleware'),
        middleware: all.filter((row) => row.metrics.operation.kind === 'middleware'),
      };
    },
  };
}

const callsIn = (rows: readonly OperationMetrics[]): number =>
  rows.reduce((sum, { calls }) => sum + calls, 0);

function emptyReason(handler: Handler, hasTelemetry: boolean): string {
  if (!hasTelemetry) return 'No telemetry has been read yet.';
  if (handler.method !== undefined && handler.route !== undefined && handler.kind === 'route') {
    return `No call of ${handler.method} ${handler.route} in the telemetry read so far.`;
  }
  return `No span in the telemetry read so far names this ${handler.kind.replace('-', ' ')}.`;
}
