import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReceiverLimits } from './limits.ts';
import { refusal, type Refusal } from './refusal.ts';
import type { Encoding } from './screen.ts';
import { listSegments, makeSpool, openName, sealedPath } from './segments.ts';

export interface SpoolOptions {
  /** Absolute; is made where it is not there. */
  readonly folder: string;
  readonly limits: Pick<ReceiverLimits, 'segmentBytes' | 'spoolBytes'>;
  /** Milliseconds. */
  readonly now: () => number;
}

/** What was received and is still to be read, in files that no request has a say in. */
export interface Spool {
  /** Resolves to the file (absolute) when the request is written; never called concurrently. */
  append(encoding: Encoding, body: Buffer): Promise<string | Refusal>;
  /** Of all files of the folder, other windows' too, as far as known. */
  bytes(): number;
  close(): Promise<void>;
}

interface Writing {
  readonly path: string;
  readonly handle: FileHandle;
  bytes: number;
}

/** Pause between two looks at how full the folder is (ms). */
const lookEveryMs = 1000;

export async function openSpool({ folder, limits, now }: SpoolOptions): Promise<Spool> {
  await makeSpool(folder);
  const session = `${now().toString(36)}-${randomBytes(4).toString('hex')}`;
  const writing = new Map<Encoding, Writing>();
  let number = 0;
  let bytes = 0;
  let lookedMs = -Infinity;

  const look = async (): Promise<void> => {
    lookedMs = now();
    bytes = (await listSegments(folder)).reduce((sum, segment) => sum + segment.bytes, 0);
  };
  await look();

  const seal = async (encoding: Encoding): Promise<void> => {
    const current = writing.get(encoding);
    if (!current) return;
    writing.delete(encoding);
    await current.handle.close();
    if (current.bytes === 0) await rm(current.path, { force: true });
    // Where it is gone nothing has to be sealed.
    else await rename(current.path, sealedPath(current.path)).catch(() => {});
  };

  const segmentFor = async (encoding: Encoding, length: number): Promise<Writing> => {
    const current = writing.get(encoding);
    // Whoever cleared the folder must not cost what comes after it.
    const gone = current !== undefined && !existsSync(current.path);
    if (current && !gone && (current.bytes === 0 || current.bytes + length <= limits.segmentBytes))
      return current;
    await seal(encoding);
    if (gone) await makeSpool(folder);
    const path = join(folder, openName(session, process.pid, ++number, encoding));
    const begun = { path, handle: await open(path, 'ax', 0o600), bytes: 0 };
    writing.set(encoding, begun);
    return begun;
  };

  return {
    async append(encoding, body) {
      const frame = encoding === 'json' ? asLine(body) : [lengthOf(body), body];
      const length = frame.reduce((sum, part) => sum + part.length, 0);
      if (bytes + length > limits.spoolBytes && now() - lookedMs >= lookEveryMs) await look();
      if (bytes + length > limits.spoolBytes)
        return refusal('full', 'More was received than could be read so far.', 5);
      try {
        const segment = await segmentFor(encoding, length);
        try {
          const { bytesWritten } = await segment.handle.writev(frame);
          if (bytesWritten !== length) throw new Error('written in part');
        } catch (error) {
          // Half a request would spoil those behind it.
          await segment.handle.truncate(segment.bytes).catch(() => seal(encoding));
          throw error;
        }
        segment.bytes += length;
        bytes += length;
        return segment.path;
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? String(error);
        return refusal('disk', `What was received cannot be kept (${code}).`, 10);
      }
    },
    bytes: () => bytes,
    async close() {
      for (const encoding of [...writing.keys()]) await seal(encoding);
    },
  };
}

function lengthOf(body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return head;
}

/** A line break inside of JSON stands between its tokens: a space does as well there. */
function asLine(body: Buffer): readonly Buffer[] {
  const broken = body.includes(0x0a) || body.includes(0x0d);
  const line = broken
    ? Buffer.from(body.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)))
    : body;
  return [line, Buffer.from('\n')];
}
