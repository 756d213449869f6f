import { describe, expect, it } from 'vitest';
import { recommendProducts } from '../src/controllers/recommendations.ts';

describe(recommendProducts, () => {
  it('puts what is bought together first', () => {
    expect(true).toBe(true);
  });
});
