import type { Finding, Severity } from '../../model/anomaly.ts';
import type { OperationComparison, OperationSample } from '../../model/comparison.ts';
import type { ErrorGroup } from '../../model/window.ts';
import { confidenceOf } from '../confidence.ts';
import type { Detector } from '../detector.ts';
import { exampleComparison, exampleInput } from '../example.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { isComparable, isJudged, minCalls, uncompared } from '../sample.ts';
import { newcombe, shareRatio, wilson } from '../statistics/proportion.ts';
import { counted, percent, times } from '../texts.ts';

const id = 'error-burst';

const minFailures = 5;
/** A share of calls below this is nobody's emergency. */
const minRate = 0.005;
/** Standard errors that a rise must clear: of failures that were there before more, as those come and go by chance. */
const zNew = 1.96;
const zRisen = 3;
/** How many times as often a known failure must come. */
const minGrowth = 2;
/** With nothing to compare with: the least share of failing calls, at the low end of its interval. */
const blatantRate = 0.05;

/** Calls fail in a way they did not before, or fail clearly more often. */
export const errorBurst: Detector = {
  id,
  title: 'Failures that are new or have risen',
  kind: 'errors',
  detect: ({ comparisons }) => {
    const known = new Set(
      comparisons.flatMap(({ before }) => before?.errorGroups.map(({ key }) => key) ?? []),
    );
    return comparisons.flatMap((comparison) =>
      comparison.now.errorGroups.flatMap((group) => burst(comparison, group, known.has(group.key)) ?? []),
    );
  },
  figure: (claim, { comparisons }) => {
    const { subject } = claim;
    if (subject?.k !== 'error-group') return null;
    const found = comparisons.find(
      ({ operation }) => fingerprintOf(id, operation.id, subject.groupKey) === claim.fingerprint,
    );
    if (found === undefined || !isJudged(found)) return null;
    return { value: failuresOf(found.now, subject.groupKey) / found.now.calls, n: found.now.calls };
  },
  example: {
    quiet: exampleInput([
      exampleComparison('/a', failing('Error: connection lost', 4), failing('Error: connection lost', 1)),
      exampleComparison('/b', failing('TypeError: x is undefined', 4), {}),
    ]),
    anomalous: exampleInput([exampleComparison('/a', failing('TypeError: x is undefined', 9), {})]),
  },
};

function failing(key: string, count: number): Pick<OperationSample, 'errors' | 'errorGroups'> {
  const [type = '', message = ''] = key.split(': ');
  const exemplar = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), startMs: 0, durationMs: 1 };
  return { errors: count, errorGroups: [{ key, type, message, count, exemplar }] };
}

const failuresOf = (sample: OperationSample, key: string): number =>
  Math.min(sample.calls, sample.errorGroups.find((group) => group.key === key)?.count ?? 0);

function burst(comparison: OperationComparison, group: ErrorGroup, seenBefore: boolean): Finding | undefined {
  if (!isJudged(comparison)) return undefined;
  const { operation, handlerId, now } = comparison;
  const k = { k: failuresOf(now, group.key), n: now.calls };
  if (k.k < minFailures || k.k / k.n < minRate) return undefined;
  const base = isComparable(comparison) ? comparison.before : null;
  const was = base && { k: failuresOf(base, group.key), n: base.calls };
  const z = seenBefore ? zRisen : zNew;
  const rise = was === null ? wilson(k.k, k.n) : newcombe(k, was, z);
  const bar = was === null ? blatantRate : 0;
  if (rise.low <= bar) return undefined;
  if (was !== null && was.k > 0 && shareRatio(k, was).value < minGrowth) return undefined;
  const rate = k.k / k.n;
  // Too few calls before for an interval, yet enough to see that it is nothing new.
  const few = base === null ? (comparison.before ?? comparison.passedOver) : undefined;
  if (few && few.calls < minCalls && failuresOf(few, group.key) * minGrowth > rate * few.calls) {
    return undefined;
  }
  const share = wilson(k.k, k.n);
  const ratio = was === null ? share : shareRatio(k, was);
  const compared =
    base === null || was === null
      ? uncompared(comparison, (earlier) => `${failuresOf(earlier, group.key)} of ${earlier.calls}`)
      : was.k === 0
        ? `none of ${was.n} in ${base.release}`
        : `${times(ratio.value)} the rate of ${base.release} (${was.k} of ${was.n})`;
  const title = group.message === '' ? group.type : `${group.type}: ${group.message}`;
  return {
    fingerprint: fingerprintOf(id, operation.id, group.key),
    kind: 'errors',
    detector: id,
    operation,
    ...(handlerId === null ? {} : { handlerId }),
    severity: severityOf(rate, base !== null),
    confidence: confidenceOf(rise.value, rise.low, bar),
    message: `${operation.name} fails with ${title} in ${counted(k.k, 'call')} of ${k.n} (${percent(rate)}); ${compared}.`,
    release: now.release,
    baselineRelease: base?.release ?? null,
    effect: {
      measure: 'error rate',
      unit: 'rate',
      before: was === null ? null : was.k / was.n,
      after: rate,
      ratio: ratio.value,
      low: ratio.low,
      high: ratio.high,
      n: k.n,
      nBefore: was?.n ?? 0,
    },
    evidence: [
      { label: 'A failing call', traceId: group.exemplar.traceId },
      {
        label: `${k.k} of ${k.n} calls fail so: ${percent(rate)} [${percent(share.low)}, ${percent(share.high)}]`,
        detail: compared,
      },
    ],
    subject: {
      k: 'error-group',
      groupKey: group.key,
      type: group.type,
      message: group.message,
      ...(group.stack === undefined ? {} : { stack: group.stack }),
    },
  };
}

function severityOf(rate: number, isCompared: boolean): Severity {
  if (!isCompared) return rate >= 0.25 ? 'medium' : 'low';
  if (rate >= 0.05) return 'high';
  return rate >= 0.01 ? 'medium' : 'low';
}
