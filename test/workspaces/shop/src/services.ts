import type { Request } from 'express';
import { InventoryClient } from './clients/inventory-client.ts';
import { PaymentGateway } from './clients/payment-gateway.ts';
import type { Clock } from './runtime/clock.ts';
import type { Random } from './runtime/random.ts';
import { CustomerRepository } from './storage/customer-repository.ts';
import { Database } from './storage/database.ts';
import { OrderRepository } from './storage/order-repository.ts';
import { ProductRepository } from './storage/product-repository.ts';
import type { SampleData } from './storage/sample-data.ts';

/** What the handlers work with; built once per process, or once per test. */
export interface Services {
  readonly clock: Clock;
  readonly products: ProductRepository;
  readonly customers: CustomerRepository;
  readonly orders: OrderRepository;
  readonly inventory: InventoryClient;
  readonly payments: PaymentGateway;
}

export interface ServiceOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly data: SampleData;
  readonly inventoryUrl: string;
  readonly failureRates: {
    readonly database: number;
    readonly paymentOutage: number;
    readonly paymentDecline: number;
  };
}

export function createServices(options: ServiceOptions): Services {
  const { clock, random, data, failureRates } = options;
  const database = new Database({ clock, random, failureRate: failureRates.database });
  return {
    clock,
    products: new ProductRepository(database, data.products),
    customers: new CustomerRepository(database, data.customers),
    orders: new OrderRepository(database, data.orders),
    inventory: new InventoryClient(options.inventoryUrl),
    payments: new PaymentGateway({
      clock,
      random,
      declineRate: failureRates.paymentDecline,
      outageRate: failureRates.paymentOutage,
    }),
  };
}

/** The services of the app that a request came to. */
export function servicesOf(request: { readonly app: Pick<Request['app'], 'locals'> }): Services {
  return request.app.locals['services'] as Services;
}
