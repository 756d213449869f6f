import type { CauseFinder } from '../cause-finder.ts';

const products = `import { InventoryClient } from '../clients/inventory-client.ts';

const inventory = new InventoryClient('http://inventory');

export async function listProducts(request, response) {
  response.json(await withStock(['prd-001', 'prd-002']));
}

async function withStock(skus) {
  const rows = [];
  for (const sku of skus) {
    rows.push({ sku, available: await inventory.availableOf(sku) });
  }
  return rows;
}
`;

const client = `export class InventoryClient {
  constructor(baseUrl) {
    this.baseUrl = baseUrl;
  }

  async availableOf(sku) {
    const response = await fetch(new URL(\`/stock/\${sku}\`, this.baseUrl));
    const { available } = await response.json();
    return available;
  }
}
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

/** A listing that asks for the stock of each product, one after the other. */
export const awaitedCallExample: CauseFinder['example'] = {
  files: { 'src/controllers/products.js': products, 'src/clients/inventory-client.ts': client },
  input: {
    handler: {
      id: 'src/controllers/products.js#listProducts@GET /products',
      function: 'src/controllers/products.js#listProducts',
      kind: 'route',
      framework: 'express',
      method: 'GET',
      route: '/products',
      file: 'src/controllers/products.js',
      symbol: 'listProducts',
      start: { line: 5, column: 23 },
      end: { line: 7, column: 2 },
      registration: { file: 'src/routes.js', start: { line: 1, column: 1 } },
      resolved: true,
      plugin: 'controllers',
      package: 'shop',
      syntaxHash: '',
    },
    finding: {
      fingerprint: '00000000000000a1',
      kind: 'performance',
      detector: 'n-plus-one-call',
      operation,
      handlerId: 'src/controllers/products.js#listProducts@GET /products',
      severity: 'high',
      confidence: 0.9,
      message: 'GET inventory /stock/:sku is called 12 times per call of GET /products',
      release: '1.1.0',
      baselineRelease: '1.0.0',
      effect: {
        measure: 'calls of GET inventory /stock/:sku per call',
        unit: 'count',
        before: 0,
        after: 12,
        ratio: 12,
        low: 11,
        high: 12,
        n: 200,
        nBefore: 200,
      },
      evidence: [],
      subject: {
        k: 'repeated-call',
        childKey: 'client GET inventory /stock/:sku',
        childName: 'GET inventory /stock/:sku',
        perCall: 12,
        childP50Ms: 14,
      },
    },
  },
  at: 'src/controllers/products.js:11',
};
