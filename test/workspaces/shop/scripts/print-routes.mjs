// Prints what Express itself will serve: each registration with its handlers and where V8 says they are written.
//   node scripts/print-routes.mjs [--json]
// Nothing is read from the sources' text, so this is the truth that a static index of the routes is held against.
import { join, relative, sep } from 'node:path';
import { createInventoryApp } from '../inventory/src/app.ts';
import { Stock } from '../inventory/src/stock.ts';
import { createApp } from '../src/app.ts';
import { createServices } from '../src/services.ts';
import { registrationsOf, rememberMountPaths } from './routes/express-routes.mjs';
import { locateFunctions } from './routes/function-locations.mjs';

const workspace = join(import.meta.dirname, '..');
rememberMountPaths();
const clock = { now: () => new Date(), sleep: async () => {} };
const shop = createApp(
  createServices({
    clock,
    random: Math.random,
    data: { products: [], customers: [], orders: [] },
    inventoryUrl: 'http://127.0.0.1:9',
    failureRates: { database: 0, paymentOutage: 0, paymentDecline: 0 },
  }),
);
const inventory = createInventoryApp(new Stock([]), async () => {});

const registrations = [
  ...registrationsOf(shop.router).map((registration) => ({ service: 'shop', ...registration })),
  ...registrationsOf(inventory.router).map((registration) => ({ service: 'inventory', ...registration })),
];
const locations = await locateFunctions(registrations.flatMap(({ handlers }) => handlers));
const rows = registrations.map(({ handlers, ...registration }) => ({
  ...registration,
  /** In the order they run; the last one of a route is its handler. */
  handlers: handlers.map((handler) => ({
    name: handler.name || '<anonymous>',
    ...whereIs(locations.shift()),
  })),
}));

function whereIs(location) {
  if (!location || location.file.includes(`${sep}node_modules${sep}`)) return {};
  return { ...location, file: relative(workspace, location.file).split(sep).join('/') };
}

if (process.argv.includes('--json')) {
  console.log(JSON.stringify(rows, undefined, 2));
} else {
  for (const { service, kind, method, route, handlers } of rows) {
    const chain = handlers
      .map(({ name, file, line }) => (file ? `${name} (${file}:${line})` : name))
      .join(', ');
    console.log([service, kind === 'route' ? method : kind, route, chain].join('\t'));
  }
}
