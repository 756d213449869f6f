import { Router } from 'express';
import { z } from 'zod';
import type { RoundTrip } from './round-trip.ts';
import type { Stock } from './stock.ts';

const newReservation = z.object({
  orderId: z.string().min(1),
  lines: z.array(z.object({ sku: z.string(), quantity: z.int().min(1) })).min(1),
});

export function createReservationRouter(stock: Stock, roundTrip: RoundTrip): Router {
  const reservations = Router();

  reservations.post('/', async function createReservation(request, response) {
    const parsed = newReservation.safeParse(request.body);
    if (!parsed.success) {
      response.status(422).json({ error: { code: 'invalid_body', details: parsed.error.issues } });
      return;
    }
    await roundTrip(5);
    const short = stock.reserve(parsed.data.orderId, parsed.data.lines);
    if (short.length > 0) {
      response.status(409).json({ error: { code: 'out_of_stock', details: short } });
      return;
    }
    response.status(201).json(parsed.data);
  });

  reservations.delete('/:orderId', async function releaseReservation(request, response) {
    await roundTrip(4);
    stock.release(request.params.orderId);
    response.status(204).end();
  });

  return reservations;
}
