import type { FileModel, HandlerModel } from '../../core/model/read-model.ts';
import { escapeLabel } from './escape.ts';
import { primaryMetrics } from './figures.ts';
import { isMiddleware, lensText, routeLabel, type Freshness } from './lens-text.ts';
import { testsText } from './tests-text.ts';
import type { Translate } from './translate.ts';

export type Severity = 'bad' | 'warning' | 'fine' | 'unmeasured';

export interface TreeHandler {
  readonly model: HandlerModel;
  readonly label: string;
  readonly description: string;
  readonly severity: Severity;
}

export interface TreeGroup {
  readonly key: string;
  readonly label: string;
  readonly description: string;
  /** File of the group where it is one. */
  readonly file?: string;
  /** Worst first. */
  readonly handlers: readonly TreeHandler[];
}

export type GroupBy = 'file' | 'plugin';

/** Shorter than the lens: a row of the tree has little room. */
const rowTemplate = '{p95} {change} · {errors}';

/** How much a handler wants to be looked at. */
export function severityOf(model: HandlerModel): Severity {
  const primary = primaryMetrics(model.metrics);
  const failing = (model.tests?.failed ?? 0) > 0;
  if (primary === undefined) return failing ? 'warning' : 'unmeasured';
  const { percentiles, baseline } = primary;
  const slower = percentiles !== null && baseline.kind !== 'none' ? percentiles.p95Ms / baseline.p95Ms : 1;
  // A middleware's span fails with what it refuses (a 404, a missing login): whether the request failed, its route says.
  const failed = isMiddleware(model) ? 0 : primary.errorRate;
  if (failed >= 0.05 || slower >= 3) return 'bad';
  if (failing || failed >= 0.01 || slower >= 1.5) return 'warning';
  return 'fine';
}

const order: readonly Severity[] = ['bad', 'warning', 'fine', 'unmeasured'];

/** Failed calls, then time spent in all calls (ms): how much of what users got this handler is. */
function weightOf({ model }: TreeHandler): readonly [number, number] {
  const primary = primaryMetrics(model.metrics);
  if (primary === undefined) return [-1, -1];
  const failed = isMiddleware(model) ? 0 : primary.errors;
  return [failed, primary.calls * (primary.percentiles?.p95Ms ?? primary.maxMs)];
}

/** Routes before middleware; among them by severity, then by weight. */
function worstFirst(left: TreeHandler, right: TreeHandler): number {
  const [leftFailed, leftTime] = weightOf(left);
  const [rightFailed, rightTime] = weightOf(right);
  return (
    Number(isMiddleware(left.model)) - Number(isMiddleware(right.model)) ||
    order.indexOf(left.severity) - order.indexOf(right.severity) ||
    rightFailed - leftFailed ||
    rightTime - leftTime ||
    left.label.localeCompare(right.label) ||
    left.model.handler.id.localeCompare(right.model.handler.id)
  );
}

/** Tells rows of one label apart by their routes. */
function withRoutes(rows: readonly TreeHandler[]): TreeHandler[] {
  const labels = new Map<string, number>();
  for (const { label } of rows) labels.set(label, (labels.get(label) ?? 0) + 1);
  return rows.map((row) => {
    const { method = '', route, event } = row.model.handler;
    const where = route === undefined ? (event ?? '') : `${method} ${route}`.trim();
    if ((labels.get(row.label) ?? 0) < 2 || where === '' || where === row.label) return row;
    return { ...row, description: `${escapeLabel(where, 80)} · ${row.description}` };
  });
}

/** The figures of a row, short enough for a narrow side bar: no errors and tests that pass need no words. */
function rowText(
  model: HandlerModel,
  context: { readonly t: Translate; readonly freshness: Freshness },
): string {
  const primary = primaryMetrics(model.metrics);
  const template = primary?.errors === 0 ? '{p95} {change}' : rowTemplate;
  // The lens adds the state of tests by itself where nothing was measured.
  const { tests, ...untested } = model;
  const text = lensText(untested, { ...context, template });
  const failing = tests !== undefined && tests.failed > 0 ? ` · ${testsText(tests, context.t)}` : '';
  return `${text}${failing}`;
}

/** All handlers of a folder once, grouped, worst group and handler first; middleware only where it was measured. */
export function treeGroups(
  models: Iterable<FileModel>,
  by: GroupBy,
  context: { readonly t: Translate; readonly freshness: Freshness },
): readonly TreeGroup[] {
  const { t } = context;
  const groups = new Map<string, TreeHandler[]>();
  for (const file of models) {
    for (const model of file.handlers) {
      // A handler is in the models of its definition and of its registration: count it at its definition.
      if (model.handler.file !== file.path) continue;
      if (isMiddleware(model) && model.metrics.length === 0) continue;
      const key = by === 'file' ? file.path : model.handler.plugin;
      const rows = groups.get(key) ?? [];
      rows.push({
        model,
        label: routeLabel(model),
        description: rowText(model, context),
        severity: severityOf(model),
      });
      groups.set(key, rows);
    }
  }
  const result = [...groups].map(([key, rows]): TreeGroup => {
    const handlers = withRoutes(rows).sort(worstFirst);
    const measured = handlers.filter((row) => row.model.metrics.length > 0).length;
    const label = by === 'file' ? (key.split('/').at(-1) ?? key) : key;
    const folder = by === 'file' ? key.slice(0, Math.max(0, key.length - label.length - 1)) : '';
    const counts = t('{0} of {1} measured', measured, handlers.length);
    return {
      key,
      label: escapeLabel(label === '' ? t('(no plugin)') : label),
      description: folder === '' ? counts : `${folder} · ${counts}`,
      ...(by === 'file' ? { file: key } : {}),
      handlers,
    };
  });
  return result.sort((left, right) => {
    const [first, second] = [left.handlers[0], right.handlers[0]];
    return first === undefined || second === undefined ? 0 : worstFirst(first, second);
  });
}
