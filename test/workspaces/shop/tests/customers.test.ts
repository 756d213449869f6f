import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startShop, type TestShop } from './support/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

describe('customers', () => {
  it('shows the profile, but not the addresses themselves', async () => {
    const response = await request(shop.app).get('/api/customers/cus-004').expect(200);
    expect(response.body).toEqual({
      id: 'cus-004',
      name: 'Dana Almeida',
      email: 'dana.almeida.004@example.com',
      newsletter: expect.any(Boolean),
      addressCount: 1,
    });
  });

  it('does not know everybody', async () => {
    await request(shop.app).get('/api/customers/cus-999').expect(404);
  });

  it('changes what was sent and keeps the rest', async () => {
    await request(shop.app).patch('/api/customers/cus-005').send({ newsletter: true }).expect(200);
    const response = await request(shop.app).get('/api/customers/cus-005').expect(200);
    expect(response.body).toMatchObject({ name: 'Emil Almeida', newsletter: true });
  });

  it('refuses the email of somebody else', async () => {
    const response = await request(shop.app)
      .patch('/api/customers/cus-005')
      .send({ email: 'Dana.Almeida.004@example.com' })
      .expect(409);
    expect(response.body.error.code).toBe('email_taken');
  });

  it('names the field that is wrong', async () => {
    const response = await request(shop.app)
      .patch('/api/customers/cus-005')
      .send({ email: 'nobody' })
      .expect(422);
    expect(response.body.error.details).toEqual([{ field: 'email', message: expect.any(String) }]);
  });
});
