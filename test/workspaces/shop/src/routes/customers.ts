import { Router } from 'express';
import { customerChanges, showCustomer, updateCustomer } from '../controllers/customers.ts';
import { jsonBody, validateBody } from '../middleware/body.ts';
import { createAddressRouter } from './addresses.ts';

export function createCustomerRouter(): Router {
  const customers = Router();
  customers
    .route('/:customerId')
    .get(showCustomer)
    .patch(jsonBody, validateBody(customerChanges), updateCustomer);
  customers.use('/:customerId/addresses', createAddressRouter());
  return customers;
}
