import type { Rung } from '../model/correlation.ts';
import type { HandlerModel } from '../model/read-model.ts';
import type { OperationMetrics } from '../model/window.ts';
import { ERROR_RATE, LATENCY, bucketOf, settledBucket } from './buckets.ts';
import { maskMessage, maskType, oneLine } from './mask.ts';

/** A way of failing: type of the exception and its message with every variable part masked. */
export interface ErrorClass {
  readonly message: string;
  readonly type: string;
}

/** Rounded facts of one operation and release, coarse enough that measuring again changes nothing. */
export interface Measured {
  readonly environment: string;
  readonly errorClasses: readonly ErrorClass[];
  /** Label of `ERROR_RATE`. */
  readonly errorRate: string;
  /** UTC day of the first call, or null where its time is not a date. */
  readonly from: string | null;
  /** Calls, rounded to two significant digits. */
  readonly n: number;
  readonly operation: string;
  /** Label of `LATENCY`; null under five calls. */
  readonly p50: string | null;
  readonly p95: string | null;
  readonly release: string;
  readonly service: string;
  readonly to: string | null;
}

export interface HandlerEvidence {
  /** Last UTC day on which it was called; set exactly when `measured` is empty. */
  readonly lastSeen?: string;
  /** By service, environment and operation; within one operation the newest release first. */
  readonly measured: readonly Measured[];
  readonly rung?: Rung;
}

/** Content of `.suture/evidence.json`: all that the pages know of production. */
export interface Evidence {
  /** By handler id, in the order of the ids. */
  readonly handlers: ReadonlyMap<string, HandlerEvidence>;
}

export const NO_EVIDENCE: Evidence = { handlers: new Map() };

/** Classes kept per operation and release; what telemetry can invent is bounded. */
export const MOST_ERROR_CLASSES = 50;

/** Days after which unchanged facts get a new window. */
const REFRESH_DAYS = 30;

/** Order by UTF-16 units: the same on every machine and locale. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What telemetry says of one operation wherever it is recorded; releases share it. */
export function operationKey(measured: Pick<Measured, 'service' | 'environment' | 'operation'>): string {
  return JSON.stringify([measured.service, measured.environment, measured.operation]);
}

/** Newest release of each operation. */
export function newestOf(measured: readonly Measured[]): readonly Measured[] {
  const newest = new Map<string, Measured>();
  for (const one of measured) if (!newest.has(operationKey(one))) newest.set(operationKey(one), one);
  return [...newest.values()];
}

function day(ms: number): string | null {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString().slice(0, 10) : null;
}

function daysBetween(from: string | null, to: string | null): number {
  if (from === null || to === null) return from === to ? 0 : Infinity;
  return Math.abs(Date.parse(to) - Date.parse(from)) / 86_400_000;
}

function errorClasses(metrics: OperationMetrics, known: readonly ErrorClass[]): readonly ErrorClass[] {
  const classes = new Map<string, ErrorClass>();
  const groups = [...metrics.errorGroups].sort((a, b) => b.count - a.count || byText(a.key, b.key));
  const fresh = groups.map((group) => ({ message: maskMessage(group.message), type: maskType(group.type) }));
  for (const one of [...known, ...fresh]) {
    if (classes.size < MOST_ERROR_CLASSES) classes.set(JSON.stringify([one.type, one.message]), one);
  }
  return [...classes.values()].sort((a, b) => byText(a.type, b.type) || byText(a.message, b.message));
}

function sameFacts(a: Measured, b: Measured): boolean {
  const facts = ({ n: _n, from: _from, to: _to, ...rest }: Measured) => JSON.stringify(rest);
  return facts(a) === facts(b);
}

function measuredFrom(metrics: OperationMetrics, before: readonly Measured[]): Measured {
  const place = {
    environment: oneLine(metrics.operation.environment),
    operation: oneLine(metrics.operation.name),
    release: oneLine(metrics.release),
    service: oneLine(metrics.operation.service),
  };
  const earlier = before.filter((one) => operationKey(one) === operationKey(place));
  const same = earlier.find((one) => one.release === place.release);
  const near = same ?? earlier[0];
  const percentiles = metrics.percentiles;
  // A handful of calls says nothing against what more of them said of the same release.
  if (same && same.p95 !== null && !percentiles) return same;
  const rate = metrics.errorRate;
  const fresh: Measured = {
    environment: place.environment,
    // One release does not unlearn a way of failing because this recording did not meet it.
    errorClasses: errorClasses(metrics, same?.errorClasses ?? []),
    errorRate:
      rate > 0 || same ? settledBucket(ERROR_RATE, near?.errorRate ?? null, rate) : bucketOf(ERROR_RATE, 0),
    from: day(metrics.fromMs),
    n: Number.isFinite(metrics.calls) ? Number(Math.max(0, metrics.calls).toPrecision(2)) : 0,
    operation: place.operation,
    p50: percentiles && settledBucket(LATENCY, near?.p50 ?? null, percentiles.p50Ms),
    p95: percentiles && settledBucket(LATENCY, near?.p95 ?? null, percentiles.p95Ms),
    release: place.release,
    service: place.service,
    to: day(metrics.toMs),
  };
  // Unchanged facts keep the n and window that established them, else every recording would be a diff.
  const close = same && fresh.n <= same.n * 2 && fresh.n * 2 >= same.n;
  const recent = same && daysBetween(same.to, fresh.to) < REFRESH_DAYS;
  return close && recent && sameFacts(same, fresh) ? same : fresh;
}

function inOrder(measured: readonly Measured[]): readonly Measured[] {
  return [...measured].sort(
    (a, b) =>
      byText(a.service, b.service) ||
      byText(a.environment, b.environment) ||
      byText(a.operation, b.operation),
  );
}

function lastDay(evidence: HandlerEvidence): string | undefined {
  const days = evidence.measured.flatMap((one) => (one.to === null ? [] : [one.to])).sort();
  return days.at(-1) ?? evidence.lastSeen;
}

const source = (service: string, environment: string) => JSON.stringify([service, environment]);

/**
 * Rounded facts of all handlers. What `previous` says stays wherever the new figures do not clearly contradict it,
 * and wherever this telemetry does not speak of its service at all (someone else's recording is not to be wiped).
 */
export function evidenceFrom(models: readonly HandlerModel[], previous: Evidence = NO_EVIDENCE): Evidence {
  const heard = new Set<string>();
  for (const { metrics } of models) {
    for (const { operation } of metrics)
      heard.add(source(oneLine(operation.service), oneLine(operation.environment)));
  }
  const handlers = new Map<string, HandlerEvidence>();
  for (const model of [...models].sort((a, b) => byText(a.handler.id, b.handler.id))) {
    const before = previous.handlers.get(model.handler.id);
    const kept = before?.measured.filter((one) => !heard.has(source(one.service, one.environment))) ?? [];
    const fresh = model.metrics.map((metrics) => measuredFrom(metrics, before?.measured ?? []));
    const measured = inOrder([...fresh, ...kept]);
    const rung = model.rung ?? before?.rung;
    const lastSeen = before && lastDay(before);
    if (measured.length > 0) handlers.set(model.handler.id, { measured, ...(rung && { rung }) });
    else if (lastSeen !== undefined) handlers.set(model.handler.id, { lastSeen, measured });
  }
  return { handlers };
}
