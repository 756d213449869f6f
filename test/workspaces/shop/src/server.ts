import { createApp } from './app.ts';
import { systemClock } from './runtime/clock.ts';
import { seededRandom } from './runtime/random.ts';
import { createServices } from './services.ts';
import { sampleData } from './storage/sample-data.ts';

const seed = Number(process.env['SHOP_SEED'] ?? 1);
const services = createServices({
  clock: systemClock,
  random: seededRandom(seed),
  data: sampleData(seed),
  inventoryUrl: process.env['INVENTORY_URL'] ?? 'http://127.0.0.1:4001',
  failureRates: { database: 0.001, paymentOutage: 0.01, paymentDecline: 0.03 },
});

const server = createApp(services).listen(Number(process.env['PORT'] ?? 4000), '127.0.0.1', (error) => {
  if (error) throw error;
  console.log('shop listens on', server.address());
});

process.once('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});
