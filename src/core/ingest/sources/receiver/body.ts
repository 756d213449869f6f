import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate, zstdDecompress } from 'node:zlib';
import type { ReceiverLimits } from './limits.ts';
import { refusal, type Refusal } from './refusal.ts';
import type { Packing } from './screen.ts';

/** Counts the bytes of all requests that are being received. */
export interface Held {
  bytes: number;
}

/** How much of a body that is too large is read and dropped, so that its sender gets to the answer. */
const drainedBodies = 4;

/** The body as it came; while it comes its bytes count as held, and whoever gets it takes them off again. */
export function readBody(
  request: IncomingMessage,
  limits: ReceiverLimits,
  held: Held,
): Promise<Buffer | Refusal> {
  const { bodyBytes } = limits;
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let length = 0;
    let kept = 0;
    let bad: Refusal | undefined;
    const fail = (why: Refusal): void => {
      bad ??= why;
      held.bytes -= kept;
      kept = 0;
      chunks = [];
    };
    const tooLarge = refusal('too-large', `The request is larger than ${mebibytes(bodyBytes)} MiB.`);
    if (Number(request.headers['content-length'] ?? 0) > bodyBytes) fail(tooLarge);
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > bodyBytes) fail(tooLarge);
      else if (!bad && held.bytes + chunk.length > limits.heldBytes)
        fail(refusal('busy', 'Too much is being received at this moment.', 1));
      if (length > drainedBodies * bodyBytes) resolve(tooLarge);
      if (bad) return;
      chunks.push(chunk);
      kept += chunk.length;
      held.bytes += chunk.length;
    });
    request.on('end', () => resolve(bad ?? Buffer.concat(chunks)));
    // After the end this changes nothing any more.
    const gone = (): void => {
      if (!request.complete) fail(refusal('aborted', 'The request was not sent to its end.'));
      if (bad) resolve(bad);
    };
    request.on('error', gone);
    request.on('close', gone);
  });
}

type Unpack = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;
const unpackers: Readonly<Record<Exclude<Packing, 'identity'>, Unpack>> = {
  gzip: promisify<Buffer, { readonly maxOutputLength: number }, Buffer>(gunzip),
  deflate: promisify<Buffer, { readonly maxOutputLength: number }, Buffer>(inflate),
  zstd: promisify<Buffer, { readonly maxOutputLength: number }, Buffer>(zstdDecompress),
};

/** The body as it was before it was packed. */
export async function unpack(body: Buffer, packing: Packing, maxBytes: number): Promise<Buffer | Refusal> {
  if (packing === 'identity') return body;
  try {
    return await unpackers[packing](body, { maxOutputLength: maxBytes });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ERR_BUFFER_TOO_LARGE'
      ? refusal('too-large', `The request unpacks to more than ${mebibytes(maxBytes)} MiB.`)
      : refusal('malformed', `The request is not what ${packing} makes: it cannot be unpacked.`);
  }
}

function mebibytes(bytes: number): string {
  return String(Number((bytes / 1024 / 1024).toPrecision(3)));
}
