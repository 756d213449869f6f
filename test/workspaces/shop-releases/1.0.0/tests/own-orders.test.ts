import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startShop, type TestShop } from './support/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

describe('GET /api/orders', () => {
  it('lists the orders of who is signed in', async () => {
    const response = await request(shop.app).get('/api/orders').set('x-customer-id', 'cus-040').expect(200);
    expect(response.body.orders).toHaveLength(3);
  });

  it('wants somebody signed in', async () => {
    await request(shop.app).get('/api/orders').expect(401);
  });
});

describe('GET /api/orders/:orderId', () => {
  it('shows one of the own orders', async () => {
    const response = await request(shop.app)
      .get('/api/orders/ord-00040')
      .set('x-customer-id', 'cus-040')
      .expect(200);
    expect(response.body).toMatchObject({ id: 'ord-00040', customerId: 'cus-040', status: 'shipped' });
  });

  it('wants somebody signed in', async () => {
    await request(shop.app).get('/api/orders/ord-00040').expect(401);
  });
});
