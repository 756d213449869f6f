import express, { type RequestHandler } from 'express';
import type { z } from 'zod';
import { ValidationError } from '../domain/errors.ts';

/** Reads a JSON body; only on the routes that take one. */
export const jsonBody = express.json({ limit: '64kb' });

/** Answers 422 with the list of mistakes, or replaces the body by its parsed form. */
export function validateBody<Params>(schema: z.ZodType): RequestHandler<Params> {
  return function validateBody(request, _response, next) {
    const parsed = schema.safeParse(request.body);
    if (!parsed.success) {
      throw new ValidationError(
        parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })),
      );
    }
    request.body = parsed.data;
    next();
  };
}
