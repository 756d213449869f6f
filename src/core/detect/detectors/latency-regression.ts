import type { Finding, Severity } from '../../model/anomaly.ts';
import type { OperationComparison } from '../../model/comparison.ts';
import { confidenceOf } from '../confidence.ts';
import type { Detector } from '../detector.ts';
import { exampleComparison, exampleInput, latencyAround } from '../example.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { paceOf, type Pace } from '../pace.ts';
import { isComparable, isJudged } from '../sample.ts';
import { quantileEstimate, quantileOf } from '../statistics/quantile.ts';
import { ratioOf, scaled } from '../statistics/ratio.ts';
import { milliseconds, times } from '../texts.ts';

const id = 'latency-regression';

/** What a quantile has to clear: the low end of the ratio (after the pace of the machine), an absolute floor, calls on each side. */
interface Bar {
  readonly q: number;
  readonly ratio: number;
  readonly addedMs: number;
  readonly calls: number;
}

/** Half of the calls first; else the slowest quarter or tenth, with higher bars as a clean tail moves much more than a median. */
const bars: readonly Bar[] = [
  { q: 0.5, ratio: 1.25, addedMs: 5, calls: 30 },
  { q: 0.75, ratio: 1.75, addedMs: 15, calls: 60 },
  { q: 0.9, ratio: 2.5, addedMs: 30, calls: 100 },
];
/** Without other operations a slow machine cannot be told from slow code. */
const barOfUnknownPace = 2;
/** How many standard deviations of the other operations' ratios an operation must stand out. */
const deviations = 2.5;

/** Calls take longer than before, beyond what the whole machine got slower. */
export const latencyRegression: Detector = {
  id,
  title: 'Slower than before',
  kind: 'performance',
  detect: ({ comparisons }) => {
    const paces = bars.map(({ q }) => paceOf(comparisons, q));
    return comparisons.flatMap((comparison) => {
      for (const [index, bar] of bars.entries()) {
        const pace = paces[index]?.(comparison.operation.id);
        const finding = pace && slower(comparison, bar, pace);
        if (finding) return [finding];
      }
      return [];
    });
  },
  figure: (claim, { comparisons }) => {
    const found = comparisons.find(({ operation }) => fingerprint(operation.id) === claim.fingerprint);
    if (found === undefined || !isJudged(found)) return null;
    const value = quantileOf(found.now.latency, 0.5);
    return value === null ? null : { value, n: found.now.calls };
  },
  example: {
    quiet: exampleInput(
      ['/a', '/b', '/c', '/d', '/e'].map((route, index) => {
        const usual = 8 + 4 * index;
        return exampleComparison(
          route,
          { latency: latencyAround(2 * usual) },
          { latency: latencyAround(usual) },
        );
      }),
    ),
    anomalous: exampleInput([
      ...['/a', '/b', '/c', '/d'].map((route) => exampleComparison(route, {}, {})),
      exampleComparison('/e', { latency: latencyAround(24) }, {}),
    ]),
  },
};

const fingerprint = (operationId: string): string => fingerprintOf(id, operationId, 'latency');

function slower(comparison: OperationComparison, bar: Bar, pace: Pace): Finding | undefined {
  if (!isComparable(comparison)) return undefined;
  const { operation, handlerId, now, before } = comparison;
  if (Math.min(now.calls, before.calls) < bar.calls) return undefined;
  const after = quantileEstimate(now.latency, bar.q);
  const earlier = quantileEstimate(before.latency, bar.q);
  if (after === null || earlier === null) return undefined;
  const raw = ratioOf(after, earlier);
  const ratio = scaled(raw, 1 / pace.factor);
  const least = pace.known ? bar.ratio : Math.max(bar.ratio, barOfUnknownPace);
  const needed = Math.max(least, Math.exp(deviations * pace.spread));
  // On a machine that became faster, one that waits for others as long as before is not at fault: its users must feel it.
  const felt = raw.low > 1 && after.value - earlier.value * Math.max(1, pace.factor) >= bar.addedMs;
  if (!felt || ratio.low < needed) return undefined;
  const name = `p${bar.q * 100}`;
  const machine = pace.known
    ? `The other operations are at ${times(pace.factor)} their time before; that is taken out.`
    : 'Too few other operations to tell a slow machine from slow code.';
  const own = times(ratio.value);
  const paced = own === times(raw.value) ? '' : ` (${own} with the pace of the machine taken out)`;
  return {
    fingerprint: fingerprint(operation.id),
    kind: 'performance',
    detector: id,
    operation,
    ...(handlerId === null ? {} : { handlerId }),
    severity: severityOf(ratio.value, after.value - earlier.value),
    confidence:
      confidenceOf(Math.log(ratio.value), Math.log(ratio.low), Math.log(needed)) * (pace.known ? 1 : 0.8),
    message: `${operation.name} takes ${times(raw.value)} as long as in ${before.release}: ${name} ${milliseconds(earlier.value)} to ${milliseconds(after.value)}, ${now.calls} calls${paced}.`,
    release: now.release,
    baselineRelease: before.release,
    effect: {
      measure: `${name} latency`,
      unit: 'ms',
      before: earlier.value,
      after: after.value,
      ratio: ratio.value,
      low: ratio.low,
      high: ratio.high,
      n: now.calls,
      nBefore: before.calls,
    },
    evidence: [
      {
        label: `${name} ${milliseconds(after.value)} [${milliseconds(after.low)}, ${milliseconds(after.high)}] of ${now.calls} calls`,
        detail: `before ${milliseconds(earlier.value)} [${milliseconds(earlier.low)}, ${milliseconds(earlier.high)}] of ${before.calls} calls`,
      },
      { label: 'Pace of the machine', detail: machine },
    ],
    subject: { k: 'latency' },
  };
}

function severityOf(ratio: number, addedMs: number): Severity {
  if (ratio >= 3 || addedMs >= 500) return 'high';
  return ratio >= 1.5 ? 'medium' : 'low';
}
