export type OperationKind = 'http' | 'messaging' | 'rpc' | 'graphql' | 'faas' | 'internal' | 'middleware';

/** What telemetry names; everything is measured per operation. `id` is made of the other fields and is stable over restarts. */
export interface Operation {
  readonly id: string;
  readonly service: string;
  readonly environment: string;
  readonly kind: OperationKind;
  /** HTTP method in upper case; absent where there is none. */
  readonly method?: string;
  /** `http.route` as emitted; absent for an unmatched request. */
  readonly route?: string;
  /** Display name: `GET /users/:id`, a queue, a middleware's function name. */
  readonly name: string;
}

/** What a span says of the code that ran; untrusted: a hint for correlation, never a path to open as it is. */
export interface CodeHint {
  /** `code.function.name`, or the older `code.namespace` + `code.function`. */
  readonly function?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Handler name given by a framework's own attribute: `router.name`, Nest's controller and callback, Fastify's hook. */
  readonly handler?: string;
}

export interface CallException {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
}

/** One execution of an operation, measured once (by its SERVER or CONSUMER span, or a middleware's own span). */
export interface Call {
  readonly operation: Operation;
  readonly release: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly outcome: 'ok' | 'error' | 'client-error';
  readonly statusCode?: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly hint?: CodeHint;
  /** `error.type` of the measured span, for failures that recorded no exception. */
  readonly errorType?: string;
  /** Status message of the measured span, untrusted. */
  readonly errorMessage?: string;
  /** Distinct exceptions of its trace, each once however many spans recorded it. */
  readonly exceptions: readonly CallException[];
}
