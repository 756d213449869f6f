import { createCodeAnalysis } from '../code/program.ts';
import type { Config } from '../config.ts';
import { createSourceHost } from '../ingest/sources/source-host.ts';
import { existsUnder } from '../validate/workspace/run-files.ts';
import { createSketch, latencyBins } from '../measure/sketch.ts';
import type { LatencyBins } from '../model/comparison.ts';
import type { Detection } from '../model/healing.ts';
import type { Handler, HandlerIndex } from '../model/handler.ts';
import type { CodeIndex } from './code-index.ts';
import { createAnomalyWatch } from './detection.ts';
import { createDiagnoser } from './diagnoser.ts';
import type { EpochSources } from './epochs.ts';
import { createHealing, type Healing } from './healing.ts';
import { createProving } from './proving.ts';
import type { ReadModels } from './read-models.ts';
import type { Telemetry } from './telemetry.ts';
import type { Tests } from './tests.ts';

export interface HealingParts {
  readonly root: string;
  readonly code: CodeIndex;
  readonly tests: Tests;
  readonly models: ReadModels;
  readonly telemetry: () => Telemetry | undefined;
  /** Of `--baseline`. */
  readonly baseline: () => Telemetry | undefined;
  readonly config: () => Config;
  readonly workspaceName: () => string;
  readonly telemetryPaths: () => readonly string[];
  readonly hasTelemetry: () => boolean;
  readonly now: () => number;
  readonly onChange: (detection: Detection) => void;
}

/** The closed loop over one workspace, put together from its stages. */
export function composeHealing(parts: HealingParts): Healing & { readonly codeChanged: () => void } {
  const { root, code, tests, models, now } = parts;
  const analysis = createCodeAnalysis(createSourceHost(root, (file) => code.unsaved().get(file)));

  const sampleIn = (
    telemetry: Telemetry | undefined,
    ...[operationId, release, span]: Parameters<EpochSources['sample']>
  ): ReturnType<EpochSources['sample']> => {
    const found = telemetry?.windows().sampleOf(operationId, release, span) ?? null;
    if (found === null) return null;
    const shape = telemetry?.shapes().merged(operationId, release, span) ?? null;
    const childLatency = shape?.children.map(({ key, latency }) => ({ key, latency: binsOf(latency) }));
    return { ...found, shape, ...(childLatency && { childLatency }) };
  };
  let indexed: HandlerIndex | undefined;
  let byId: ReadonlyMap<string, Handler> = new Map();
  /** Asked for every operation and release of a detection, so made once per index. */
  const handlersById = (): typeof byId => {
    const index = code.handlers();
    if (index !== indexed) byId = new Map(index.handlers.map((handler) => [handler.id, handler]));
    indexed = index;
    return byId;
  };
  const always = { fromMs: -Infinity, toMs: Infinity };

  const watch = createAnomalyWatch({
    root,
    operations: () => parts.telemetry()?.windows().operations() ?? [],
    sample: (operationId, release, span) => sampleIn(parts.telemetry(), operationId, release, span),
    baseline() {
      const baseline = parts.baseline();
      if (baseline === undefined) return undefined;
      return ({ id }) => {
        const releases = baseline.windows().operation(id)?.releases ?? [];
        const newest = releases.toSorted((a, b) => b.firstMs - a.firstMs)[0];
        return newest === undefined ? null : sampleIn(baseline, id, newest.release, always);
      };
    },
    handlerOf(operationId): Handler | undefined {
      const correlation = models.correlation(operationId);
      const id = correlation?.handlerId ?? null;
      return id === null ? undefined : handlersById().get(id);
    },
    testsOf: ({ id, file }) => (tests.covers(file) ? tests.forHandler(id) : undefined),
    hasTelemetry: parts.hasTelemetry,
    now,
  });
  const diagnose = createDiagnoser({
    root,
    code,
    analysis,
    pathMappings: () => parts.config().pathMappings,
    comparisonOf: watch.comparisonOf,
  });
  const healing = createHealing({
    root,
    watch,
    diagnose,
    fixes: {
      root,
      code,
      tests,
      analysis,
      docsFolder: () => parts.config().docs,
      workspaceName: parts.workspaceName,
      exists: (file) => existsUnder(root, file),
      now,
    },
    proving: createProving({ root, code, tests, telemetry: parts.telemetryPaths, now }),
    now,
    onChange: parts.onChange,
  });
  return { ...healing, codeChanged: analysis.invalidate };
}

function binsOf(blob: Uint8Array): LatencyBins {
  const sketch = createSketch();
  sketch.mergeBlob(blob);
  return latencyBins(sketch);
}
