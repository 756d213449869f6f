import type { FileHandle } from 'node:fs/promises';
import { detectEncoding, readHead } from './content.ts';
import type { Encoding } from './content.ts';
import { continues, headBytes } from './identity.ts';
import type { Identity } from './identity.ts';
import { framingOf } from './length-prefixed-framing.ts';
import type { Framing } from './length-prefixed-framing.ts';

/** A file just opened, before it is known which one it is. */
export interface Opened {
  readonly path: string;
  /** Device and inode. */
  readonly inode: string;
  readonly handle: FileHandle;
  /** Of the file, in bytes. */
  readonly size: number;
  readonly encoding: Encoding;
  readonly framing: Framing;
  /** First bytes of its content. */
  readonly head: Buffer;
}

/** Looks at the start of an open file; `path` is only handed on. */
export async function inspect(handle: FileHandle, path: string): Promise<Opened> {
  const info = await handle.stat({ bigint: true });
  const buffer = Buffer.allocUnsafe(headBytes);
  const { bytesRead } = await handle.read(buffer, 0, headBytes, 0);
  const start = buffer.subarray(0, bytesRead);
  const encoding = detectEncoding(start);
  const head = encoding === 'plain' ? start : await readHead(handle, encoding, headBytes);
  const inode = `${info.dev}:${info.ino}`;
  return { path, inode, handle, size: Number(info.size), encoding, framing: framingOf(head), head };
}

/** True if this is the file that had that identity, grown or renamed perhaps. */
export function isSame(identity: Identity, opened: Opened): Promise<boolean> {
  return continues(identity, opened.head, opened.encoding === 'plain' ? opened.handle : undefined);
}
