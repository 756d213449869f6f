import type { IncomingHttpHeaders } from 'node:http';
import { refusal, type Refusal } from './refusal.ts';

export type Signal = 'traces' | 'logs' | 'metrics';
export type Encoding = 'json' | 'protobuf';

/** What a request says of itself. */
export interface Order {
  readonly signal: Signal;
  readonly encoding: Encoding;
  readonly packing: Packing;
}

export type Packing = 'identity' | 'gzip' | 'deflate' | 'zstd';

const signals: Readonly<Record<string, Signal>> = {
  '/v1/traces': 'traces',
  '/v1/logs': 'logs',
  '/v1/metrics': 'metrics',
};
const encodings: Readonly<Record<string, Encoding>> = {
  'application/json': 'json',
  'application/x-protobuf': 'protobuf',
  'application/protobuf': 'protobuf',
};
const packings: Readonly<Record<string, Packing>> = {
  '': 'identity',
  none: 'identity',
  identity: 'identity',
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  zstd: 'zstd',
};
/** Names of loopback, and what containers call the machine that they run on. */
const hosts =
  /^(?:127(?:\.\d{1,3}){3}|\[::1\]|(?:[\w-]+\.)*localhost\.?|host\.(?:docker|containers)\.internal)(?::\d{1,5})?$/i;

/**
 * Refuses what a web page may have sent: any page can send to loopback, but not without these headers; and a page whose
 * own name was made to point at loopback (DNS rebinding) still sends that name as the host.
 */
export function refuseStrangers(headers: IncomingHttpHeaders): Refusal | undefined {
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined)
    return refusal('browser', 'Requests of web pages are refused.');
  if (!hosts.test(headers.host ?? ''))
    return refusal('host', 'The host of the request is no name of this machine: refused.');
  return undefined;
}

/** What is sent and how, from the head of a request alone. */
export function readOrder(
  method: string | undefined,
  url: string | undefined,
  headers: IncomingHttpHeaders,
): Order | Refusal {
  const path = (url ?? '').replace(/\?.*$/s, '').replace(/\/$/, '');
  const signal = Object.hasOwn(signals, path) ? signals[path] : undefined;
  if (signal === undefined)
    return refusal('path', 'There is only /v1/traces, /v1/logs and /v1/metrics here.');
  if (method !== 'POST') return refusal('method', 'Telemetry is sent with POST.');
  const type = (headers['content-type'] ?? '').replace(/;.*$/s, '').trim().toLowerCase();
  const encoding = Object.hasOwn(encodings, type) ? encodings[type] : undefined;
  if (encoding === undefined)
    return refusal('content-type', 'The content type must be application/x-protobuf or application/json.');
  const name = (headers['content-encoding'] ?? '').trim().toLowerCase();
  const packing = Object.hasOwn(packings, name) ? packings[name] : undefined;
  if (packing === undefined)
    return refusal('content-encoding', 'The content encoding must be gzip, deflate, zstd or none.');
  return { signal, encoding, packing };
}

/** The encoding in which to answer a request, whatever else is wrong with it. */
export function encodingOf(headers: IncomingHttpHeaders): Encoding {
  return /^application\/(?:x-)?protobuf\b/i.test(headers['content-type'] ?? '') ? 'protobuf' : 'json';
}
