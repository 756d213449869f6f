import type { Request, Response } from 'express';
import { z } from 'zod';
import { ConflictError, NotFoundError, ValidationError } from '../domain/errors.ts';
import { priceLines, totalsOf, type Order, type OrderLine } from '../domain/order.ts';
import { currentCustomer } from '../middleware/require-customer.ts';
import type { Services } from '../services.ts';

export const newOrder = z.object({
  lines: z
    .array(z.object({ productId: z.string(), quantity: z.int().min(1).max(20) }))
    .min(1)
    .max(30),
});

type OrderServices = Pick<Services, 'clock' | 'products' | 'orders' | 'inventory' | 'payments'>;

/** The orders of the signed-in customer. */
export class OrderController {
  readonly #services: OrderServices;

  constructor(services: OrderServices) {
    this.#services = services;
  }

  async list(_request: Request, response: Response): Promise<void> {
    const orders = await this.#services.orders.listOf(currentCustomer(response).id);
    const newestFirst = orders.toSorted((left, right) => right.placedAt.getTime() - left.placedAt.getTime());
    response.json({
      orders: newestFirst.map(({ id, status, placedAt, totalCents, lines }) => ({
        id,
        status,
        placedAt,
        totalCents,
        pieces: lines.reduce((sum, line) => sum + line.quantity, 0),
      })),
    });
  }

  async show(request: Request<{ orderId: string }>, response: Response): Promise<void> {
    response.json(await this.#ownOrder(request, response));
  }

  /** Checks the stock, holds it, takes the money and only then writes the order. */
  async place(
    request: Request<unknown, unknown, z.infer<typeof newOrder>>,
    response: Response,
  ): Promise<void> {
    const { clock, inventory, orders, payments } = this.#services;
    const customer = currentCustomer(response);
    const lines = await this.#pricedLines(request.body.lines);
    await this.#requireStock(lines);

    const id = orders.nextId();
    const totals = totalsOf(lines);
    await inventory.reserve(
      id,
      lines.map(({ sku, quantity }) => ({ sku, quantity })),
    );
    try {
      await payments.charge(customer.id, totals.totalCents);
    } catch (error) {
      await inventory.release(id);
      throw error;
    }
    const order: Order = {
      id,
      customerId: customer.id,
      status: 'placed',
      lines,
      ...totals,
      placedAt: clock.now(),
    };
    await orders.save(order);
    response.status(201).location(`/api/orders/${id}`).json(order);
  }

  async cancel(request: Request<{ orderId: string }>, response: Response): Promise<void> {
    const order = await this.#ownOrder(request, response);
    if (order.status !== 'placed') {
      throw new ConflictError('not_cancellable', `Order ${order.id} is already ${order.status}`);
    }
    const cancelled: Order = { ...order, status: 'cancelled' };
    await this.#services.orders.save(cancelled);
    await this.#services.inventory.release(order.id);
    response.json(cancelled);
  }

  /** Other people's orders look like orders that do not exist. */
  async #ownOrder(request: Request<{ orderId: string }>, response: Response): Promise<Order> {
    const order = await this.#services.orders.find(request.params.orderId);
    if (order?.customerId !== currentCustomer(response).id) {
      throw new NotFoundError('order', request.params.orderId);
    }
    return order;
  }

  async #pricedLines(wanted: z.infer<typeof newOrder>['lines']): Promise<OrderLine[]> {
    const products = await this.#services.products.findMany(wanted.map((line) => line.productId));
    const unknown = wanted.filter((line) => !products.has(line.productId));
    if (unknown.length > 0) {
      throw new ValidationError(
        unknown.map(({ productId }) => ({ field: 'lines', message: `There is no product ${productId}` })),
      );
    }
    return priceLines(wanted, products);
  }

  async #requireStock(lines: readonly OrderLine[]): Promise<void> {
    const available = await this.#services.inventory.availableOfMany(lines.map((line) => line.sku));
    const missing = lines.filter((line) => (available.get(line.sku) ?? 0) < line.quantity);
    if (missing.length > 0) {
      throw new ConflictError(
        'out_of_stock',
        'Some products are out of stock',
        missing.map(({ productId, sku }) => ({ productId, available: available.get(sku) ?? 0 })),
      );
    }
  }
}
