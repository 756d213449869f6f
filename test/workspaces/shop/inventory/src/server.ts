import { createInventoryApp } from './app.ts';
import { seededRoundTrip } from './round-trip.ts';
import { openingLevels, Stock } from './stock.ts';

const roundTrip = seededRoundTrip(Number(process.env['INVENTORY_SEED'] ?? 1));
const app = createInventoryApp(new Stock(openingLevels()), roundTrip);
const server = app.listen(Number(process.env['PORT'] ?? 4001), '127.0.0.1', (error) => {
  if (error) throw error;
  console.log('inventory listens on', server.address());
});

process.once('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});
