import type { Request } from 'express';
import { describe, expect, it, vi } from 'vitest';
import { ConflictError } from '../src/domain/errors.ts';
import { answerError } from '../src/middleware/errors.ts';
import { recordedResponse } from './support/response.ts';

const placeOrder = { method: 'POST', originalUrl: '/api/orders' } as Request;

describe('answerError', () => {
  it('keeps the status and code of an expected failure', () => {
    const { response, sent } = recordedResponse();
    answerError(new ConflictError('out_of_stock', 'Sold out', ['prd-001']), placeOrder, response, () => {});
    expect(sent).toEqual({
      status: 409,
      body: { error: { code: 'out_of_stock', message: 'Sold out', details: ['prd-001'] } },
    });
  });

  it('logs what nobody expected and tells the customer nothing about it', () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { response, sent } = recordedResponse({ requestId: 'case-18' });
    const failure = new TypeError('lines is not iterable');
    answerError(failure, placeOrder, response, () => {});
    expect(sent.status).toBe(500);
    expect(JSON.stringify(sent.body)).not.toContain('iterable');
    expect(log).toHaveBeenCalledWith('POST /api/orders failed', 'case-18', failure);
    log.mockRestore();
  });
});
