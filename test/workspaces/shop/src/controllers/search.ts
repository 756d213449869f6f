import type { Request, Response } from 'express';
import { relevance, wordsOf } from '../domain/product.ts';
import { servicesOf } from '../services.ts';

const mostHits = 8;

/** Search as the customer types: the storefront calls it for every pause in typing. */
export async function searchCatalog(request: Request, response: Response): Promise<void> {
  const query = wordsOf(String(request.query['q'] ?? ''));
  if (query.length === 0) {
    response.json({ query: '', hits: [] });
    return;
  }
  const products = await servicesOf(request).products.list();
  const hits = products
    .map((product) => ({ product, score: relevance(product, query) }))
    .filter(({ score }) => score > 0)
    .toSorted(
      (left, right) => right.score - left.score || left.product.name.localeCompare(right.product.name),
    )
    .slice(0, mostHits)
    .map(({ product: { id, name, priceCents }, score }) => ({ id, name, priceCents, score }));
  response.json({ query: query.join(' '), hits });
}
