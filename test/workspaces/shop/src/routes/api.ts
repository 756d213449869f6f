import { Router } from 'express';
import type { Services } from '../services.ts';
import { createCatalogRouter } from './catalog.ts';
import { createCustomerRouter } from './customers.ts';
import { createOrderRouter } from './orders.ts';

export function createApiRouter(services: Services): Router {
  const api = Router();
  api.use('/catalog', createCatalogRouter());
  api.use('/customers', createCustomerRouter());
  api.use('/orders', createOrderRouter(services));
  return api;
}
