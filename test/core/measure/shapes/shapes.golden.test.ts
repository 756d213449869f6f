import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createAssembler } from '../../../../src/core/assemble/assembler.ts';
import { otlpJson } from '../../../../src/core/ingest/formats/otlp-json.ts';
import { createShapes } from '../../../../src/core/measure/shapes/shapes.ts';
import { createSketch } from '../../../../src/core/measure/sketch.ts';
import { recordsOf, tracesOf } from '../recording.ts';
import { foldTraces } from './fold.ts';

const recording = new URL('../../../workspaces/shop/.telemetry/shop-1.0.0.jsonl.gz', import.meta.url);

interface Plain {
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly service: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Calls of each client beneath each operation, counted without any of our own parts: `shop POST /orders` -> child -> [times, calls]. */
function plainCounts(
  lines: readonly string[],
): Readonly<Record<string, Record<string, Record<number, number>>>> {
  const spans: Plain[] = [];
  for (const line of lines) {
    for (const { resource, scopeSpans } of JSON.parse(line).resourceSpans) {
      const service = resource.attributes.find(({ key }: { key: string }) => key === 'service.name').value
        .stringValue;
      for (const each of scopeSpans.flatMap((scope: { spans: unknown[] }) => scope.spans)) {
        const attributes = Object.fromEntries(
          each.attributes.map(({ key, value }: { key: string; value: object }) => [
            key,
            Object.values(value)[0],
          ]),
        );
        spans.push({ ...each, service, attributes });
      }
    }
  }
  const byId = new Map(spans.map((each) => [each.spanId, each]));
  const servers = spans.filter(({ kind }) => kind === 2);
  const nameOf = ({ service, attributes }: Plain, between: string): string =>
    [attributes['http.request.method'], between, attributes['http.route']]
      .filter(Boolean)
      .join(' ')
      .replace(/^/u, between === '' ? `${service} ` : '');
  const perCall = new Map<string, Record<string, number>>();
  for (const server of servers) {
    const client = byId.get(server.parentSpanId ?? '');
    if (client?.kind !== 3) continue;
    let owner = byId.get(client.parentSpanId ?? '');
    while (owner !== undefined && owner.kind !== 2) owner = byId.get(owner.parentSpanId ?? '');
    if (owner === undefined) continue;
    const of = perCall.get(owner.spanId) ?? {};
    perCall.set(owner.spanId, of);
    const child = `client ${nameOf(server, server.service)}`;
    of[child] = (of[child] ?? 0) + 1;
  }
  const counts: Record<string, Record<string, Record<number, number>>> = {};
  for (const [spanId, children] of perCall) {
    const of = (counts[nameOf(byId.get(spanId)!, '')] ??= {});
    for (const [child, times] of Object.entries(children)) {
      const histogram = (of[child] ??= {});
      histogram[times] = (histogram[times] ?? 0) + 1;
    }
  }
  return counts;
}

describe('shapes of real recordings', () => {
  it('count what calls of the shop ask of inventory as a plain count does', () => {
    const lines = gunzipSync(readFileSync(recording))
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    const assembler = createAssembler();
    const shapes = createShapes();
    const read = lines.flatMap((line, at) => {
      const { spans } = otlpJson.decode(Buffer.from(line), { file: 'f', line: at + 1 });
      return assembler.add({ ref: { file: 'f', offset: at, length: 1 }, spans });
    });
    const operations = foldTraces(shapes, [...read, ...assembler.flush()]);
    const found: Record<string, Record<string, unknown>> = {};
    for (const [name, id] of operations) {
      const { children = [], calls = 0, follows = [], droppedChildren } = shapes.merged(id, '1.0.0') ?? {};
      assert.equal(droppedChildren, 0);
      if (children.length > 0)
        found[name] = Object.fromEntries(
          children.map(({ key, counts }) => [key, Object.fromEntries(counts)]),
        );
      for (const child of children) {
        assert.equal(
          child.counts.reduce((sum, [times, count]) => sum + times * count, 0),
          child.total,
        );
        const sketch = createSketch();
        assert.ok(sketch.mergeBlob(child.latency));
        assert.equal(sketch.count(), child.total);
        assert.ok(child.total <= calls);
        assert.ok(follows.some(({ from, to }) => from === child.key || to === child.key));
      }
    }
    const expected = plainCounts(lines);
    assert.deepEqual(found, expected);
    assert.ok((expected['shop POST /api/orders']?.['client POST inventory /stock/query']?.[1] ?? 0) > 300);
  });

  it('name in every real recording no layer of a framework as a child', () => {
    for (const fixture of ['express4', 'express5', 'frameworks', 'collector']) {
      const shapes = createShapes();
      const operations = foldTraces(shapes, tracesOf(recordsOf(`${fixture}-traces.jsonl.gz`)));
      const keys = [...operations.values()].flatMap(
        (id) => shapes.merged(id, 'unversioned')?.children.map(({ key }) => key) ?? [],
      );
      assert.deepEqual(
        keys.filter((key) => /middleware|request handler|router|route-handler|patched/u.test(key)),
        [],
      );
      if (fixture === 'express5') {
        const proxied = shapes.merged(operations.get('shop-api GET /proxy/:id') ?? '', 'unversioned');
        assert.deepEqual(
          proxied?.children.map(({ key, total, counts }) => [key, total, counts]),
          [['client GET shop-api /api/users/:id', 72, [[1, 72]]]],
        );
      }
    }
  });
});
