import type { Request, Response } from 'express';
import { z } from 'zod';
import { NotFoundError } from '../domain/errors.ts';
import { productOrders, sortProducts } from '../domain/product.ts';
import { servicesOf } from '../services.ts';

const listing = z.object({
  category: z.string().optional(),
  sort: z.enum(productOrders).catch('newest'),
  page: z.coerce.number().int().min(1).catch(1),
  size: z.coerce.number().int().min(1).max(60).catch(12),
});

/** One page of the catalogue, each product with what is left of it in the warehouse. */
export async function listProducts(request: Request, response: Response): Promise<void> {
  const { products, inventory } = servicesOf(request);
  const { category, sort, page, size } = listing.parse(request.query);
  const matching = sortProducts(await products.list(category), sort);
  const shown = matching.slice((page - 1) * size, page * size);
  const available = await inventory.availableOfMany(shown.map((product) => product.sku));
  response.json({
    page,
    pages: Math.ceil(matching.length / size),
    products: shown.map((product) => ({ ...product, available: available.get(product.sku) ?? 0 })),
  });
}

export async function showProduct(
  request: Request<{ productId: string }>,
  response: Response,
): Promise<void> {
  const { products, inventory } = servicesOf(request);
  const product = await products.find(request.params.productId);
  if (!product) throw new NotFoundError('product', request.params.productId);
  response.json({ ...product, available: await inventory.availableOf(product.sku) });
}
