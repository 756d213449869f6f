// Telemetry that a test writes itself: OTLP/JSON, one export request per line, random but from a seed.
import { createHash } from 'node:crypto';

/** Mulberry32: numbers 0..1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface RouteCall {
  readonly method: string;
  readonly route: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly failed: boolean;
}

/** Calls of one route over the four minutes before `endMs`, with a long tail as real latencies have one. */
export function randomCalls(
  random: () => number,
  route: {
    readonly method: string;
    readonly route: string;
    readonly count: number;
    readonly medianMs: number;
    readonly errorRate: number;
    readonly endMs: number;
  },
): readonly RouteCall[] {
  return Array.from({ length: route.count }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return {
      method: route.method,
      route: route.route,
      startMs: route.endMs - Math.floor(random() * 240_000),
      durationMs: route.medianMs * Math.exp(0.6 * normal),
      failed: random() < route.errorRate,
    };
  });
}

/** Nearest rank on the plainly sorted durations. */
export function percentile(calls: readonly RouteCall[], share: number): number {
  const sorted = calls.map((call) => call.durationMs).sort((left, right) => left - right);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const nanos = (ms: number): string => BigInt(Math.round(ms * 1e6)).toString();
const hex = (seed: string, digits: number): string =>
  createHash('sha256').update(seed).digest('hex').slice(0, digits);

export interface Source {
  readonly service: string;
  readonly release: string;
  /** Makes ids differ between files of the same run. */
  readonly salt: string;
  /** Name, exception type and message of the spans; the usual ones if absent. */
  readonly spanName?: string;
  readonly exception?: { readonly type: string; readonly message: string };
}

function spanOf(call: RouteCall, index: number, source: Source) {
  const exception = source.exception ?? { type: 'StockError', message: 'out of stock' };
  const id = `${source.salt} ${String(index)}`;
  return {
    traceId: hex(`trace ${id}`, 32),
    spanId: hex(`span ${id}`, 16),
    name: source.spanName ?? `${call.method} ${call.route}`,
    kind: 2,
    startTimeUnixNano: nanos(call.startMs),
    endTimeUnixNano: nanos(call.startMs + call.durationMs),
    attributes: [
      text('http.request.method', call.method),
      text('http.route', call.route),
      { key: 'http.response.status_code', value: { intValue: call.failed ? 500 : 200 } },
    ],
    events: call.failed
      ? [
          {
            name: 'exception',
            timeUnixNano: nanos(call.startMs + call.durationMs),
            attributes: [
              text('exception.type', exception.type),
              text('exception.message', exception.message),
              text(
                'exception.stacktrace',
                `${exception.type}: ${exception.message}\n    at take (/app/src/stock.ts:41:9)`,
              ),
            ],
          },
        ]
      : [],
    status: call.failed ? { code: 2 } : {},
  };
}

/** The calls as lines of a telemetry file, 50 spans in each, ending with a line break. */
export function telemetryLines(calls: readonly RouteCall[], source: Source): string {
  const inOrder = [...calls].sort((left, right) => left.startMs - right.startMs);
  let lines = '';
  for (let start = 0; start < inOrder.length; start += 50) {
    const spans = inOrder.slice(start, start + 50).map((call, index) => spanOf(call, start + index, source));
    const resource = {
      attributes: [
        text('service.name', source.service),
        text('service.version', source.release),
        text('deployment.environment.name', 'production'),
      ],
    };
    const request = { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'e2e' }, spans }] }] };
    lines += `${JSON.stringify(request)}\n`;
  }
  return lines;
}
