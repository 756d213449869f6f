import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startShop, type TestShop } from './support/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

describe('GET /api/catalog/products', () => {
  it('pages through the whole catalogue, newest first', async () => {
    const response = await request(shop.app).get('/api/catalog/products?page=2').expect(200);
    expect(response.body).toMatchObject({ page: 2, pages: 10 });
    const added = response.body.products.map((product: { addedAt: string }) => product.addedAt);
    expect(added).toHaveLength(12);
    expect(added).toEqual(added.toSorted().toReversed());
  });

  it('keeps to one category and says how many pieces are left', async () => {
    const response = await request(shop.app)
      .get('/api/catalog/products?category=garden&sort=price')
      .expect(200);
    for (const product of response.body.products) {
      expect(product.category).toBe('garden');
      expect(product.available).toBe(shop.stock.levelOf(product.sku)?.available);
    }
  });

  it('falls back to the first page when the page is nonsense', async () => {
    const response = await request(shop.app).get('/api/catalog/products?page=minus-one').expect(200);
    expect(response.body.page).toBe(1);
  });
});

describe('GET /api/catalog/products/:productId', () => {
  it('shows one product with its stock', async () => {
    const response = await request(shop.app).get('/api/catalog/products/prd-031').expect(200);
    expect(response.body).toMatchObject({
      id: 'prd-031',
      sku: 'DES-031',
      name: 'Steel Lamp',
      available: 118,
    });
  });
});
