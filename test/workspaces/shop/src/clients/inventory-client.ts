import { ConflictError, DependencyUnavailableError } from '../domain/errors.ts';

export interface ReservationLine {
  readonly sku: string;
  readonly quantity: number;
}

/** The warehouse's own service, over HTTP. */
export class InventoryClient {
  readonly #baseUrl: string;
  readonly #timeoutMs: number;

  constructor(baseUrl: string, timeoutMs = 1_000) {
    this.#baseUrl = baseUrl;
    this.#timeoutMs = timeoutMs;
  }

  async availableOf(sku: string): Promise<number> {
    const response = await this.#request('GET', `/stock/${encodeURIComponent(sku)}`);
    const { available } = (await response.json()) as { available: number };
    return available;
  }

  /** Available pieces of each sku, in one request. */
  async availableOfMany(skus: readonly string[]): Promise<Map<string, number>> {
    const response = await this.#request('POST', '/stock/query', { skus });
    const { levels } = (await response.json()) as { levels: { sku: string; available: number }[] };
    return new Map(levels.map(({ sku, available }) => [sku, available]));
  }

  /** Holds the pieces for an order, all or none; throws a ConflictError when something sold out meanwhile. */
  async reserve(orderId: string, lines: readonly ReservationLine[]): Promise<void> {
    await this.#request('POST', '/reservations', { orderId, lines });
  }

  async release(orderId: string): Promise<void> {
    await this.#request('DELETE', `/reservations/${encodeURIComponent(orderId)}`);
  }

  async #request(method: string, path: string, body?: unknown): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(new URL(path, this.#baseUrl), {
        method,
        signal: AbortSignal.timeout(this.#timeoutMs),
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new DependencyUnavailableError('inventory', { cause });
    }
    if (response.status === 409) {
      const { error } = (await response.json()) as { error: { details: unknown } };
      throw new ConflictError('out_of_stock', 'Some products sold out', error.details);
    }
    if (!response.ok) throw new DependencyUnavailableError('inventory', { cause: response.status });
    return response;
  }
}
