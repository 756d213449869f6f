// Real recordings of the sample shop as inputs of detectors, by way of the measuring stage.
import { callsOf } from '../../../src/core/measure/calls.ts';
import { createShapes } from '../../../src/core/measure/shapes/shapes.ts';
import { createSketch, latencyBins } from '../../../src/core/measure/sketch.ts';
import { createWindows } from '../../../src/core/measure/windows.ts';
import type { DetectInput, OperationSample } from '../../../src/core/model/comparison.ts';
import type { Call, Operation } from '../../../src/core/model/operation.ts';
import type { Trace } from '../../../src/core/model/trace.ts';
import { recordsOf, tracesOf } from '../measure/recording.ts';

/** A trace with its calls, which a test may change. */
export interface Measured {
  readonly trace: Trace;
  readonly calls: readonly Call[];
}

/** By operation id. */
export type Samples = ReadonlyMap<
  string,
  { readonly operation: Operation; readonly sample: OperationSample }
>;

const shop10 = '../../workspaces/shop/.telemetry/shop-1.0.0.jsonl.gz';

/** Healthy recordings of 1.0.0. */
export const healthy = {
  '1.0.0': shop10,
  '1.0.0-evening': 'shop/shop-1.0.0-evening.jsonl.gz',
  '1.0.0-sale': 'shop/shop-1.0.0-sale.jsonl.gz',
} as const;
export const faulty = 'shop/shop-1.1.0.jsonl.gz';
export const mended = 'shop/shop-1.2.0.jsonl.gz';

const known = new Map<string, readonly Measured[]>();

/** Traces of a recording in the order of their start; read once. */
export function measured(fixture: string): readonly Measured[] {
  const found =
    known.get(fixture) ??
    tracesOf(recordsOf(fixture))
      .map((trace) => ({ trace, calls: callsOf(trace) }))
      .toSorted((a, b) => startOf(a) - startOf(b));
  known.set(fixture, found);
  return found;
}

const startOf = ({ calls }: Measured): number => Math.min(...calls.map(({ startMs }) => startMs));

/** The same calls, each `factor(call)` times as long. */
export function stretched(traces: readonly Measured[], factor: (call: Call) => number): readonly Measured[] {
  return traces.map(({ trace, calls }) => ({
    trace,
    calls: calls.map((call) => ({ ...call, durationMs: call.durationMs * factor(call) })),
  }));
}

export function samplesOf(traces: readonly Measured[]): Samples {
  const windows = createWindows();
  const shapes = createShapes();
  for (const { trace, calls } of traces) {
    windows.fold(calls);
    shapes.fold(trace, calls);
  }
  return new Map(
    windows.operations().flatMap(({ operation, releases }) => {
      const [release] = releases.toSorted((a, b) => b.lastMs - a.lastMs);
      const figures = release && windows.sampleOf(operation.id, release.release);
      if (!release || !figures) return [];
      const shape = shapes.merged(operation.id, release.release);
      const childLatency = shape?.children.map(({ key, latency }) => {
        const sketch = createSketch();
        sketch.mergeBlob(latency);
        return { key, latency: latencyBins(sketch) };
      });
      const sample = { ...figures, shape, ...(childLatency && { childLatency }) };
      return [[operation.id, { operation, sample }] as const];
    }),
  );
}

export function inputOf(now: Samples, before: Samples): DetectInput {
  return {
    comparisons: [...now.values()].map(({ operation, sample }) => ({
      operation,
      handlerId: null,
      now: sample,
      before: before.get(operation.id)?.sample ?? null,
    })),
    handlers: [],
  };
}
