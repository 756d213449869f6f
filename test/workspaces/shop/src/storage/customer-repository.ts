import type { Customer } from '../domain/customer.ts';
import type { Database } from './database.ts';

export class CustomerRepository {
  readonly #database: Database;
  readonly #customers: Map<string, Customer>;

  constructor(database: Database, customers: readonly Customer[]) {
    this.#database = database;
    this.#customers = new Map(customers.map((customer) => [customer.id, customer]));
  }

  find(id: string): Promise<Customer | undefined> {
    return this.#database.run('select customer by id', 2, () => this.#customers.get(id));
  }

  findByEmail(email: string): Promise<Customer | undefined> {
    return this.#database.run('select customer by email', 3, () =>
      this.#customers.values().find((customer) => customer.email === email),
    );
  }

  save(customer: Customer): Promise<void> {
    return this.#database.run('update customer', 5, () => {
      this.#customers.set(customer.id, customer);
    });
  }
}
