import path from 'node:path';
import { openReceiver, type Receiver } from '../ingest/sources/receiver/receiver.ts';
import { HumanError } from '../model/human-error.ts';
import type { ReceiverStatus } from '../model/status.ts';

export interface ReceivingOptions {
  /** Workspace root, absolute. */
  readonly root: string;
  /** Absolute folder for what is received; absent: there is no place for it. */
  readonly spool: string | undefined;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** That file of the spool was written. */
  readonly onSpooled: (path: string) => void;
  /** Counts or state changed. */
  readonly onChange: () => void;
}

/** Takes telemetry over HTTP on loopback, on a person's wish and in a trusted workspace only: it opens a port. */
export interface Receiving {
  /** Listens on the port (0: any free one); one that listens already goes on as it is. Rejects with a HumanError where it cannot. */
  readonly start: (wish: { readonly port: number }) => Promise<ReceiverStatus>;
  /** Answers what is under way and ends; gives what was received, null where nothing listened. */
  readonly stop: () => Promise<ReceiverStatus | null>;
  readonly status: () => ReceiverStatus | null;
}

/** The port of OTLP/HTTP, to which every OpenTelemetry SDK sends unless told otherwise. */
export const defaultPort = 4318;

export function createReceiving({ root, spool, now, onSpooled, onChange }: ReceivingOptions): Receiving {
  let receiver: Receiver | undefined;
  /** One thing after the other: a start while another is under way must not listen twice. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  };

  return {
    start: ({ port }) =>
      inTurn(async () => {
        if (spool === undefined) throw new HumanError('There is no folder to keep what is received in.');
        const folder = path.basename(root);
        receiver ??= await openReceiver({ port, spool, folder, now, onSpooled, onCounts: onChange });
        onChange();
        return receiver.status();
      }),
    stop: () =>
      inTurn(async () => {
        if (receiver === undefined) return null;
        await receiver.close();
        const last = receiver.status();
        receiver = undefined;
        onChange();
        return last;
      }),
    status: () => receiver?.status() ?? null,
  };
}
