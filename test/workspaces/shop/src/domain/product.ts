export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly description: string;
  readonly priceCents: number;
  readonly addedAt: Date;
}

export const productOrders = ['newest', 'price', 'name'] as const;
export type ProductOrder = (typeof productOrders)[number];

const comparators: Record<ProductOrder, (left: Product, right: Product) => number> = {
  newest: (left, right) => right.addedAt.getTime() - left.addedAt.getTime(),
  price: (left, right) => left.priceCents - right.priceCents,
  name: (left, right) => left.name.localeCompare(right.name),
};

export function sortProducts(products: readonly Product[], order: ProductOrder): Product[] {
  return products.toSorted(comparators[order]);
}

/** Lower-case words of a text, in order, for searching. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

/** How well a product answers a query: a word of the name counts three times, a prefix counts half. */
export function relevance(product: Product, query: readonly string[]): number {
  const inName = wordsOf(product.name);
  const elsewhere = wordsOf(`${product.category} ${product.description}`);
  let score = 0;
  for (const word of query) {
    score += 3 * matchOf(word, inName) + matchOf(word, elsewhere);
  }
  return score;
}

function matchOf(word: string, candidates: readonly string[]): number {
  if (candidates.includes(word)) return 1;
  return candidates.some((candidate) => candidate.startsWith(word)) ? 0.5 : 0;
}
