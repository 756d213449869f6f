import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startShop, type TestShop } from './support/shop.ts';

let shop: TestShop;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.close());

function order(productId: string, quantity: number) {
  return request(shop.app)
    .post('/api/orders')
    .set('x-customer-id', 'cus-020')
    .send({ lines: [{ productId, quantity }] });
}

describe('POST /api/orders', () => {
  it('places an order and holds the pieces', async () => {
    const before = shop.stock.levelOf('KIT-003')?.available ?? 0;
    const response = await order('prd-003', 2).expect(201);
    expect(response.headers['location']).toBe('/api/orders/ord-00601');
    expect(response.body).toMatchObject({ status: 'placed', customerId: 'cus-020' });
    expect(shop.stock.levelOf('KIT-003')?.available).toBe(before - 2);
  });

  it('refuses more than the warehouse has', async () => {
    expect(shop.stock.levelOf('KIT-006')?.available).toBe(6);
    const response = await order('prd-006', 7).expect(409);
    expect(response.body.error.details).toEqual([{ productId: 'prd-006', available: 6 }]);
    expect(shop.stock.levelOf('KIT-006')?.available).toBe(6);
  });

  it('wants a customer, a quantity and a known product', async () => {
    await request(shop.app)
      .post('/api/orders')
      .send({ lines: [{ productId: 'prd-003', quantity: 1 }] })
      .expect(401);
    await order('prd-003', 0).expect(422);
    await order('prd-900', 1).expect(422);
  });

  it('gives the pieces back when the payment is declined', async () => {
    await shop.close();
    shop = await startShop({ paymentDecline: 1 });
    const before = shop.stock.levelOf('KIT-003')?.available;
    await order('prd-003', 2).expect(402);
    expect(shop.stock.levelOf('KIT-003')?.available).toBe(before);
  });
});

describe('POST /api/orders/:orderId/cancel', () => {
  it('gives the pieces back, once', async () => {
    const before = shop.stock.levelOf('KIT-003')?.available;
    const placed = await order('prd-003', 2).expect(201);
    const cancel = () =>
      request(shop.app).post(`/api/orders/${placed.body.id}/cancel`).set('x-customer-id', 'cus-020');
    const cancelled = await cancel().expect(200);
    expect(cancelled.body.status).toBe('cancelled');
    expect(shop.stock.levelOf('KIT-003')?.available).toBe(before);
    await cancel().expect(409);
  });
});
