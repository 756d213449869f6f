import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { createInventoryApp } from '../../inventory/src/app.ts';
import { openingLevels, Stock } from '../../inventory/src/stock.ts';
import { createApp } from '../../src/app.ts';
import type { Clock } from '../../src/runtime/clock.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { createServices, type Services } from '../../src/services.ts';
import { sampleData } from '../../src/storage/sample-data.ts';

export const testClock: Clock = {
  now: () => new Date('2026-11-02T09:30:00Z'),
  sleep: () => Promise.resolve(),
};

export interface TestShop {
  readonly app: Express;
  readonly services: Services;
  readonly stock: Stock;
  close(): Promise<void>;
}

/** A shop with sample data and a real inventory beside it, but without waiting and without bad luck. */
export async function startShop(options: { readonly paymentDecline?: number } = {}): Promise<TestShop> {
  const stock = new Stock(openingLevels());
  const server = createInventoryApp(stock, () => Promise.resolve()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const services = createServices({
    clock: testClock,
    random: seededRandom(7),
    data: sampleData(7),
    inventoryUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failureRates: { database: 0, paymentOutage: 0, paymentDecline: options.paymentDecline ?? 0 },
  });
  return {
    app: createApp(services),
    services,
    stock,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
