import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createInventoryApp } from '../src/app.ts';
import { Stock } from '../src/stock.ts';

function warehouse() {
  const stock = new Stock([
    { sku: 'KIT-001', available: 3 },
    { sku: 'KIT-002', available: 8 },
  ]);
  return { stock, app: createInventoryApp(stock, () => Promise.resolve()) };
}

describe('stock', () => {
  it('answers for many skus at once and leaves out the unknown', async () => {
    const { app } = warehouse();
    const response = await request(app)
      .post('/stock/query')
      .send({ skus: ['KIT-002', 'XXX-000', 'KIT-001'] })
      .expect(200);
    expect(response.body.levels).toEqual([
      { sku: 'KIT-002', available: 8 },
      { sku: 'KIT-001', available: 3 },
    ]);
  });

  it('answers for one sku', async () => {
    const { app } = warehouse();
    await request(app).get('/stock/KIT-001').expect(200, { sku: 'KIT-001', available: 3 });
    await request(app).get('/stock/XXX-000').expect(404);
  });
});

describe('reservations', () => {
  it('hold all lines or none', async () => {
    const { app, stock } = warehouse();
    const lines = [
      { sku: 'KIT-002', quantity: 1 },
      { sku: 'KIT-001', quantity: 2 },
      { sku: 'KIT-001', quantity: 2 },
    ];
    await request(app).post('/reservations').send({ orderId: 'ord-1', lines }).expect(409);
    expect(stock.levelOf('KIT-002')).toEqual({ sku: 'KIT-002', available: 8 });
  });

  it('are given back by order', async () => {
    const { app, stock } = warehouse();
    const lines = [{ sku: 'KIT-001', quantity: 3 }];
    await request(app).post('/reservations').send({ orderId: 'ord-1', lines }).expect(201);
    await request(app).delete('/reservations/ord-1').expect(204);
    expect(stock.levelOf('KIT-001')).toEqual({ sku: 'KIT-001', available: 3 });
  });
});
