/** Cents as a price: `1999` is `19.99`. */
export function priceText(cents: number): string {
  return `${Math.floor(cents / 100)}.${cents % 100}`;
}
