import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  assertWithin,
  hoverCell,
  hoverOver,
  lensesOf,
  openSource,
  pause,
  readDuration,
  until,
  workspaceRoot,
} from '../editor.ts';
import { percentile, randomCalls, randomFrom, telemetryLines, type RouteCall } from '../telemetry.ts';

const seed = Number(process.env['SUTURE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const random = randomFrom(seed);
const endMs = Date.now() - 60_000;
const source = { service: 'shop', release: `9.9.${String(seed)}`, salt: String(seed) };
const between = (low: number, high: number): number => low + random() * (high - low);

/** An inline handler, an imported one and a method, each with where its figures must show. */
const routes = [
  { method: 'GET', route: '/health', path: 'src/app.ts', at: "'/health'" },
  {
    method: 'GET',
    route: '/api/catalog/products/:productId',
    path: 'src/controllers/products.ts',
    at: 'showProduct',
  },
  { method: 'GET', route: '/api/orders/:orderId', path: 'src/controllers/order-controller.ts', at: 'show(' },
].map((route) => ({
  ...route,
  calls: randomCalls(random, {
    ...route,
    count: Math.floor(between(150, 400)),
    medianMs: between(5, 80),
    errorRate: between(0.02, 0.2),
    endMs,
  }),
}));

async function lensOf(
  route: { readonly method: string; readonly route: string; readonly path: string },
  path = route.path,
) {
  const lens = (await lensesOf(path)).find(({ id }) => id.endsWith(`@${route.method} ${route.route}`));
  assert.ok(lens, `no lens of ${route.route} in ${path}`);
  return lens;
}

function assertLens(title: string, calls: readonly RouteCall[]): void {
  assertWithin(readDuration(title, 'p95'), percentile(calls, 0.95), 0.01, 'p95 of the lens');
  const failed = calls.filter((call) => call.failed).length;
  const percent = Number(/([\d.]+) % errors/.exec(title)?.[1]);
  assertWithin(percent, (100 * failed) / calls.length, 0.01, 'errors of the lens');
}

describe(`figures of telemetry written with seed ${String(seed)}`, () => {
  it('are of enough calls and failures, and differ from route to route', () => {
    for (const { calls } of routes) {
      assert.ok(calls.length >= 100, 'a lens shows the sample size of fewer');
      assert.ok(calls.some(({ failed }) => failed));
    }
    assert.equal(new Set(routes.map(({ calls }) => percentile(calls, 0.95))).size, routes.length);
  });

  const file = join(workspaceRoot(), '.telemetry', 'e2e.jsonl');

  before(() => {
    mkdirSync(join(workspaceRoot(), '.telemetry'), { recursive: true });
    writeFileSync(
      file,
      telemetryLines(
        routes.flatMap((route) => route.calls),
        source,
      ),
    );
  });

  for (const route of routes) {
    it(`are in the lens of ${route.method} ${route.route}`, async () => {
      await openSource(route.path);
      await until(
        () => lensOf(route),
        ({ title }) => {
          assertLens(title, route.calls);
        },
      );
    });

    it(`are in the hover of ${route.method} ${route.route}`, async () => {
      const text = await until(
        () => hoverOver(route.path, route.at),
        (shown) => {
          assert.ok(shown.includes(source.release.replaceAll('.', '\\.')), shown);
        },
      );
      for (const [name, share] of [
        ['p50', 0.5],
        ['p95', 0.95],
        ['p99', 0.99],
        ['max', 1],
      ] as const) {
        assertWithin(
          readDuration(`${name} ${hoverCell(text, name)}`, name),
          percentile(route.calls, share),
          0.01,
          name,
        );
      }
      assert.equal(hoverCell(text, 'n'), String(route.calls.length));
      const failed = route.calls.filter((call) => call.failed).length;
      assert.ok(text.includes(`- ${String(failed)} × StockError: out of stock`), text);
    });
  }

  it('stand at the registration of an imported handler too', async () => {
    const route = routes[1];
    assert.ok(route);
    await openSource('src/routes/catalog.ts');
    await until(
      () => lensOf(route, 'src/routes/catalog.ts'),
      ({ title }) => {
        assertLens(title, route.calls);
      },
    );
  });

  it('follow telemetry that is appended, half a line first', async () => {
    const route = routes[0];
    assert.ok(route);
    const more = randomCalls(random, { ...route, count: 120, medianMs: 400, errorRate: 0.5, endMs });
    const lines = telemetryLines(more, { ...source, salt: `${source.salt} more` });
    const cut = Math.floor(lines.length / 3);
    await openSource(route.path);
    assertLens((await lensOf(route)).title, route.calls);
    const p95 = percentile([...route.calls, ...more], 0.95);
    assert.ok(p95 > 1.1 * percentile(route.calls, 0.95), 'what is appended must show');
    appendFileSync(file, lines.slice(0, cut));
    await pause(300);
    appendFileSync(file, lines.slice(cut));
    await openSource(route.path);
    await until(
      () => lensOf(route),
      ({ title }) => {
        assertLens(title, [...route.calls, ...more]);
      },
    );
  });
});
