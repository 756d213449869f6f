import type { Request, Response } from 'express';
import { z } from 'zod';
import { ConflictError, NotFoundError } from '../domain/errors.ts';
import { servicesOf } from '../services.ts';

export const customerChanges = z
  .object({ name: z.string().trim().min(1), email: z.email().toLowerCase(), newsletter: z.boolean() })
  .partial();

export async function showCustomer(
  request: Request<{ customerId: string }>,
  response: Response,
): Promise<void> {
  const customer = await servicesOf(request).customers.find(request.params.customerId);
  if (!customer) throw new NotFoundError('customer', request.params.customerId);
  const { addresses, ...profile } = customer;
  response.json({ ...profile, addressCount: addresses.length });
}

export async function updateCustomer(
  request: Request<{ customerId: string }, unknown, z.infer<typeof customerChanges>>,
  response: Response,
): Promise<void> {
  const { customers } = servicesOf(request);
  const customer = await customers.find(request.params.customerId);
  if (!customer) throw new NotFoundError('customer', request.params.customerId);
  const changes = request.body;
  if (changes.email && changes.email !== customer.email) {
    const owner = await customers.findByEmail(changes.email);
    if (owner) throw new ConflictError('email_taken', `${changes.email} belongs to another account`);
  }
  const updated = {
    ...customer,
    name: changes.name ?? customer.name,
    email: changes.email ?? customer.email,
    newsletter: changes.newsletter ?? customer.newsletter,
  };
  await customers.save(updated);
  response.json({ id: updated.id, name: updated.name, email: updated.email, newsletter: updated.newsletter });
}
