import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startShop, type TestShop } from './support/shop.ts';

const book = '/api/customers/cus-010/addresses';
const office = {
  label: 'Office',
  street: '8 Harbour Lane',
  city: 'Lisbon',
  postalCode: '1100-148',
  country: 'PT',
};

let shop: TestShop;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.close());

describe('the address book', () => {
  it('keeps a new address', async () => {
    const added = await request(shop.app).post(book).send(office).expect(201);
    const response = await request(shop.app).get(book).expect(200);
    expect(response.body.addresses).toHaveLength(2);
    expect(response.body.addresses[1]).toEqual({ id: added.body.id, ...office });
  });

  it('lists by label', async () => {
    await request(shop.app)
      .post(book)
      .send({ ...office, label: 'Attic' })
      .expect(201);
    const response = await request(shop.app).get(book).expect(200);
    expect(response.body.addresses.map(({ label }: { label: string }) => label)).toEqual(['Attic', 'Home']);
  });

  it('is not there for a customer who left', async () => {
    await request(shop.app).get('/api/customers/cus-231/addresses').expect(404);
  });

  it('knows the same place under another label', async () => {
    await request(shop.app).post(book).send(office).expect(201);
    const response = await request(shop.app)
      .post(book)
      .send({ ...office, label: 'Studio', city: ' lisbon' })
      .expect(409);
    expect(response.body.error.message).toContain('Office');
  });

  it('wants a country code', async () => {
    await request(shop.app)
      .post(book)
      .send({ ...office, country: 'Portugal' })
      .expect(422);
  });

  it('says when a body is not JSON', async () => {
    await request(shop.app).post(book).set('content-type', 'application/json').send('{"street"').expect(400);
  });

  it('forgets an address once', async () => {
    await request(shop.app).delete(`${book}/adr-010-1`).expect(204);
    await request(shop.app).delete(`${book}/adr-010-1`).expect(404);
  });
});
