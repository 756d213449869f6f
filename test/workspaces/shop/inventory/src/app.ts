import express, { type Express } from 'express';
import { createStockRouter } from './levels.ts';
import { createReservationRouter } from './reservations.ts';
import type { RoundTrip } from './round-trip.ts';
import type { Stock } from './stock.ts';

export function createInventoryApp(stock: Stock, roundTrip: RoundTrip): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json());
  app.use('/stock', createStockRouter(stock, roundTrip));
  app.use('/reservations', createReservationRouter(stock, roundTrip));
  return app;
}
