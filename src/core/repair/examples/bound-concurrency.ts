import type { Recipe } from '../recipe.ts';

const client = `export class InventoryClient {
  async availableOf(sku: string): Promise<number> {
    const response = await fetch(\`http://inventory.example/stock/\${sku}\`);
    const { available } = (await response.json()) as { available: number };
    return available;
  }
}
`;

const before = `import { InventoryClient } from './inventory-client.ts';

export interface Product {
  readonly id: string;
  readonly sku: string;
}

const inventory = new InventoryClient();

/** Every product with what is left of it. */
export async function withStock(products: readonly Product[]) {
  const stocked: (Product & { available: number })[] = [];
  for (const product of products) {
    const available = await inventory.availableOf(product.sku);
    stocked.push({ ...product, available });
  }
  return stocked;
}
`;

const after = `import { InventoryClient } from './inventory-client.ts';

export interface Product {
  readonly id: string;
  readonly sku: string;
}

const inventory = new InventoryClient();

/** Every product with what is left of it. */
export async function withStock(products: readonly Product[]) {
  const stocked: (Product & { available: number })[] = await mapConcurrently(products, 6, async (product) => {
    const available = await inventory.availableOf(product.sku);
    return { ...product, available };
  });
  return stocked;
}

/**
 * Does \`work\` for every item, at most \`limit\` at a time. Results keep the order of the items. After a
 * failure nothing new is started, and of several failures the one of the first item is thrown.
 */
async function mapConcurrently<T, R>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures = new Map<number, unknown>();
  const waiting = [...items].entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (failures.size > 0) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failures.set(index, error);
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
  return results;
}
`;

const app = `import express from 'express';
import { withStock } from './products.ts';

export const app = express();

app.get('/products', listProducts);
app.get('/health', showHealth);

export async function listProducts(_request: unknown, response: { json(body: unknown): void }): Promise<void> {
  response.json(await withStock([{ id: 'prd-1', sku: 'tea-1' }, { id: 'prd-2', sku: 'tea-2' }]));
}

export function showHealth(_request: unknown, response: { json(body: unknown): void }): void {
  response.json({ status: 'ok' });
}
`;

const neighbour = `import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { app } from '../src/app.ts';

describe('GET /health', () => {
  it('answers', async () => {
    const response = await request(app).get('/health');
    expect(response.status).toBe(200);
  });
});
`;

const test = `import request from 'supertest';
import { describe, expect, it, vi } from 'vitest';
import { app } from '../src/app.ts';
import { InventoryClient } from '../src/inventory-client.ts';

describe('GET /products', () => {
  it('has several calls of availableOf under way, at most 6, and answers in the same order', async () => {
    const undisturbed = await request(app).get('/products?page=2');
    expect(undisturbed.status).toBe(200);
    const original = InventoryClient.prototype.availableOf;
    let started = 0;
    let underWay = 0;
    let most = 0;
    const spy = vi.spyOn(InventoryClient.prototype, 'availableOf');
    spy.mockImplementation(async function (this: InventoryClient, ...args) {
      underWay += 1;
      most = Math.max(most, underWay);
      // The later a call starts, the sooner it is answered: order must not come by luck.
      const pause = Math.max(2, 30 - 3 * started);
      started += 1;
      await new Promise((resolve) => setTimeout(resolve, pause));
      try {
        return await original.apply(this, args);
      } finally {
        underWay -= 1;
      }
    });
    const answer = await request(app).get('/products?page=2');
    spy.mockRestore();

    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(6);
    expect(answer.status).toBe(undisturbed.status);
    expect(answer.text).toBe(undisturbed.text);
  });
});
`;

const operation = {
  id: 'shop|GET /products',
  service: 'shop',
  environment: '',
  kind: 'http',
  method: 'GET',
  route: '/products',
  name: 'GET /products',
} as const;

const child = { key: 'client GET inventory /stock/:sku', name: 'GET inventory /stock/:sku' } as const;
const effect = {
  measure: `calls of ${child.name} per call`,
  unit: 'count',
  before: 0,
  after: 12,
  ratio: 12,
  low: 11,
  high: 12,
  n: 200,
  nBefore: 200,
} as const;

const shape = {
  operationId: operation.id,
  release: '1.1.0',
  startMs: 0,
  calls: 200,
  children: [],
  droppedChildren: 0,
  follows: [],
  attributes: [],
  samples: [
    {
      method: 'GET',
      path: '/products',
      query: 'page=2',
      statusCode: 200,
      outcome: 'ok',
      durationMs: 190,
      startMs: 0,
      traceId: '0af7651916cd43dd8448eb211c80319c',
    },
  ],
} as const;

const handlerId = 'src/app.ts#listProducts@GET /products';
const others = {
  'package.json':
    '{ "name": "listing", "type": "module", "dependencies": { "express": "*" }, "devDependencies": { "vitest": "*" } }\n',
  'src/inventory-client.ts': client,
  'src/app.ts': app,
  'tests/health.test.ts': neighbour,
};

/** A listing that asks for the stock of each product, one after the other. */
export const boundConcurrencyExample: Recipe['example'] = {
  before: { ...others, 'src/products.ts': before },
  after: { ...others, 'src/products.ts': after, 'tests/list-products.test.ts': test },
  input: {
    handler: {
      id: handlerId,
      function: 'src/app.ts#listProducts',
      kind: 'route',
      framework: 'express',
      method: 'GET',
      route: '/products',
      file: 'src/app.ts',
      symbol: 'listProducts',
      start: { line: 9, column: 23 },
      end: { line: 11, column: 2 },
      registration: { file: 'src/app.ts', start: { line: 6, column: 1 } },
      resolved: true,
      plugin: 'src',
      package: 'shop',
      syntaxHash: '',
    },
    cause: {
      cause: 'awaited-call-in-loop',
      message: 'withStock awaits inventory.availableOf in every round of a loop.',
      score: 0.9,
      site: {
        file: 'src/products.ts',
        start: { line: 13, column: 3 },
        end: { line: 16, column: 4 },
        symbol: 'withStock',
      },
      evidence: [],
      detail: {
        k: 'awaited-call-in-loop',
        callee: 'inventory.availableOf',
        call: {
          file: 'src/products.ts',
          start: { line: 14, column: 29 },
          end: { line: 14, column: 63 },
          symbol: 'withStock',
        },
        definition: {
          file: 'src/inventory-client.ts',
          start: { line: 2, column: 3 },
          end: { line: 6, column: 4 },
          symbol: 'InventoryClient.availableOf',
        },
      },
    },
    finding: {
      fingerprint: '00000000000000a1',
      kind: 'performance',
      detector: 'n-plus-one-call',
      operation,
      handlerId,
      severity: 'high',
      confidence: 0.9,
      message: `${child.name} is called 12 times per call of GET /products`,
      release: '1.1.0',
      baselineRelease: '1.0.0',
      effect,
      evidence: [],
      subject: {
        k: 'repeated-call',
        childKey: child.key,
        childName: child.name,
        perCall: 12,
        childP50Ms: 14,
      },
    },
    comparison: {
      operation,
      handlerId,
      now: {
        release: '1.1.0',
        calls: 200,
        errors: 0,
        clientErrors: 0,
        fromMs: 0,
        toMs: 300_000,
        latency: [],
        errorGroups: [],
        shape,
      },
      before: null,
    },
  },
};
