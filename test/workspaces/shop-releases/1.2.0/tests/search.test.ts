import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startShop, type TestShop } from './support/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

describe('GET /api/catalog/search', () => {
  it('puts the product that has every word first', async () => {
    const response = await request(shop.app).get('/api/catalog/search?q=Oak%20kettle').expect(200);
    expect(response.body.query).toBe('oak kettle');
    expect(response.body.hits).toHaveLength(8);
    expect(response.body.hits[0]).toMatchObject({ name: 'Oak Kettle', score: 8 });
  });

  it('finds words that are still being typed', async () => {
    const response = await request(shop.app).get('/api/catalog/search?q=watering%20c').expect(200);
    for (const hit of response.body.hits.slice(0, 6)) expect(hit.name).toContain('Watering Can');
  });

  it('has no hits for nothing', async () => {
    await request(shop.app).get('/api/catalog/search?q=+').expect(200, { query: '', hits: [] });
  });
});
