import type { Product } from '../domain/product.ts';
import type { Database } from './database.ts';

export class ProductRepository {
  readonly #database: Database;
  readonly #products: ReadonlyMap<string, Product>;

  constructor(database: Database, products: readonly Product[]) {
    this.#database = database;
    this.#products = new Map(products.map((product) => [product.id, product]));
  }

  list(category?: string): Promise<Product[]> {
    return this.#database.run('select products', 6, () =>
      [...this.#products.values()].filter((product) => !category || product.category === category),
    );
  }

  find(id: string): Promise<Product | undefined> {
    return this.#database.run('select product by id', 2.5, () => this.#products.get(id));
  }

  /** One round trip for all ids; ids without a product are absent from the result. */
  findMany(ids: readonly string[]): Promise<Map<string, Product>> {
    return this.#database.run('select products by ids', 4, () => {
      const found = new Map<string, Product>();
      for (const id of ids) {
        const product = this.#products.get(id);
        if (product) found.set(id, product);
      }
      return found;
    });
  }
}
