import type { LatencyBins, OperationComparison, OperationSample } from '../model/comparison.ts';
import { minCalls } from './sample.ts';
import { quantileOf } from './statistics/quantile.ts';

/** How much slower everything was than before, as a whole machine or its load makes it. */
export interface Pace {
  /** 1 where it is not known. */
  readonly factor: number;
  /** Robust standard deviation of the logarithms of the ratios that it was made of. */
  readonly spread: number;
  /** Ratios that it was made of; too few of them say nothing: `known` is then false. */
  readonly voices: number;
  readonly known: boolean;
}

interface Voice {
  readonly operationId: string;
  /** Logarithm of the ratio of latencies. */
  readonly log: number;
}

const minVoices = 3;
/** With more voices than this, one operation cannot move the median enough to matter. */
const manyVoices = 60;

/**
 * The pace at a quantile as the other operations and what they call tell it: an operation never speaks for itself, so
 * that it cannot excuse its own slowness. The median of the ratios, hence right while fewer than half of them are faulty.
 */
export function paceOf(
  comparisons: readonly OperationComparison[],
  q: number,
): (operationId: string) => Pace {
  const voices = comparisons.flatMap((comparison) => voicesOf(comparison, q));
  const whole = voices.length > manyVoices ? settle(voices) : undefined;
  return (operationId) => whole ?? settle(voices.filter((voice) => voice.operationId !== operationId));
}

function settle(voices: readonly Voice[]): Pace {
  const speakers = new Set(voices.map(({ operationId }) => operationId)).size;
  if (voices.length < minVoices || speakers < 2) {
    return { factor: 1, spread: 0, voices: voices.length, known: false };
  }
  const logs = voices.map(({ log }) => log);
  const middle = median(logs);
  // 1.4826 makes the median deviation of a normal distribution its standard deviation.
  const spread = 1.4826 * median(logs.map((log) => Math.abs(log - middle)));
  return { factor: Math.exp(middle), spread, voices: voices.length, known: true };
}

function voicesOf({ operation, now, before }: OperationComparison, q: number): readonly Voice[] {
  if (before === null || operation.kind === 'middleware') return [];
  const voices: Voice[] = [];
  const speak = (after: number | null, earlier: number | null): void => {
    if (after !== null && earlier !== null && after > 0 && earlier > 0) {
      voices.push({ operationId: operation.id, log: Math.log(after / earlier) });
    }
  };
  if (now.calls >= minCalls && before.calls >= minCalls) {
    speak(quantileOf(now.latency, q), quantileOf(before.latency, q));
  }
  for (const [key, bins] of childLatencies(now)) {
    const earlier = childLatencies(before).get(key);
    if (earlier !== undefined) speak(quantileOf(bins, q), quantileOf(earlier, q));
  }
  return voices;
}

function childLatencies(sample: OperationSample): ReadonlyMap<string, LatencyBins> {
  const often = new Set(
    sample.shape?.children.filter(({ total }) => total >= minCalls).map(({ key }) => key) ?? [],
  );
  return new Map(
    (sample.childLatency ?? []).filter(({ key }) => often.has(key)).map(({ key, latency }) => [key, latency]),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
