import { describe, expect, it } from 'vitest';
import { totalsOf } from '../src/domain/order.ts';

const line = { productId: 'prd-001', sku: 'KIT-001', quantity: 2, unitPriceCents: 24_99 };

describe('totalsOf', () => {
  it('charges shipping below fifty', () => {
    expect(totalsOf([line])).toEqual({ shippingCents: 4_90, totalCents: 54_88 });
  });

  it('ships for nothing from fifty on', () => {
    expect(totalsOf([{ ...line, unitPriceCents: 25_00 }])).toEqual({ shippingCents: 0, totalCents: 50_00 });
  });
});
