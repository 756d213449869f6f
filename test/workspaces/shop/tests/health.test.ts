import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startShop, type TestShop } from './support/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

describe('GET /health', () => {
  it('answers with the time of the service', async () => {
    const response = await request(shop.app).get('/health').expect(200);
    expect(response.body).toMatchObject({ status: 'ok', time: '2026-11-02T09:30:00.000Z' });
  });
});

describe('a path that nobody serves', () => {
  it('is a 404 with a request id', async () => {
    const response = await request(shop.app).get('/wp-login.php').set('x-request-id', 'case-17').expect(404);
    expect(response.headers['x-request-id']).toBe('case-17');
    expect(response.body.error.code).toBe('not_found');
  });
});
