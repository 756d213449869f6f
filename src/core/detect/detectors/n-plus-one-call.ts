import type { Evidence, Finding, Severity } from '../../model/anomaly.ts';
import type { OperationComparison, OperationSample } from '../../model/comparison.ts';
import type { ChildShape } from '../../model/shape.ts';
import { confidenceOf } from '../confidence.ts';
import type { Detector } from '../detector.ts';
import { exampleChild, exampleComparison, exampleInput, exampleShape } from '../example.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { isComparable, isJudged, minCalls, uncompared } from '../sample.ts';
import { callsWith, meanPerCall, overlapShare, usualPerCall } from '../statistics/occurrences.ts';
import { quantileOf, type Estimate } from '../statistics/quantile.ts';
import { ratioOf } from '../statistics/ratio.ts';
import { counted, milliseconds, percent } from '../texts.ts';

const id = 'n-plus-one-call';

/** Occurrences in a call that make it a repetition. */
const minRepeats = 3;
/** With something to compare with: how many more per call, and how many times as many, at the low end of the interval. */
const minAdded = 2;
const minGrowth = 2;
/** With nothing to compare with only what is blatant counts. */
const blatantRepeats = 8;
/** From this share on the calls are made at once, which is a choice and no loop that waits. */
const maxOverlap = 0.5;

interface Repeat {
  readonly child: ChildShape;
  readonly perCall: number;
  readonly after: Estimate;
  /** Null where there is nothing to compare with. */
  readonly before: Estimate | null;
}

/** One call asks for many things one after the other, and did not before. */
export const nPlusOneCall: Detector = {
  id,
  title: 'Calls in a row, one for each item',
  kind: 'performance',
  detect: ({ comparisons }) => comparisons.flatMap(findingOf),
  figure: (claim, { comparisons }) => {
    const { subject } = claim;
    if (subject?.k !== 'repeated-call') return null;
    const found = comparisons.find(
      ({ operation }) => fingerprintOf(id, operation.id, subject.childKey) === claim.fingerprint,
    );
    if (found === undefined || !isJudged(found) || found.now.shape === null) return null;
    const { shape } = found.now;
    const child = shape.children.find(({ key }) => key === subject.childKey);
    return shape.calls < minCalls ? null : { value: meanPerCall(child, shape.calls).value, n: shape.calls };
  },
  example: {
    quiet: exampleInput([
      exampleComparison('/a', shapeOf(exampleChild('/stock', 4)), shapeOf(exampleChild('/stock', 4))),
      exampleComparison('/b', shapeOf(exampleChild('/stock', 12, true)), shapeOf(exampleChild('/stock', 1))),
      exampleComparison('/c', shapeOf(exampleChild('/stock', 5))),
    ]),
    anomalous: exampleInput([
      exampleComparison('/a', shapeOf(exampleChild('/stock', 12)), shapeOf(exampleChild('/stocks', 1))),
    ]),
  },
};

function shapeOf(...children: readonly ChildShape[]): Pick<OperationSample, 'shape'> {
  return { shape: exampleShape(children) };
}

