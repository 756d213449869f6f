import type { Handler } from '../../../src/core/model/handler.ts';
import type { HandlerModel } from '../../../src/core/model/read-model.ts';
import type { OperationMetrics } from '../../../src/core/model/window.ts';

const hourMs = 3_600_000;
/** 2026-11-22 12:00 UTC. */
export const noonMs = Date.UTC(2026, 10, 22, 12);

export function sampleHandler(over: Partial<Handler> = {}): Handler {
  return {
    id: 'src/users.ts#getUser@GET /users/:id',
    function: 'src/users.ts#getUser',
    kind: 'route',
    framework: 'express',
    method: 'GET',
    route: '/users/:id',
    file: 'src/users.ts',
    symbol: 'getUser',
    start: { line: 3, column: 23 },
    end: { line: 9, column: 2 },
    registration: { file: 'src/app.ts', start: { line: 12, column: 1 } },
    resolved: true,
    plugin: 'src',
    package: 'shop',
    syntaxHash: 'abc',
    ...over,
  };
}

export function sampleMetrics(over: Partial<OperationMetrics> = {}): OperationMetrics {
  return {
    operation: {
      id: 'op',
      service: 'shop',
      environment: 'prod',
      kind: 'http',
      method: 'GET',
      route: '/users/:id',
      name: 'GET /users/:id',
    },
    release: '1.1.0',
    calls: 2400,
    errors: 58,
    clientErrors: 0,
    errorRate: 58 / 2400,
    meanMs: 20,
    maxMs: 512,
    percentiles: { p50Ms: 12.04, p95Ms: 48.23, p99Ms: 101.2 },
    fromMs: noonMs,
    toMs: noonMs + 2 * hourMs,
    slowest: { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), startMs: noonMs + 1000, durationMs: 512 },
    errorGroups: [],
    series: [
      { startMs: noonMs, calls: 1200, errors: 0, p50Ms: 10, p95Ms: 20 },
      { startMs: noonMs + 600_000, calls: 1200, errors: 58, p50Ms: 12, p95Ms: 80 },
    ],
    baseline: { kind: 'release', release: '1.0.0', calls: 900, errorRate: 0.001, p50Ms: 6, p95Ms: 15.5 },
    ...over,
  };
}

export function sampleModel(over: Partial<HandlerModel> = {}): HandlerModel {
  return {
    handler: sampleHandler(),
    metrics: [sampleMetrics()],
    rung: 2,
    editedSinceMeasured: false,
    ...over,
  };
}

/** Texts that telemetry may carry to do harm where it is shown. */
export const hostileTexts: readonly string[] = [
  '[click me](command:workbench.action.terminal.new)',
  '![x](https://example.invalid/pixel.png)',
  '<img src=x onerror=alert(1)><script>alert(1)</script>',
  '`code` **bold** _it_ ~~gone~~',
  'a | b | c',
  'line one\n\n# heading\n- item\r\nrest',
  '\u202egnp.exe\u202c and \u2066hidden\u2069',
  'https://example.invalid/x www.example.invalid me@example.invalid',
  '$(flame) $(sync~spin)',
  '&lt;b&gt; &#91;x&#93;(command:a)',
  '\\[x\\](command:a) \\',
  '\ud800 lone \udc00 surrogates',
  '\u0000\u0007\u001b[31mred',
  '[ref]: command:workbench.action.quit "t"\n\n[ref]',
  '```\nfence\n```',
  '    indented\n\tcode',
];
