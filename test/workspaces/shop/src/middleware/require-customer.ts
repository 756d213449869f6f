import type { NextFunction, Request, Response } from 'express';
import type { Customer } from '../domain/customer.ts';
import { UnauthenticatedError } from '../domain/errors.ts';
import { servicesOf } from '../services.ts';

/** Lets signed-in customers through; the gateway in front of us has checked the session and names the customer. */
export async function requireCustomer(
  request: Request,
  response: Response,
  next: NextFunction,
): Promise<void> {
  const customerId = request.get('x-customer-id');
  const customer = customerId ? await servicesOf(request).customers.find(customerId) : undefined;
  if (!customer) throw new UnauthenticatedError();
  response.locals['customer'] = customer;
  next();
}

/** The customer that {@link requireCustomer} let through. */
export function currentCustomer(response: Pick<Response, 'locals'>): Customer {
  return response.locals['customer'] as Customer;
}
