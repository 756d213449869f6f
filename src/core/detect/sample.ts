import type { OperationComparison, OperationSample } from '../model/comparison.ts';
import type { Operation } from '../model/operation.ts';

/** Calls under which nothing is said of a release. */
export const minCalls = 30;

/** A comparison with enough calls on both sides. */
export interface Comparable extends OperationComparison {
  readonly before: OperationSample;
}

/** Middleware is part of the calls that it serves, and would tell each slowness once more. */
export function isJudged({ operation, now }: OperationComparison): boolean {
  return operation.kind !== 'middleware' && now.calls >= minCalls;
}

export function isComparable(comparison: OperationComparison): comparison is Comparable {
  return isJudged(comparison) && comparison.before !== null && comparison.before.calls >= minCalls;
}

/**
 * How things stood in an earlier sample that is no baseline, for a sentence: `8 of 27 calls in 1.0.0, too few to compare
 * with`; `figure` says how, of a sample.
 */
export function uncompared(
  comparison: OperationComparison,
  figure: (earlier: OperationSample) => string,
): string {
  const earlier = comparison.before ?? comparison.passedOver;
  if (earlier === undefined) return 'there is nothing to compare with';
  const reason =
    earlier.calls < minCalls ? 'too few calls to compare with' : 'which was no healthy release either';
  return `${figure(earlier)} in ${earlier.release}, ${reason}`;
}

/** Operations that had too few calls, now or before, to be compared. */
export function tooFewOf(
  comparisons: readonly OperationComparison[],
): readonly { readonly operation: Operation; readonly have: number; readonly need: number }[] {
  return comparisons.flatMap(({ operation, now, before }) => {
    const have = Math.min(now.calls, before?.calls ?? Infinity);
    return operation.kind === 'middleware' || have >= minCalls ? [] : [{ operation, have, need: minCalls }];
  });
}
