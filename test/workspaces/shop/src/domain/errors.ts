/** An expected failure: it becomes an HTTP answer with this status and code instead of a 500. */
export class DomainError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: unknown;

  constructor(status: number, code: string, message: string, details?: unknown) {
    super(message);
    this.name = new.target.name;
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export class NotFoundError extends DomainError {
  constructor(what: string, id: string) {
    super(404, 'not_found', `There is no ${what} ${id}`);
  }
}

export class UnauthenticatedError extends DomainError {
  constructor() {
    super(401, 'unauthenticated', 'Sign in to see your orders');
  }
}

export class ConflictError extends DomainError {
  constructor(code: string, message: string, details?: unknown) {
    super(409, code, message, details);
  }
}

export class ValidationError extends DomainError {
  constructor(details: unknown) {
    super(422, 'invalid_body', 'The request body is not valid', details);
  }
}

export class PaymentDeclinedError extends DomainError {
  constructor(reason: string) {
    super(402, 'payment_declined', `The payment was declined: ${reason}`);
  }
}

/** A service that we depend on did not answer in time; the customer may try again. */
export class DependencyUnavailableError extends DomainError {
  constructor(dependency: string, options?: { readonly cause: unknown }) {
    super(503, 'dependency_unavailable', `${dependency} did not answer in time`);
    if (options) this.cause = options.cause;
  }
}
