import { Router } from 'express';
import { z } from 'zod';
import type { RoundTrip } from './round-trip.ts';
import type { Stock } from './stock.ts';

const stockQuery = z.object({ skus: z.array(z.string()).max(100) });

export function createStockRouter(stock: Stock, roundTrip: RoundTrip): Router {
  const levels = Router();

  levels.post('/query', async function queryLevels(request, response) {
    const parsed = stockQuery.safeParse(request.body);
    if (!parsed.success) {
      response.status(422).json({ error: { code: 'invalid_body', details: parsed.error.issues } });
      return;
    }
    await roundTrip(4);
    response.json({ levels: stock.levelsOf(parsed.data.skus) });
  });

  levels.get('/:sku', async function showLevel(request, response) {
    await roundTrip(2);
    const level = stock.levelOf(request.params.sku);
    if (!level) {
      response
        .status(404)
        .json({ error: { code: 'not_found', message: `There is no sku ${request.params.sku}` } });
      return;
    }
    response.json(level);
  });

  return levels;
}
