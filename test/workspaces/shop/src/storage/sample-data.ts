import type { Customer } from '../domain/customer.ts';
import { priceLines, totalsOf, type Order, type OrderStatus } from '../domain/order.ts';
import type { Product } from '../domain/product.ts';
import { pick, seededRandom, type Random } from '../runtime/random.ts';

export interface SampleData {
  readonly products: readonly Product[];
  readonly customers: readonly Customer[];
  readonly orders: readonly Order[];
}

const ranges = {
  kitchen: ['Kettle', 'Skillet', 'Carafe', 'Grinder', 'Chopping Board'],
  desk: ['Lamp', 'Notebook', 'Pen Holder', 'Monitor Stand', 'Desk Mat'],
  garden: ['Planter', 'Trowel', 'Watering Can', 'Lantern', 'Bird Feeder'],
  travel: ['Backpack', 'Bottle', 'Packing Cube', 'Umbrella', 'Passport Case'],
} as const;
const materials = ['Steel', 'Oak', 'Walnut', 'Linen', 'Ceramic', 'Copper'];
const firstNames = ['Ada', 'Bruno', 'Chiara', 'Dana', 'Emil', 'Farah', 'Goran', 'Hana', 'Ivo', 'Jana'];
const lastNames = [
  'Almeida',
  'Berg',
  'Costa',
  'Dvorak',
  'Engel',
  'Fischer',
  'Garcia',
  'Horvat',
  'Ivanova',
  'Jansen',
];
const cities = [
  ['Lisbon', '1100-148', 'PT'],
  ['Vienna', '1070', 'AT'],
  ['Utrecht', '3511', 'NL'],
  ['Zagreb', '10000', 'HR'],
] as const;

const day = 24 * 60 * 60 * 1000;
const opened = Date.UTC(2026, 0, 5);

/** 120 products, 200 customers and 600 past orders; the same seed gives the same shop. */
export function sampleData(seed: number): SampleData {
  const random = seededRandom(seed);
  const products = sampleProducts(random);
  const customers = sampleCustomers(random);
  return { products, customers, orders: sampleOrders(random, products, customers) };
}

function sampleProducts(random: Random): Product[] {
  const products: Product[] = [];
  for (const [category, nouns] of Object.entries(ranges)) {
    for (const noun of nouns) {
      for (const material of materials) {
        const number = String(products.length + 1).padStart(3, '0');
        products.push({
          id: `prd-${number}`,
          sku: `${category.slice(0, 3)}-${number}`.toUpperCase(),
          name: `${material} ${noun}`,
          category,
          description: `${noun} of ${material.toLowerCase()}, made to last, for the ${category}.`,
          priceCents: 500 + Math.floor(random() * 95) * 100 + 90,
          addedAt: new Date(opened + Math.floor(random() * 300) * day),
        });
      }
    }
  }
  return products;
}

function sampleCustomers(random: Random): Customer[] {
  return Array.from({ length: 200 }, (_, index) => {
    const first = firstNames[index % 10] ?? '';
    const last = lastNames[Math.floor(index / 10) % 10] ?? '';
    const [city, postalCode, country] = pick(random, cities);
    const number = String(index + 1).padStart(3, '0');
    return {
      id: `cus-${number}`,
      name: `${first} ${last}`,
      email: `${first}.${last}.${number}@example.com`.toLowerCase(),
      newsletter: random() < 0.3,
      addresses: [
        {
          id: `adr-${number}-1`,
          label: 'Home',
          street: `${1 + index} Market Street`,
          city,
          postalCode,
          country,
        },
      ],
    };
  });
}

function sampleOrders(random: Random, products: readonly Product[], customers: readonly Customer[]): Order[] {
  const byId = new Map(products.map((product) => [product.id, product]));
  return Array.from({ length: 600 }, (_, index) => {
    const wanted = Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({
      productId: pick(random, products).id,
      quantity: 1 + Math.floor(random() * 2),
    }));
    const lines = priceLines(wanted, byId);
    return {
      id: `ord-${String(index + 1).padStart(5, '0')}`,
      customerId: customers[index % customers.length]?.id ?? '',
      status: sampleStatus(index),
      lines,
      ...totalsOf(lines),
      placedAt: new Date(opened + Math.floor((index / 600) * 300) * day),
    };
  });
}

/** Every customer has one shipped order and two that can still be cancelled. */
function sampleStatus(index: number): OrderStatus {
  return index < 200 ? 'shipped' : 'placed';
}
