// One way of reading a telemetry file, in a process of its own: node bench/variants/ingest.ts WAY FILE
// Prints { seconds, cpuSeconds, peakMb, rows }; rows are [service, method, route, calls, errors, p95Ms] of SERVER spans.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { createTelemetry } from '../../src/core/engine/telemetry.ts';

type Row = readonly [
  service: string,
  method: string,
  route: string,
  calls: number,
  errors: number,
  p95Ms: number,
];

const [, , way = '', file = ''] = process.argv;
const started = process.hrtime.bigint();
const cpuBefore = process.cpuUsage();
const rows = await run();
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
const cpu = process.cpuUsage(cpuBefore);
rows.sort((a, b) => (a.slice(0, 3).join() < b.slice(0, 3).join() ? -1 : 1));
process.stdout.write(
  JSON.stringify({
    seconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1024,
    rows,
  }),
);

function run(): Promise<Row[]> {
  if (way === 'suture') return suture();
  if (way === 'json-parse') return jsonParse();
  if (way === 'duckdb') return duckdb(2);
  if (way === 'read') return readOnly();
  throw new Error(`There is no way called ${way}`);
}

/** The whole pipeline of the product: windows, percentiles, error groups, hints of every operation. */
async function suture(): Promise<Row[]> {
  const telemetry = createTelemetry({
    root: path.dirname(file),
    paths: [file],
    watch: false,
    now: Date.now,
    onProblems: (problems) => {
      throw new Error(problems[0]?.message);
    },
    onChange: () => undefined,
  });
  await telemetry.start();
  telemetry.refresh();
  const found = telemetry
    .windows()
    .operations()
    .flatMap(({ operation }) => telemetry.windows().metrics(operation.id))
    .filter((metrics) => metrics.operation.kind === 'http')
    .map((m): Row => [
      m.operation.service,
      m.operation.method ?? '',
      m.operation.route ?? '',
      m.calls,
      m.errors,
      m.percentiles?.p95Ms ?? NaN,
    ]);
  await telemetry.close();
  return found;
}

interface Json {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly JsonSpan[] }[];
  }[];
}
interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string };
}
interface JsonSpan {
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number };
}

/** What one would write by hand: parse each line, group, sort. Also the oracle. */
async function jsonParse(): Promise<Row[]> {
  const groups = new Map<string, { key: [string, string, string]; errors: number; durations: number[] }>();
  const text = (attributes: readonly Attribute[], key: string): string =>
    attributes.find((attribute) => attribute.key === key)?.value.stringValue ?? '';
  for await (const line of createInterface({ input: createReadStream(file, { highWaterMark: 1 << 20 }) })) {
    const request = JSON.parse(line) as Json;
    for (const { resource, scopeSpans } of request.resourceSpans) {
      const service = text(resource.attributes, 'service.name');
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
        if (span.kind !== 2) continue;
        const key: [string, string, string] = [
          service,
          text(span.attributes, 'http.request.method'),
          text(span.attributes, 'http.route'),
        ];
        const id = key.join();
        const group = groups.get(id) ?? { key, errors: 0, durations: [] };
        groups.set(id, group);
        group.durations.push(Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6);
        if (span.status.code === 2) group.errors++;
      }
    }
  }
  return [...groups.values()].map(({ key, errors, durations }): Row => {
    durations.sort((a, b) => a - b);
    return [...key, durations.length, errors, durations[Math.ceil(durations.length * 0.95) - 1] ?? NaN];
  });
}

async function duckdb(threads: number): Promise<Row[]> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await instance.connect();
  const attribute = (list: string, key: string): string =>
    `list_filter(${list}, a -> a.key = '${key}')[1].value.stringValue`;
  const result = await connection.runAndReadAll(`
    with r as (select unnest(resourceSpans) as r from read_json('${file.replaceAll("'", "''")}', format = 'newline_delimited')),
    s as (select ${attribute('r.resource.attributes', 'service.name')} as service, unnest(flatten(list_transform(r.scopeSpans, x -> x.spans))) as s from r)
    select service, ${attribute('s.attributes', 'http.request.method')} as method, ${attribute('s.attributes', 'http.route')} as route,
      count(*)::double as calls, count(*) filter (where s.status.code = 2)::double as errors,
      quantile_disc((s.endTimeUnixNano::bigint - s.startTimeUnixNano::bigint) / 1e6, 0.95)::double as p95
    from s where s.kind = 2 group by all`);
  return result.getRowsJson() as unknown as Row[];
}

async function readOnly(): Promise<Row[]> {
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }))
    bytes += (chunk as Buffer).length;
  return bytes > 0 ? [] : [];
}
