import { randomUUID } from 'node:crypto';
import { Router, type Request } from 'express';
import { z } from 'zod';
import { samePlace, type Customer } from '../domain/customer.ts';
import { ConflictError, NotFoundError } from '../domain/errors.ts';
import { jsonBody, validateBody } from '../middleware/body.ts';
import { servicesOf } from '../services.ts';

const newAddress = z.object({
  label: z.string().trim().min(1).default('Home'),
  street: z.string().trim().min(1),
  city: z.string().trim().min(1),
  postalCode: z.string().regex(/^[0-9A-Z -]{3,10}$/),
  country: z.string().regex(/^[A-Z]{2}$/, 'Two capital letters, as in PT'),
});

/** The address book of one customer; mounted below `/:customerId`, whose parameter it reads. */
export function createAddressRouter(): Router {
  const addresses = Router({ mergeParams: true });

  addresses.get('/', async (request: Request<{ customerId: string }>, response) => {
    const customer = await addressBookOwner(request);
    // Home before Office before Parents, however they were added.
    const byLabel = customer.addresses.toSorted((left, right) => left.label.localeCompare(right.label));
    response.json({ addresses: byLabel });
  });

  addresses.post(
    '/',
    jsonBody,
    validateBody(newAddress),
    async (request: Request<{ customerId: string }>, response) => {
      const customer = await addressBookOwner(request);
      const wanted = request.body as z.infer<typeof newAddress>;
      const known = customer.addresses.find((address) => samePlace(address, wanted));
      if (known)
        throw new ConflictError('address_known', `This is the address ${known.label}`, { id: known.id });
      const address = { id: `adr-${randomUUID()}`, ...wanted };
      await servicesOf(request).customers.save({ ...customer, addresses: [...customer.addresses, address] });
      response.status(201).json(address);
    },
  );

  addresses.delete(
    '/:addressId',
    async (request: Request<{ customerId: string; addressId: string }>, response) => {
      const customer = await addressBookOwner(request);
      const { addressId } = request.params;
      const remaining = customer.addresses.filter((address) => address.id !== addressId);
      if (remaining.length === customer.addresses.length) throw new NotFoundError('address', addressId);
      await servicesOf(request).customers.save({ ...customer, addresses: remaining });
      response.status(204).end();
    },
  );

  return addresses;
}

async function addressBookOwner(request: Request<{ customerId: string }>): Promise<Customer> {
  const { customerId } = request.params;
  const customer = await servicesOf(request).customers.find(customerId);
  if (!customer) throw new NotFoundError('customer', customerId);
  return customer;
}
