export interface Address {
  readonly id: string;
  readonly label: string;
  readonly street: string;
  readonly city: string;
  readonly postalCode: string;
  readonly country: string;
}

export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly newsletter: boolean;
  readonly addresses: readonly Address[];
}

/** Two addresses are the same place when they differ only in label, letter case or spacing. */
export function samePlace(left: Omit<Address, 'id'>, right: Omit<Address, 'id'>): boolean {
  return placeKey(left) === placeKey(right);
}

function placeKey(address: Omit<Address, 'id'>): string {
  return [address.street, address.city, address.postalCode, address.country]
    .map((part) => part.trim().replace(/\s+/g, ' ').toLowerCase())
    .join('|');
}
