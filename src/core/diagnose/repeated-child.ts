import type { Finding } from '../model/anomaly.ts';
import type { OperationComparison } from '../model/comparison.ts';

/** What an operation calls several times per call. */
export interface RepeatedChild {
  readonly name: string;
  /** Occurrences per call, now. */
  readonly perCall: number;
  /** Of one occurrence. */
  readonly ms: number;
  /** Occurrences per call before; absent where there is nothing to compare with. */
  readonly perCallBefore?: number;
}

/** Fewer occurrences per call are no repetition worth a loop. */
const LEAST_PER_CALL = 2;

/** The child that the finding names; for a mere slow-down the repeated one that takes most time. */
export function repeatedChild(
  finding: Finding,
  comparison: OperationComparison | undefined,
): RepeatedChild | null {
  const { subject } = finding;
  const before = (key: string): number | undefined => {
    const shape = comparison?.before?.shape;
    if (shape === undefined || shape === null || shape.calls === 0) return undefined;
    return (shape.children.find((child) => child.key === key)?.total ?? 0) / shape.calls;
  };
  const withBefore = (key: string) => {
    const perCallBefore = before(key);
    return perCallBefore === undefined ? {} : { perCallBefore };
  };
  if (subject.k === 'repeated-call') {
    const { childKey, childName, perCall, childP50Ms } = subject;
    return { name: childName, perCall, ms: childP50Ms, ...withBefore(childKey) };
  }
  const shape = comparison?.now.shape;
  if (subject.k !== 'latency' || shape === undefined || shape === null || shape.calls === 0) return null;
  const [worst] = shape.children
    .filter(({ total }) => total / shape.calls >= LEAST_PER_CALL)
    .toSorted((a, b) => b.durationSumMs - a.durationSumMs);
  if (worst === undefined) return null;
  const { key, name, total, durationSumMs } = worst;
  return { name, perCall: total / shape.calls, ms: durationSumMs / total, ...withBefore(key) };
}
