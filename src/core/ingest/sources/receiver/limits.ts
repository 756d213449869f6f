/** What a receiver of telemetry puts up with before it refuses. */
export interface ReceiverLimits {
  /** Of one request as it comes over the wire. */
  readonly bodyBytes: number;
  /** Of one request when it is unpacked; deflate can grow a thousandfold. */
  readonly unpackedBytes: number;
  /** Of all requests that are being received at one time. */
  readonly heldBytes: number;
  readonly requestsPerSecond: number;
  readonly connections: number;
  /** Within which all headers, and the whole request, must have come (ms). */
  readonly headersMs: number;
  readonly requestMs: number;
  /** For how long a connection may stay idle (ms). */
  readonly idleMs: number;
  /** How long requests under way may take at the end (ms). */
  readonly closeMs: number;
  /** At which a spool file is ended and the next one begun. */
  readonly segmentBytes: number;
  /** Of all spool files that were not read yet. */
  readonly spoolBytes: number;
}

const mebibyte = 1024 * 1024;

export const defaultLimits: ReceiverLimits = {
  bodyBytes: 16 * mebibyte,
  unpackedBytes: 32 * mebibyte,
  heldBytes: 64 * mebibyte,
  requestsPerSecond: 2000,
  connections: 128,
  headersMs: 10_000,
  requestMs: 30_000,
  // Exporters send every few seconds over one connection: closing it in that very moment would cost them a batch.
  idleMs: 75_000,
  closeMs: 5000,
  segmentBytes: 16 * mebibyte,
  spoolBytes: 512 * mebibyte,
};
