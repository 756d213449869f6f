import type { Product } from './product.ts';

export type OrderStatus = 'placed' | 'shipped' | 'cancelled';

export interface OrderLine {
  readonly productId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly unitPriceCents: number;
}

export interface Order {
  readonly id: string;
  readonly customerId: string;
  readonly status: OrderStatus;
  readonly lines: readonly OrderLine[];
  readonly shippingCents: number;
  readonly totalCents: number;
  readonly placedAt: Date;
}

const freeShippingFromCents = 50_00;
const shippingFeeCents = 4_90;

/** Prices the lines as of now; later price changes do not touch an order. */
export function priceLines(
  wanted: readonly { readonly productId: string; readonly quantity: number }[],
  products: ReadonlyMap<string, Product>,
): OrderLine[] {
  return wanted.flatMap(({ productId, quantity }) => {
    const product = products.get(productId);
    if (!product) return [];
    return [{ productId, sku: product.sku, quantity, unitPriceCents: product.priceCents }];
  });
}

export function totalsOf(lines: readonly OrderLine[]): { shippingCents: number; totalCents: number } {
  const goodsCents = lines.reduce((sum, line) => sum + line.quantity * line.unitPriceCents, 0);
  const shippingCents = goodsCents >= freeShippingFromCents ? 0 : shippingFeeCents;
  return { shippingCents, totalCents: goodsCents + shippingCents };
}

/** Ids of the products most often bought together with `productId`, the most frequent first. */
export function boughtTogether(orders: readonly Order[], productId: string, limit: number): string[] {
  const times = new Map<string, number>();
  for (const order of orders) {
    if (!order.lines.some((line) => line.productId === productId)) continue;
    for (const line of order.lines) {
      if (line.productId !== productId) times.set(line.productId, (times.get(line.productId) ?? 0) + 1);
    }
  }
  return [...times]
    .toSorted(([leftId, left], [rightId, right]) => right - left || leftId.localeCompare(rightId))
    .slice(0, limit)
    .map(([id]) => id);
}
