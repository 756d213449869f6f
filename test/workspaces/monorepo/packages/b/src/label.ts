import { priceText } from 'a';

/** What stands on the shelf. */
export function label(name: string, cents: number): string {
  return `${name}: ${priceText(cents)}`;
}
