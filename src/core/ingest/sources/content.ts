import type { FileHandle } from 'node:fs/promises';
import * as zlib from 'node:zlib';

/** How the bytes of a file become its content; told from its first bytes, never from its name. */
export type Encoding = 'plain' | 'gzip' | 'zstd' | 'utf-16le' | 'utf-16be';

/** Why a compressed file ended early; `unsupported` where this Node.js cannot unpack it. */
export type ContentFault = 'truncated' | 'corrupt' | 'unsupported';

export interface ContentRequest {
  readonly encoding: Encoding;
  /** Bytes of content to leave out at the start. */
  readonly from: number;
  /** Called at most once, after everything readable was given. */
  readonly onFault?: (fault: ContentFault) => void;
  readonly chunkBytes?: number;
}

const plainChunkBytes = 1024 * 1024;
/** Small because deflate can grow a thousandfold: bounds what one step can unpack. */
const packedChunkBytes = 32 * 1024;

export function detectEncoding(start: Buffer): Encoding {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  if (isZstd(start)) return 'zstd';
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return 'plain';
}

/** True for the first bytes of a Zstandard frame. Source: RFC 8878. */
export function isZstd(start: Buffer): boolean {
  return start.length >= 4 && start.readUInt32LE(0) === 0xfd2fb528;
}

export function isPacked(encoding: Encoding): encoding is 'gzip' | 'zstd' {
  return encoding === 'gzip' || encoding === 'zstd';
}

/** True where the start of a content holds bytes that no text has. */
export function looksBinary(start: Buffer): boolean {
  return start.subarray(0, 8192).includes(0);
}

/** Content of a file as UTF-8, in chunks that are only valid until the next one is asked for. */
export async function* readContent(
  handle: FileHandle,
  request: ContentRequest,
): AsyncGenerator<Buffer, void> {
  if (request.encoding === 'plain') {
    yield* readRaw(handle, request.from, request.chunkBytes ?? plainChunkBytes);
    return;
  }
  let skip = request.from;
  for await (const chunk of isPacked(request.encoding)
    ? unpack(handle, request.encoding, request)
    : transcode(handle, request.encoding)) {
    if (skip < chunk.length) yield skip > 0 ? chunk.subarray(skip) : chunk;
    skip = Math.max(0, skip - chunk.length);
  }
}

/** The first bytes of the content, at most `bytes`. */
export async function readHead(handle: FileHandle, encoding: Encoding, bytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of readContent(handle, { encoding, from: 0, chunkBytes: bytes })) {
    parts.push(Buffer.from(chunk.subarray(0, bytes - length)));
    length += chunk.length;
    if (length >= bytes) break;
  }
  return Buffer.concat(parts);
}

async function* readRaw(handle: FileHandle, from: number, chunkBytes: number): AsyncGenerator<Buffer, void> {
  const { size } = await handle.stat();
  // One more than what is left: a short read then says that this was the end.
  const length = Math.min(chunkBytes, Math.max(0, size - from) + 1);
  let position = from;
  // While one chunk is looked at the next is read.
  let [current, spare] = [Buffer.allocUnsafe(length), Buffer.allocUnsafe(length)];
  const read = async (into: Buffer): Promise<number> => {
    const { bytesRead } = await handle.read(into, 0, length, position);
    position += bytesRead;
    return bytesRead;
  };
  let bytesRead = await read(current);
  while (bytesRead === length) {
    const next = read(spare);
    // Whoever stops asking still waits for it below, so that the handle is not closed under it.
    next.catch(() => {});
    try {
      yield current;
    } finally {
      await next.catch(() => {});
    }
    bytesRead = await next;
    [current, spare] = [spare, current];
  }
  if (bytesRead > 0) yield current.subarray(0, bytesRead);
}

async function* transcode(handle: FileHandle, encoding: string): AsyncGenerator<Buffer, void> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of readRaw(handle, 0, plainChunkBytes)) {
    yield Buffer.from(decoder.decode(chunk, { stream: true }), 'utf8');
  }
}

/** Unpacks all members of a gzip file, or all frames of a Zstandard file; of a broken one everything before the break is given. */
async function* unpack(
  handle: FileHandle,
  encoding: 'gzip' | 'zstd',
  request: ContentRequest,
): AsyncGenerator<Buffer, void> {
  let unpacker = createUnpacker(encoding);
  try {
    for await (const chunk of readRaw(handle, 0, packedChunkBytes)) {
      for (let rest = chunk; rest.length > 0 && unpacker && !unpacker.fault();) {
        const used = await unpacker.write(rest);
        yield* unpacker.take();
        // Unlike gunzip, a Zstandard stream stops at the end of its first frame.
        if (used >= rest.length || unpacker.fault()) break;
        rest = rest.subarray(used);
        unpacker.destroy();
        unpacker = createUnpacker(encoding);
      }
      if (!unpacker || unpacker.fault()) break;
    }
    if (unpacker && !unpacker.fault()) {
      await unpacker.end();
      yield* unpacker.take();
    }
  } finally {
    unpacker?.destroy();
  }
  const fault = unpacker ? unpacker.fault() : 'unsupported';
  if (fault) request.onFault?.(fault);
}

interface Unpacker {
  /** Resolves to how many bytes were taken; fewer than given where what is packed ends before. */
  write(chunk: Buffer): Promise<number>;
  end(): Promise<void>;
  /** What was unpacked since it was last asked for. */
  take(): readonly Buffer[];
  fault(): ContentFault | undefined;
  destroy(): void;
}

/** Undefined where this Node.js has no such decompression. */
function createUnpacker(encoding: 'gzip' | 'zstd'): Unpacker | undefined {
  const { createZstdDecompress }: { readonly createZstdDecompress?: typeof zlib.createZstdDecompress } = zlib;
  if (encoding === 'zstd' && !createZstdDecompress) return undefined;
  const stream = encoding === 'zstd' && createZstdDecompress ? createZstdDecompress() : zlib.createGunzip();
  const ready: Buffer[] = [];
  let fault: ContentFault | undefined;
  let failed = (): void => {};
  stream.on('data', (chunk: Buffer) => ready.push(chunk));
  stream.on('error', (error: NodeJS.ErrnoException) => {
    fault = error.code === 'Z_BUF_ERROR' ? 'truncated' : 'corrupt';
    failed();
  });
  // A write is only called back when it succeeds; a stream's own iterator would lose what it buffered before the error.
  const step = (act: (done: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      failed = resolve;
      act(resolve);
    });
  return {
    async write(chunk) {
      const before = stream.bytesWritten;
      await step((done) => stream.write(chunk, done));
      return encoding === 'gzip' ? chunk.length : stream.bytesWritten - before;
    },
    end: () => step((done) => stream.once('end', done).end()),
    take: () => ready.splice(0),
    fault: () => fault,
    destroy: () => void stream.destroy(),
  };
}
