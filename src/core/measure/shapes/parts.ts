import type { ChildShape, TraceShape } from '../../model/shape.ts';
import { sortedSamples } from './samples.ts';
import type { Varied } from './samples.ts';

export interface Outcomes {
  readonly good: number;
  readonly failed: number;
}

/** A shape within its bounds, with what merging needs beside what it shows. */
export interface ShapeParts {
  readonly calls: number;
  /** Those of `calls` whose outcome is `error`. */
  readonly failed: number;
  readonly children: readonly ChildShape[];
  readonly droppedChildren: number;
  readonly follows: TraceShape['follows'];
  readonly attributes: readonly {
    readonly key: string;
    readonly values: readonly (Outcomes & { readonly value: string })[];
    /** Of values that are not kept apart. */
    readonly other: Outcomes;
  }[];
  readonly good: readonly Varied[];
  readonly bad: readonly Varied[];
}

export const OTHER = '(other)';
export const ABSENT = '(absent)';

export function shapeOf(
  parts: ShapeParts,
  operationId: string,
  release: string,
  startMs: number,
): TraceShape {
  const { calls, failed, children, droppedChildren, follows } = parts;
  const attributes = parts.attributes.map(({ key, values, other }) => {
    const rest = (of: keyof Outcomes, all: number): number =>
      all - other[of] - values.reduce((sum, value) => sum + value[of], 0);
    const absent = { value: ABSENT, good: rest('good', calls - failed), failed: rest('failed', failed) };
    const unnamed = [{ value: OTHER, ...other }, absent].filter((each) => each.good + each.failed > 0);
    return { key, values: [...values, ...unnamed] };
  });
  return {
    operationId,
    release,
    startMs,
    calls,
    children,
    droppedChildren,
    follows,
    attributes,
    samples: [...sortedSamples(parts.good), ...sortedSamples(parts.bad)].map(({ sample }) => sample),
  };
}
