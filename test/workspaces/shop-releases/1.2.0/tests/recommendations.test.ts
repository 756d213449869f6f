import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startShop, type TestShop } from './support/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

describe('GET /api/catalog/products/:productId/recommendations', () => {
  it('puts what is bought together first', async () => {
    for (let times = 0; times < 5; times++) {
      await request(shop.app)
        .post('/api/orders')
        .set('x-customer-id', 'cus-030')
        .send({ lines: ['prd-003', 'prd-094'].map((productId) => ({ productId, quantity: 1 })) })
        .expect(201);
    }
    const response = await request(shop.app).get('/api/catalog/products/prd-003/recommendations').expect(200);
    const ids = response.body.recommendations.map((product: { id: string }) => product.id);
    expect(ids[0]).toBe('prd-094');
    expect(ids).toHaveLength(4);
    expect(ids).not.toContain('prd-003');
  });

  it('gives as many as asked for', async () => {
    const response = await request(shop.app)
      .get('/api/catalog/products/prd-003/recommendations?limit=7')
      .expect(200);
    expect(response.body.recommendations).toHaveLength(7);
  });

  it('has none for a product that is gone', async () => {
    await request(shop.app).get('/api/catalog/products/prd-900/recommendations').expect(404);
  });
});
