import type { NextFunction, Request, Response } from 'express';
import { DomainError, NotFoundError } from '../domain/errors.ts';

/** The last stop of a request that no route wanted. */
export function rejectUnknownPath(request: Request): never {
  throw new NotFoundError('page', request.path);
}

/** Turns what a handler threw into an answer: expected failures keep their status, anything else is our fault. */
export function answerError(error: unknown, request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) {
    next(error);
    return;
  }
  if (error instanceof DomainError) {
    const { code, message, details } = error;
    response.status(error.status).json({ error: { code, message, details } });
    return;
  }
  if (isMalformedBody(error)) {
    response.status(400).json({ error: { code: 'malformed_body', message: 'The body is not JSON' } });
    return;
  }
  console.error(`${request.method} ${request.originalUrl} failed`, response.locals['requestId'], error);
  response.status(500).json({ error: { code: 'internal', message: 'Something went wrong on our side' } });
}

function isMalformedBody(error: unknown): boolean {
  return error instanceof SyntaxError && 'body' in error;
}
