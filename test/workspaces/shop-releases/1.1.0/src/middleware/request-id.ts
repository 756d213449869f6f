import type { NextFunction, Request, Response } from 'express';
import { nanoid } from 'nanoid';

/** Keeps the caller's request id, or makes one, so that a support case can be found in the logs. */
export function requestId(request: Request, response: Response, next: NextFunction): void {
  const id = request.get('x-request-id') ?? nanoid(12);
  response.locals['requestId'] = id;
  response.set('x-request-id', id);
  next();
}
