import { Router } from 'express';
import { newOrder, OrderController } from '../controllers/order-controller.ts';
import { requireCustomer } from '../middleware/require-customer.ts';
import { jsonBody, validateBody } from '../middleware/body.ts';
import type { Services } from '../services.ts';

export function createOrderRouter(services: Services): Router {
  const controller = new OrderController(services);
  const orders = Router();
  orders.get('/', requireCustomer, controller.list.bind(controller));
  orders.post('/', requireCustomer, jsonBody, validateBody(newOrder), controller.place.bind(controller));
  orders.get('/:orderId', requireCustomer, controller.show.bind(controller));
  orders.post('/:orderId/cancel', requireCustomer, controller.cancel.bind(controller));
  return orders;
}
