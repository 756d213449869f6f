import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';

/** A small generator of 32-bit numbers (mulberry32), so that a corpus is the same on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const services = ['shop', 'inventory', 'billing', 'search', 'users', 'mail'];
const spansPerLine = 512;
const childrenPerTrace = 3;

/**
 * Writes OTLP/JSON lines in the Collector's form (some 800 bytes a span, 6 services, 40 routes, one SERVER span in
 * four, 1.3 % errors with an exception event) until the file has `megabytes`; an existing file of that size is used again.
 */
export async function corpus(megabytes: number): Promise<string> {
  const file = path.join(tmpdir(), `suture-bench-${megabytes}mb-v1.jsonl`);
  if (existsSync(file) && statSync(file).size >= megabytes * 1e6) return file;
  const random = seeded(20261123);
  const partial = `${file}.partial`;
  const out = createWriteStream(partial);
  let written = 0;
  let timeUs = 1_795_000_000_000_000;
  while (written < megabytes * 1e6) {
    const line = request(random, () => (timeUs += 400 + Math.floor(random() * 1200)));
    written += line.length;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  renameSync(partial, file);
  return file;
}

function request(random: () => number, tick: () => number): string {
  const service = services[Math.floor(random() * services.length)]!;
  const spans: string[] = [];
  while (spans.length < spansPerLine) pushTrace(spans, random, tick());
  const resource = attributes({
    'service.name': service,
    'service.version': '1.4.2',
    'deployment.environment.name': 'production',
    'telemetry.sdk.language': 'nodejs',
    'host.name': 'node-17',
  });
  return `{"resourceSpans":[{"resource":{"attributes":${resource}},"scopeSpans":[{"scope":{"name":"@opentelemetry/instrumentation-http","version":"0.300.0"},"spans":[${spans.join(',')}]}]}]}\n`;
}

function pushTrace(spans: string[], random: () => number, startUs: number): void {
  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits)
      text += Math.floor(random() * 0x100000000)
        .toString(16)
        .padStart(8, '0');
    return text.slice(0, digits);
  };
  const route = Math.floor(random() * 40);
  const method = route % 4 === 0 ? 'POST' : 'GET';
  const durationUs =
    Math.round(
      3000 *
        Math.exp(1.1 * Math.sqrt(-2 * Math.log(random() || 1e-9)) * Math.cos(2 * Math.PI * random())) *
        (1 + (route % 7)),
    ) + 50;
  const failed = random() < 0.013;
  const traceId = hex(32);
  const rootId = hex(16);
  const path = `/api/v1/resource-${route}/:id`;
  for (let child = 0; child < childrenPerTrace; child++) {
    const from = startUs + Math.floor((durationUs * child) / 4);
    spans.push(
      span(
        traceId,
        hex(16),
        rootId,
        child === 0 ? 'middleware - jsonParser' : `GET inventory`,
        child === 0 ? 1 : 3,
        from,
        Math.floor(durationUs / 5),
        {
          'http.request.method': 'GET',
          'server.address': 'inventory.internal',
          'server.port': 8080,
          'url.full': `http://inventory.internal:8080/stock/${hex(8)}`,
          'http.response.status_code': 200,
          'network.protocol.version': '1.1',
        },
        '',
        '{}',
      ),
    );
  }
  const events = failed
    ? `[{"timeUnixNano":"${startUs}000","name":"exception","attributes":${attributes({ 'exception.type': 'TypeError', 'exception.message': `Cannot read properties of undefined (reading '${route}')`, 'exception.stacktrace': `TypeError: Cannot read\\n    at handler${route} (/srv/app/dist/routes/r${route}.js:21:46)\\n    at next (/srv/app/node_modules/router/index.js:291:3)` })}}]`
    : '';
  spans.push(
    span(
      traceId,
      rootId,
      '',
      `${method} ${path}`,
      2,
      startUs,
      durationUs,
      {
        'http.request.method': method,
        'http.route': path,
        'url.path': `/api/v1/resource-${route}/${hex(8)}`,
        'url.scheme': 'http',
        'server.address': '10.1.2.3',
        'server.port': 3000,
        'http.response.status_code': failed ? 500 : 200,
        'user_agent.original': 'undici',
        'network.protocol.version': '1.1',
        'client.address': '10.9.8.7',
      },
      events,
      failed ? '{"code":2,"message":"internal"}' : '{}',
    ),
  );
}

function span(
  traceId: string,
  spanId: string,
  parentId: string,
  name: string,
  kind: number,
  startUs: number,
  durationUs: number,
  given: Readonly<Record<string, string | number>>,
  events: string,
  status: string,
): string {
  return `{"traceId":"${traceId}","spanId":"${spanId}","parentSpanId":"${parentId}","flags":257,"name":"${name}","kind":${kind},"startTimeUnixNano":"${startUs}000","endTimeUnixNano":"${startUs + durationUs}000","attributes":${attributes(given)},${events === '' ? '' : `"events":${events},`}"status":${status}}`;
}

function attributes(given: Readonly<Record<string, string | number>>): string {
  return `[${Object.entries(given)
    .map(
      ([key, value]) =>
        `{"key":"${key}","value":{${typeof value === 'number' ? `"intValue":"${value}"` : `"stringValue":"${value}"`}}}`,
    )
    .join(',')}]`;
}