function findingOf(comparison: OperationComparison): readonly Finding[] {
  const { operation, handlerId, now } = comparison;
  const [first, ...others] = repeatsOf(comparison);
  if (first === undefined) return [];
  const { child, perCall } = first;
  const none = first.before === null || first.before.value === 0;
  const ratio = first.before === null || none ? first.after : ratioOf(first.after, first.before);
  const baseline = isComparable(comparison) && first.before !== null ? comparison.before : null;
  const p50 = childP50(now, child);
  const was =
    first.before === null || baseline === null
      ? uncompared(comparison, (earlier) => timesIn(earlier, child.key))
      : `${counted(first.before.value, 'time')} in ${baseline.release}`;
  const share = child.durationSumMs / Math.max(1, totalMs(now));
  const bar = first.before === null ? blatantRepeats : Math.max(minRepeats, minGrowth * first.before.value);
  return [
    {
      fingerprint: fingerprintOf(id, operation.id, child.key),
      kind: 'performance',
      detector: id,
      operation,
      ...(handlerId === null ? {} : { handlerId }),
      severity: severityOf(first, share),
      confidence:
        first.before === null
          ? 0.5
          : confidenceOf(first.after.value, first.after.low, Math.min(bar, first.after.low)),
      message: `${operation.name} calls ${child.name} ${counted(perCall, 'time')} in a row where it does; on average ${counted(first.after.value, 'time')} per call, ${was}.`,
      release: now.release,
      baselineRelease: baseline?.release ?? null,
      effect: {
        measure: `calls of ${child.name} per call`,
        unit: 'count',
        before: first.before?.value ?? null,
        after: first.after.value,
        ratio: ratio.value,
        low: ratio.low,
        high: ratio.high,
        n: now.shape?.calls ?? 0,
        nBefore: baseline?.shape?.calls ?? 0,
      },
      evidence: [
        {
          label: `${child.name}: ${counted(perCall, 'time')} per call in ${callsWith(child)} of ${now.shape?.calls ?? 0} calls`,
          detail: `${milliseconds(p50)} each, ${percent(share)} of the time of all calls; ${percent(overlapShare(child))} of the repeats overlap an earlier one`,
        },
        ...others.map(alongside),
      ],
      subject: { k: 'repeated-call', childKey: child.key, childName: child.name, perCall, childP50Ms: p50 },
    },
  ];
}

const alongside = (other: Repeat): Evidence => ({
  label: `${other.child.name}: ${counted(other.perCall, 'time')} per call too`,
});

function timesIn({ shape }: OperationSample, key: string): string {
  if (shape === null || shape.calls === 0) return 'not known how often';
  const child = shape.children.find((each) => each.key === key);
  return counted(meanPerCall(child, shape.calls).value, 'time');
}

/** The repeats of an operation; one loop often makes several. First the one that names it, then calls to others before own functions, each by time. */
function repeatsOf({ operation, now, before }: OperationComparison): readonly Repeat[] {
  const { shape } = now;
  if (operation.kind === 'middleware' || shape === null || shape.calls < minCalls) return [];
  const earlier = before?.shape && before.shape.calls >= minCalls ? before.shape : null;
  const rank = ({ child }: Repeat): number => (child.kind === 'client' ? 0 : 1);
  const repeats = shape.children
    .filter(({ kind }) => kind !== 'server' && kind !== 'consumer')
    .map((child) => {
      const was = earlier?.children.find(({ key }) => key === child.key);
      return {
        child,
        perCall: usualPerCall(child),
        after: meanPerCall(child, shape.calls),
        before: earlier === null ? null : meanPerCall(was, earlier.calls),
      };
    })
    .filter(isRepeat)
    .toSorted((a, b) => rank(a) - rank(b) || b.child.durationSumMs - a.child.durationSumMs);
  const [slowest] = repeats;
  if (slowest === undefined) return [];
  // Which call of one loop takes most time changes from recording to recording: its name must not hang on that.
  const alike = repeats.filter((one) => rank(one) === rank(slowest) && one.perCall === slowest.perCall);
  const [first = slowest] = alike.toSorted((a, b) => (a.child.key < b.child.key ? -1 : 1));
  return [first, ...repeats.filter((one) => one !== first)];
}

function isRepeat({ child, perCall, after, before }: Repeat): boolean {
  if (perCall < minRepeats || overlapShare(child) >= maxOverlap || callsWith(child) < minCalls / 3)
    return false;
  if (before === null) return perCall >= blatantRepeats;
  return after.low - before.high >= minAdded && after.low >= minGrowth * before.high;
}

function severityOf({ before, perCall }: Repeat, share: number): Severity {
  if (before === null) return 'low';
  return perCall >= 10 || share >= 0.5 ? 'high' : 'medium';
}

/** Median where latencies were kept, else the mean; ms. */
function childP50(sample: OperationSample, child: ChildShape): number {
  const bins = sample.childLatency?.find(({ key }) => key === child.key)?.latency;
  return (bins && quantileOf(bins, 0.5)) ?? child.durationSumMs / Math.max(1, child.total);
}

function totalMs({ latency }: OperationSample): number {
  return latency.reduce((sum, [ms, calls]) => sum + ms * calls, 0);
}
