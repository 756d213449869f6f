import { zipf } from './random.mjs';

const productCount = 120;
const customerCount = 200;
const categories = ['kitchen', 'desk', 'garden', 'travel'];
const typed = [
  'oak kettle',
  'steel bottle',
  'linen',
  'copper lamp',
  'walnut desk mat',
  'umbrella',
  'ceramic planter',
];
const strays = ['/favicon.ico', '/robots.txt', '/wp-login.php', '/.env', '/api/v2/orders'];

const closedAccounts = ['cus-231', 'cus-246', 'cus-260', 'cus-275', 'cus-288'];

const popularity = zipf(productCount);
/** The most wanted product is not the first of the catalogue: ranks are spread over it. */
const productId = (random) =>
  `prd-${String(((popularity(random) * 37) % productCount) + 1).padStart(3, '0')}`;
const customerId = (number) => `cus-${String((number % customerCount) + 1).padStart(3, '0')}`;
const anyCustomer = (random) => customerId(Math.floor(random() * customerCount));
const oneOf = (random, items) => items[Math.floor(random() * items.length)];

/** Looks through the catalogue; now and then an old link leads to a product that is gone. */
async function browse({ call, think, random }) {
  const query = new URLSearchParams({ page: String(1 + Math.floor(random() * 3)) });
  if (random() < 0.6) query.set('category', oneOf(random, categories));
  await call('GET', `/api/catalog/products?${query}`);
  await think();
  const product = random() < 0.03 ? 'prd-900' : productId(random);
  await Promise.all([
    call('GET', `/api/catalog/products/${product}`),
    call('GET', `/api/catalog/products/${product}/recommendations`),
  ]);
}

async function search({ call, think, random }) {
  const words = oneOf(random, typed);
  for (const share of [0.4, 0.7, 1]) {
    const soFar = words.slice(0, Math.ceil(words.length * share));
    await call('GET', `/api/catalog/search?${new URLSearchParams({ q: soFar })}`);
    await think();
  }
}

async function editAccount({ call, think, random }) {
  const customer = anyCustomer(random);
  await call('GET', `/api/customers/${random() < 0.02 ? 'cus-999' : customer}`);
  await think();
  const dice = random();
  if (dice < 0.05) await call('PATCH', `/api/customers/${customer}`, { body: { email: 'not an address' } });
  else if (dice < 0.1)
    await call('PATCH', `/api/customers/${customer}`, { body: { email: 'ada.almeida.001@example.com' } });
  else await call('PATCH', `/api/customers/${customer}`, { body: { newsletter: random() < 0.5 } });
}

async function editAddresses({ call, think, random, index }) {
  const customer = anyCustomer(random);
  const book = `/api/customers/${customer}/addresses`;
  const listed = await call('GET', book);
  await think();
  const address = {
    label: 'Work',
    street: `${index} Station Road`,
    city: 'Utrecht',
    postalCode: '3511',
    country: 'NL',
  };
  const dice = random();
  if (dice < 0.06) address.country = 'Netherlands';
  else if (dice < 0.11 && listed.body?.addresses?.[0]) Object.assign(address, listed.body.addresses[0]);
  const added = await call('POST', book, { body: address });
  await think();
  await call('DELETE', `${book}/${added.status === 201 ? added.body.id : 'adr-gone'}`);
}

/** The app fetches the address book at every start, also for some who closed their account and keep the app. */
async function syncAddresses({ call, random }) {
  const customer = random() < 0.35 ? oneOf(random, closedAccounts) : anyCustomer(random);
  await call('GET', `/api/customers/${customer}/addresses`);
}

async function buy({ call, think, random }) {
  const customer = random() < 0.02 ? undefined : anyCustomer(random);
  const lines = Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
    productId: productId(random),
    quantity: 1 + Math.floor(random() * 2),
  }));
  if (random() < 0.03) lines[0].quantity = 0;
  if (random() < 0.02) lines[0].productId = 'prd-900';
  const placed = await call('POST', '/api/orders', { customer, body: { lines } });
  if (placed.status !== 201) return;
  await think();
  await call('GET', `/api/orders/${placed.body.id}`, { customer });
}

/** Looks at the own orders and regrets one; some regret too late. */
async function cancelOrder({ call, think, random, index }) {
  const customer = customerId(index);
  const listed = await call('GET', '/api/orders', { customer });
  await think();
  const orders = listed.body?.orders ?? [];
  const dice = random();
  const wanted = orders.find(({ status }) => (dice < 0.06 ? status === 'shipped' : status === 'placed'));
  const order = dice > 0.98 ? 'ord-00000' : (wanted?.id ?? 'ord-00000');
  if (random() < 0.5) await call('GET', `/api/orders/${order}`, { customer });
  await think();
  await call('POST', `/api/orders/${order}/cancel`, { customer });
}

async function healthCheck({ call }) {
  await call('GET', '/health');
}

async function stray({ call, random }) {
  await call('GET', oneOf(random, strays));
}

/** Each journey and how often it is made at `--scale 1`. */
export const journeys = [
  { run: browse, times: 320 },
  { run: search, times: 300 },
  { run: editAccount, times: 310 },
  { run: editAddresses, times: 310 },
  { run: buy, times: 380 },
  { run: cancelOrder, times: 370 },
  { run: healthCheck, times: 310 },
  { run: stray, times: 30 },
  // Since the app of 1.1.0; earlier traffic has none of it unless asked for.
  { run: syncAddresses, times: 300 },
];
