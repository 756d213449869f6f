import type { Response } from 'express';

export interface RecordedResponse {
  readonly response: Response;
  /** What the handler answered so far. */
  readonly sent: { status: number; body: unknown };
}

/** Stands in for Express's response where a test calls a handler directly. */
export function recordedResponse(locals: Record<string, unknown> = {}): RecordedResponse {
  const sent = { status: 200, body: undefined as unknown };
  const response = {
    locals,
    headersSent: false,
    status(code: number) {
      sent.status = code;
      return response;
    },
    json(body: unknown) {
      sent.body = body;
      return response;
    },
  };
  return { response: response as unknown as Response, sent };
}
