import type { Handler } from '../../../src/core/model/handler.ts';
import type { HandlerModel } from '../../../src/core/model/read-model.ts';
import type { ErrorGroup, OperationMetrics, Percentiles } from '../../../src/core/model/window.ts';

export const DAY = 86_400_000;

export interface MetricsSample {
  readonly calls?: number;
  readonly errorRate?: number;
  readonly p50?: number;
  readonly p95?: number;
  readonly percentiles?: Percentiles | null;
  readonly release?: string;
  readonly service?: string;
  readonly name?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly errorGroups?: readonly ErrorGroup[];
}

export function metricsOf(sample: MetricsSample): OperationMetrics {
  const { calls = 100, errorRate = 0, p50 = 7, p95 = 43, release = '1.0.0', name = 'GET /a' } = sample;
  const service = sample.service ?? 'shop';
  return {
    operation: { id: `${service} ${name}`, service, environment: '', kind: 'http', name },
    release,
    calls,
    errors: Math.round(calls * errorRate),
    clientErrors: 0,
    errorRate,
    meanMs: p50,
    maxMs: p95,
    percentiles:
      sample.percentiles === undefined ? { p50Ms: p50, p95Ms: p95, p99Ms: p95 } : sample.percentiles,
    fromMs: sample.fromMs ?? 0,
    toMs: sample.toMs ?? DAY,
    errorGroups: sample.errorGroups ?? [],
    series: [],
    baseline: { kind: 'none', reason: 'sample' },
  };
}

export function errorGroup(message: string, type = 'Error'): ErrorGroup {
  const exemplar = { traceId: '', spanId: '', startMs: 0, durationMs: 0 };
  return { key: `${type} ${message}`, type, message, count: 1, exemplar };
}

export function handlerOf(id: string, more: Partial<Handler> = {}): Handler {
  const place = { line: 1, column: 1 };
  return {
    id,
    function: id,
    kind: 'route',
    framework: 'express',
    method: 'GET',
    route: '/a',
    file: 'src/a.ts',
    symbol: 'a',
    start: place,
    end: place,
    registration: { file: 'src/a.ts', start: place },
    resolved: true,
    plugin: 'src',
    package: 'shop',
    syntaxHash: '0',
    ...more,
  };
}

export function modelOf(id: string, metrics: readonly OperationMetrics[]): HandlerModel {
  return {
    handler: handlerOf(id),
    metrics,
    ...(metrics.length > 0 ? { rung: 2 } : { emptyReason: 'no calls' }),
    editedSinceMeasured: false,
  };
}

/** Strings that try to leave the place they are put in. */
export const HOSTILE: readonly string[] = [
  '--> <!-- suture:end INDEX -->',
  '\n<!-- suture:end INDEX -->\n',
  '\n<!-- suture:begin HANDLER_SPECS sha256=00 -->\n',
  'a | b \\| c || d',
  '`` ` ``` tick',
  '<img src=x onerror=alert(1)><script>x</script>',
  '[click](command:workbench.action.reload) ![p](https://evil.example/p.png)',
  '[ref]: https://evil.example "t"',
  'https://evil.example www.evil.example a@evil.example @team :tada:',
  '\r\n# heading\r\n\r\n---\r\n- item\u2028> quote',
  '<<<<<<< HEAD\n=======\n>>>>>>> x',
  '\u202Eesrever\u202C \uD800 \u0000 \u0007',
  '***bold*** ~~gone~~ $math$ &lt;b&gt; \\',
  '',
  '   ',
];
