import type { Request } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showProduct } from '../src/controllers/products.ts';
import { NotFoundError } from '../src/domain/errors.ts';
import { recordedResponse } from './support/response.ts';
import { startShop, type TestShop } from './support/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

function requestFor(productId: string): Request<{ productId: string }> {
  return { app: shop.app, params: { productId } } as unknown as Request<{ productId: string }>;
}

describe('showProduct', () => {
  it('adds the stock level to the product', async () => {
    const { response, sent } = recordedResponse();
    await showProduct(requestFor('prd-002'), response);
    expect(sent.body).toMatchObject({ id: 'prd-002', available: 245 });
  });

  it('rejects a product that is gone', async () => {
    await expect(showProduct(requestFor('prd-900'), recordedResponse().response)).rejects.toThrow(
      NotFoundError,
    );
  });
});
