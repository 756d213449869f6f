import type { Order } from '../domain/order.ts';
import type { Database } from './database.ts';

export class OrderRepository {
  readonly #database: Database;
  readonly #orders: Map<string, Order>;
  #nextNumber: number;

  constructor(database: Database, orders: readonly Order[]) {
    this.#database = database;
    this.#orders = new Map(orders.map((order) => [order.id, order]));
    this.#nextNumber = orders.length + 1;
  }

  find(id: string): Promise<Order | undefined> {
    return this.#database.run('select order by id', 3, () => this.#orders.get(id));
  }

  listOf(customerId: string): Promise<Order[]> {
    return this.#database.run('select orders by customer', 7, () =>
      [...this.#orders.values()].filter((order) => order.customerId === customerId),
    );
  }

  listWith(productId: string): Promise<Order[]> {
    return this.#database.run('select orders by product', 9, () =>
      [...this.#orders.values()].filter((order) => order.lines.some((line) => line.productId === productId)),
    );
  }

  /** The next free order number, such as `ord-00042`. */
  nextId(): string {
    return `ord-${String(this.#nextNumber++).padStart(5, '0')}`;
  }

  save(order: Order): Promise<void> {
    return this.#database.run('upsert order', 6, () => {
      this.#orders.set(order.id, order);
    });
  }
}
