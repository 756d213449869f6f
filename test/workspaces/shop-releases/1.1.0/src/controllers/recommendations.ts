import type { Request, Response } from 'express';
import { NotFoundError } from '../domain/errors.ts';
import { boughtTogether } from '../domain/order.ts';
import { sortProducts } from '../domain/product.ts';
import { servicesOf } from '../services.ts';

const usual = 4;

/** Products bought together with this one, filled up with the newest of the same category. */
export async function recommendProducts(
  request: Request<{ productId: string }, unknown, unknown, { limit?: string }>,
  response: Response,
): Promise<void> {
  const { products, orders } = servicesOf(request);
  const { productId } = request.params;
  const wanted = Math.min(Number(request.query.limit) || usual, 12);
  const product = await products.find(productId);
  if (!product) throw new NotFoundError('product', productId);
  const [ordersWithIt, sameCategory] = await Promise.all([
    orders.listWith(productId),
    products.list(product.category),
  ]);
  const together = await products.findMany(boughtTogether(ordersWithIt, productId, wanted));
  for (const candidate of sortProducts(sameCategory, 'newest')) {
    if (together.size >= wanted) break;
    if (candidate.id !== productId) together.set(candidate.id, candidate);
  }
  response.json({ productId, recommendations: [...together.values()] });
}
