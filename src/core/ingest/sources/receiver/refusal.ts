/** Why a request was not taken, for counting; stable. */
export type RefusalReason =
  | 'browser'
  | 'host'
  | 'path'
  | 'method'
  | 'content-type'
  | 'content-encoding'
  | 'too-large'
  | 'malformed'
  | 'aborted'
  | 'too-many'
  | 'busy'
  | 'full'
  | 'disk'
  | 'closing';

/** An answer that takes nothing. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** Of HTTP. */
  readonly status: number;
  readonly message: string;
  /** Seconds after which trying again makes sense; absent: it never does. */
  readonly retryAfter?: number;
}

const statuses: Readonly<Record<RefusalReason, number>> = {
  browser: 403,
  host: 403,
  path: 404,
  method: 405,
  'content-type': 415,
  'content-encoding': 415,
  'too-large': 413,
  malformed: 400,
  // Nobody is there to read it.
  aborted: 400,
  'too-many': 429,
  busy: 503,
  full: 503,
  disk: 503,
  closing: 503,
};

export function refusal(reason: RefusalReason, message: string, retryAfter?: number): Refusal {
  return { reason, status: statuses[reason], message, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** `google.rpc.Code` of a status of HTTP, as OTLP/HTTP wants it in the body of a failure. */
export function rpcCode(status: number): number {
  return { 400: 3, 403: 7, 404: 5, 405: 12, 413: 8, 415: 3, 429: 8, 503: 14 }[status] ?? 13;
}
