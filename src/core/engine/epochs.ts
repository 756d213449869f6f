import type { Detected } from '../detect/detect.ts';
import type { Finding } from '../model/anomaly.ts';
import type {
  DetectInput,
  HandlerTraffic,
  OperationComparison,
  OperationSample,
} from '../model/comparison.ts';
import type { Handler } from '../model/handler.ts';
import type { Operation } from '../model/operation.ts';
import type { HandlerTests } from '../model/test.ts';
import type { KnownOperation } from '../model/window.ts';

/** Event times, milliseconds since the epoch. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Where the figures of an epoch come from. */
export interface EpochSources {
  readonly operations: () => readonly KnownOperation[];
  /** Figures of an operation and release between two times; null where there are none. */
  readonly sample: (operationId: string, release: string, span: TimeSpan) => OperationSample | null;
  /** The figures to compare with whatever the release, from `--baseline`; undefined: releases are compared. */
  readonly baseline: () => ((operation: Operation) => OperationSample | null) | undefined;
  readonly handlerOf: (operationId: string) => Handler | undefined;
  /** Undefined where no runner that is known here is set up: then nobody can say that there is no test. */
  readonly testsOf: (handler: Handler) => HandlerTests | undefined;
}

/** One release against what was healthy before it. */
export interface Epoch {
  readonly release: string;
  readonly input: DetectInput;
  readonly findings: readonly Finding[];
  readonly tooFew: Detected['tooFew'];
}

const periodMs = 86_400_000;
/** Calls that a release must hold to be compared with. */
export const minCalls = 30;
/** Releases looked back; what was found in older ones is history that nobody acts on. */
const maxEpochs = 6;

/**
 * Looks at each release in the order of first events: its last 24 hours against the newest earlier release in which the
 * operation was healthy (a fault that stays is still compared with what was right), else against the 24 hours before.
 */
export function epochsOf(sources: EpochSources, detect: (input: DetectInput) => Detected): readonly Epoch[] {
  const operations = sources.operations().filter(({ operation }) => operation.kind !== 'middleware');
  const services = serviceReleases(operations);
  const all = [...new Map([...services.values()].flatMap((releases) => [...releases.entries()])).keys()];
  const firstOf = (release: string): number =>
    Math.min(...[...services.values()].map((releases) => releases.get(release)?.firstMs ?? Infinity));
  const ordered = all.toSorted((a, b) => firstOf(a) - firstOf(b)).slice(-maxEpochs);
  const wanted = sources.baseline() === undefined ? ordered : ordered.slice(-1);
  const unhealthy = new Set<string>();
  return wanted.map((release) => {
    const comparisons = operations.flatMap(
      (known) => compare(sources, services, known, release, unhealthy) ?? [],
    );
    const newest = comparisons.filter(({ operation }) => newestRelease(services, operation) === release);
    const input = { comparisons, handlers: trafficOf(sources, newest) };
    const { findings, tooFew } = detect(input);
    for (const { operation, kind } of findings) {
      // What no test watches may run well all the same.
      if (operation && kind !== 'coverage') unhealthy.add(`${operation.id}\n${release}`);
    }
    return { release, input, findings, tooFew };
  });
}

type ServiceReleases = ReadonlyMap<string, ReadonlyMap<string, { firstMs: number; lastMs: number }>>;

const serviceOf = ({ service, environment }: Operation): string => JSON.stringify([service, environment]);

function serviceReleases(operations: readonly KnownOperation[]): ServiceReleases {
  const services = new Map<string, Map<string, { firstMs: number; lastMs: number }>>();
  for (const { operation, releases } of operations) {
    const own = services.get(serviceOf(operation)) ?? new Map<string, { firstMs: number; lastMs: number }>();
    services.set(serviceOf(operation), own);
    for (const { release, firstMs, lastMs } of releases) {
      const known = own.get(release);
      own.set(release, {
        firstMs: Math.min(firstMs, known?.firstMs ?? Infinity),
        lastMs: Math.max(lastMs, known?.lastMs ?? -Infinity),
      });
    }
  }
  return services;
}

function newestRelease(services: ServiceReleases, operation: Operation): string | undefined {
  const releases = [...(services.get(serviceOf(operation)) ?? [])];
  return releases.toSorted(([, a], [, b]) => b.firstMs - a.firstMs)[0]?.[0];
}

function compare(
  sources: EpochSources,
  services: ServiceReleases,
  { operation }: KnownOperation,
  release: string,
  unhealthy: ReadonlySet<string>,
): OperationComparison | undefined {
  const releases = services.get(serviceOf(operation));
  const own = releases?.get(release);
  if (releases === undefined || own === undefined) return undefined;
  const now = sources.sample(operation.id, release, lastDay(own.lastMs));
  if (now === null) return undefined;
  const found = { operation, handlerId: sources.handlerOf(operation.id)?.id ?? null, now };
  const baseline = sources.baseline();
  if (baseline !== undefined) {
    const before = baseline(operation);
    return { ...found, before, ...(before === null ? { why: 'The baseline holds no such operation.' } : {}) };
  }
  const earlier = [...releases]
    .filter(([, { firstMs }]) => firstMs < own.firstMs)
    .toSorted(([, a], [, b]) => b.firstMs - a.firstMs);
  let passedOver: OperationSample | undefined;
  for (const [name, { lastMs }] of earlier) {
    const before = sources.sample(operation.id, name, lastDay(lastMs));
    if (before === null) continue;
    if (before.calls >= minCalls && !unhealthy.has(`${operation.id}\n${name}`)) return { ...found, before };
    passedOver ??= before;
  }
  const { fromMs } = lastDay(own.lastMs);
  const before = sources.sample(operation.id, release, { fromMs: fromMs - periodMs, toMs: fromMs });
  if (before !== null && before.calls >= minCalls) return { ...found, before };
  const why =
    earlier.length === 0
      ? `${release} is the first release in the telemetry, and the 24 hours before hold fewer than ${minCalls} calls.`
      : `No earlier release holds ${minCalls} healthy calls of it.`;
  return { ...found, before: null, why, ...(passedOver === undefined ? {} : { passedOver }) };
}

const lastDay = (lastMs: number): TimeSpan => ({ fromMs: lastMs - periodMs, toMs: lastMs });

/** Traffic by handler, over all operations that reach it. */
function trafficOf(
  sources: EpochSources,
  comparisons: readonly OperationComparison[],
): readonly HandlerTraffic[] {
  const byHandler = new Map<string, { handler: Handler; found: OperationComparison[] }>();
  for (const comparison of comparisons) {
    const handler = sources.handlerOf(comparison.operation.id);
    if (handler === undefined) continue;
    const entry = byHandler.get(handler.id) ?? { handler, found: [] };
    entry.found.push(comparison);
    byHandler.set(handler.id, entry);
  }
  return [...byHandler.values()].flatMap(({ handler, found }) => {
    const tests = sources.testsOf(handler);
    const [busiest] = found.toSorted((a, b) => b.now.calls - a.now.calls);
    if (tests === undefined || busiest === undefined) return [];
    return [
      {
        handler,
        tests,
        calls: found.reduce((sum, { now }) => sum + now.calls, 0),
        errors: found.reduce((sum, { now }) => sum + now.errors, 0),
        release: busiest.now.release,
        operation: busiest.operation,
        operations: found.map(({ now }) => now),
      },
    ];
  });
}
