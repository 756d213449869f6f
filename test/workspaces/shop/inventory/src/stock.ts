export interface StockLine {
  readonly sku: string;
  readonly quantity: number;
}

export interface StockLevel {
  readonly sku: string;
  readonly available: number;
}

/** What lies in the warehouse and what is held for orders. */
export class Stock {
  readonly #available: Map<string, number>;
  readonly #reservations = new Map<string, readonly StockLine[]>();

  constructor(levels: readonly StockLevel[]) {
    this.#available = new Map(levels.map(({ sku, available }) => [sku, available]));
  }

  levelOf(sku: string): StockLevel | undefined {
    const available = this.#available.get(sku);
    return available === undefined ? undefined : { sku, available };
  }

  /** Levels of the skus that the warehouse knows, in the order asked. */
  levelsOf(skus: readonly string[]): StockLevel[] {
    return skus.flatMap((sku) => this.levelOf(sku) ?? []);
  }

  /** Holds all lines or none; returns the levels that fell short, or nothing when the order is held. */
  reserve(orderId: string, lines: readonly StockLine[]): StockLevel[] {
    const wanted = new Map<string, number>();
    for (const { sku, quantity } of lines) wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
    const short = [...wanted].flatMap(([sku, quantity]) => {
      const available = this.#available.get(sku) ?? 0;
      return available < quantity ? [{ sku, available }] : [];
    });
    if (short.length > 0) return short;
    for (const [sku, quantity] of wanted)
      this.#available.set(sku, (this.#available.get(sku) ?? 0) - quantity);
    this.#reservations.set(orderId, lines);
    return [];
  }

  /** Puts back what was held for the order; an order without a reservation is nothing to release. */
  release(orderId: string): void {
    for (const { sku, quantity } of this.#reservations.get(orderId) ?? []) {
      this.#available.set(sku, (this.#available.get(sku) ?? 0) + quantity);
    }
    this.#reservations.delete(orderId);
  }
}

/** Opening levels for the skus of the shop's sample catalogue: one in twelve is scarce, of the rest there is plenty. */
export function openingLevels(): StockLevel[] {
  const ranges = ['KIT', 'DES', 'GAR', 'TRA'];
  return Array.from({ length: 120 }, (_, index) => {
    const number = String(index + 1).padStart(3, '0');
    const scarce = index % 12 === 5;
    const available = scarce ? 6 : 60 + (((index + 4) * 37) % 200);
    return { sku: `${ranges[Math.floor(index / 30)]}-${number}`, available };
  });
}
