import type { Request } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderController } from '../src/controllers/order-controller.ts';
import { NotFoundError } from '../src/domain/errors.ts';
import { recordedResponse } from './support/response.ts';
import { startShop, type TestShop } from './support/shop.ts';

let shop: TestShop;
let controller: OrderController;
beforeAll(async () => {
  shop = await startShop();
  controller = new OrderController(shop.services);
});
afterAll(() => shop.close());

function requestFor(orderId: string): Request<{ orderId: string }> {
  return { params: { orderId } } as unknown as Request<{ orderId: string }>;
}

describe('OrderController', () => {
  it('lists the own orders, newest first', async () => {
    const { response, sent } = recordedResponse({ customer: { id: 'cus-001' } });
    await controller.list({} as Request, response);
    const { orders } = sent.body as { orders: { id: string; status: string }[] };
    expect(orders.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'ord-00401 placed',
      'ord-00201 placed',
      'ord-00001 shipped',
    ]);
  });

  it('shows an order to its owner', async () => {
    const { response, sent } = recordedResponse({ customer: { id: 'cus-001' } });
    await controller.show(requestFor('ord-00001'), response);
    expect(sent.body).toMatchObject({ id: 'ord-00001', customerId: 'cus-001' });
  });

  it('hides an order from everybody else', async () => {
    const { response } = recordedResponse({ customer: { id: 'cus-002' } });
    await expect(controller.show(requestFor('ord-00001'), response)).rejects.toThrow(NotFoundError);
  });
});
