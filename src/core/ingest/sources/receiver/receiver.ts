import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ReceiverStatus } from '../../../model/status.ts';
import { accepted, refused, type Answer } from './answer.ts';
import { readBody, unpack } from './body.ts';
import { judge } from './judge.ts';
import { defaultLimits, type ReceiverLimits } from './limits.ts';
import { listenOnLoopback, whoPath, type Who } from './listen.ts';
import { createRate } from './rate.ts';
import { refusal, type Refusal, type RefusalReason } from './refusal.ts';
import { encodingOf, readOrder, refuseStrangers, type Order } from './screen.ts';
import { openSpool } from './spool.ts';

export interface ReceiverOptions {
  /** Of loopback; 0: any that is free. */
  readonly port: number;
  /** Folder for what was received and not yet read, absolute; is made where it is not there. */
  readonly spool: string;
  /** Name of the workspace folder, told to who finds the port in use. */
  readonly folder: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** That file of the spool grew; not awaited. */
  readonly onSpooled: (path: string) => void;
  /** Counts changed; not awaited. */
  readonly onCounts: () => void;
  readonly limits?: Partial<ReceiverLimits>;
}

/** An OTLP/HTTP receiver on loopback. */
export interface Receiver {
  readonly status: () => ReceiverStatus;
  /** Answers what is under way, then stops. */
  readonly close: () => Promise<void>;
}

/**
 * Takes export requests and keeps them in a spool that a folder source reads: what was answered with success survives a
 * kill of this process. Rejects with a HumanError where it cannot listen.
 */
export async function openReceiver(options: ReceiverOptions): Promise<Receiver> {
  const limits = { ...defaultLimits, ...options.limits };
  const { now } = options;
  const rate = createRate(limits.requestsPerSecond, now);
  const held = { bytes: 0 };
  const counts = { requests: 0, spans: 0, rejected: 0, metricRequests: 0 };
  const refusals: Partial<Record<RefusalReason, number>> = {};
  const who: Who = { suture: true, folder: options.folder, pid: process.pid };
  let closing = false;
  /** One request at a time is unpacked and written: that bounds memory, and a spool file is written in order. */
  let turn: Promise<unknown> = Promise.resolve();

  const count = (reason: RefusalReason): void => {
    refusals[reason] = (refusals[reason] ?? 0) + 1;
    options.onCounts();
  };

  const keep = async (order: Order, packed: Buffer): Promise<Answer | Refusal> => {
    const body = await unpack(packed, order.packing, limits.unpackedBytes);
    if (!Buffer.isBuffer(body)) return body;
    const judged = judge(order.encoding, body, now());
    if (judged !== undefined && 'reason' in judged) return judged;
    if (judged !== undefined) {
      const path = await spool.append(order.encoding, body);
      if (typeof path !== 'string') return path;
      counts.spans += judged.spans;
      counts.rejected += judged.rejected;
      options.onSpooled(path);
    }
    counts.requests += 1;
    const { rejected, message } = judged ?? { rejected: 0, message: '' };
    return accepted(order.signal, order.encoding, rejected, message);
  };

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  };

  const take = async (request: IncomingMessage): Promise<Answer | Refusal> => {
    const { headers, method, url } = request;
    const stranger = refuseStrangers(headers);
    if (stranger) return stranger;
    if (closing) return refusal('closing', 'Receiving ends at this moment.', 5);
    const wait = rate.take();
    if (wait > 0) return refusal('too-many', 'Too many requests.', wait);
    const order = readOrder(method, url, headers);
    if ('reason' in order) return order;
    const body = await readBody(request, limits, held);
    if (!Buffer.isBuffer(body)) return body;
    if (order.signal === 'metrics') {
      held.bytes -= body.length;
      counts.requests += 1;
      counts.metricRequests += 1;
      return accepted('metrics', order.encoding, 0, '');
    }
    return inTurn(() => keep(order, body)).finally(() => {
      held.bytes -= body.length;
    });
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const encoding = encodingOf(request.headers);
    if (request.url === whoPath && request.method === 'GET' && !refuseStrangers(request.headers)) {
      send(response, { status: 200, headers: jsonType, body: Buffer.from(JSON.stringify(who)) }, closing);
      return;
    }
    const taken = await take(request);
    if (!('reason' in taken)) {
      options.onCounts();
      send(response, taken, closing);
      return;
    }
    count(taken.reason);
    // What is left of the body is not worth reading.
    send(response, refused(taken, encoding), closing || !request.complete);
  };

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    // A connection that breaks while it is answered is its sender's business.
    response.on('error', () => {});
    serve(request, response).catch((error: unknown) => {
      const message = `The request could not be kept: ${String(error)}`;
      send(response, refused({ reason: 'disk', status: 500, message }, encodingOf(request.headers)), true);
      count('disk');
    });
  };

  const create = (): Server => {
    const server = createServer(
      {
        headersTimeout: limits.headersMs,
        requestTimeout: limits.requestMs,
        keepAliveTimeout: limits.idleMs,
        connectionsCheckingInterval: Math.min(1000, limits.headersMs),
        maxHeaderSize: 16 * 1024,
      },
      onRequest,
    );
    server.maxConnections = limits.connections;
    server.on('drop', () => count('busy'));
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      if (error.code !== 'ECONNRESET') count('malformed');
      if (socket.writable) socket.end(`HTTP/1.1 ${lineOf(error.code)}\r\nConnection: close\r\n\r\n`);
    });
    return server;
  };

  const spool = await openSpool({ folder: options.spool, limits, now });
  const servers = await listenOnLoopback(create, options.port).catch(async (error: unknown) => {
    await spool.close();
    throw error;
  });

  return {
    status: () => ({
      addresses: servers.map(({ address }) => address),
      ...counts,
      refused: { ...refusals },
      spoolBytes: spool.bytes(),
    }),
    async close() {
      if (closing) return;
      closing = true;
      await Promise.all(servers.map(({ server }) => closeServer(server, limits.closeMs)));
      await turn;
      await spool.close();
    },
  };
}

const jsonType = { 'content-type': 'application/json' };

function send(response: ServerResponse, { status, headers, body }: Answer, last: boolean): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, last ? { ...headers, connection: 'close' } : { ...headers });
  response.end(body);
}

function closeServer(server: Server, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), patienceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function lineOf(code: string | undefined): string {
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large';
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
}
