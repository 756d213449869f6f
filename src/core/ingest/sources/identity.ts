import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** How much of the start of a content tells it from others: far enough to reach past the resource into the first span. */
export const headBytes = 16 * 1024;
/** How much of the content last consumed is remembered. */
export const tailBytes = 1024;

/** Hash of the content bytes before `end`, `length` of them. */
export interface Mark {
  readonly end: number;
  readonly length: number;
  readonly hash: string;
}

/** What tells a file from others, however it is named: its inode, the start of its content, and the bytes last consumed. */
export interface Identity {
  /** Device and inode. */
  readonly inode: string;
  readonly head: Mark;
  readonly tail: Mark;
}

export const noMark: Mark = { end: 0, length: 0, hash: '' };

/** Mark of the first `length` bytes of a head. */
export function headMark(head: Buffer, length: number): Mark {
  const part = head.subarray(0, length);
  return { end: part.length, length: part.length, hash: prefixHash(part) };
}

/** Mark of the last bytes of a record that ends at `end`. */
export function tailMark(record: Buffer, end: number): Mark {
  const part = record.subarray(-tailBytes);
  return { end, length: part.length, hash: hashOf(part) };
}

export function hashOf(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 16);
}

/** Hash of the whole of some bytes that is cheap to take of all their beginnings at once. */
function prefixHash(bytes: Buffer): string {
  return prefixHashes(bytes, new Set([bytes.length])).get(bytes.length) ?? '';
}

/** By length, the hashes of those beginnings that the bytes are long enough for. */
export function prefixHashes(bytes: Buffer, lengths: ReadonlySet<number>): ReadonlyMap<number, string> {
  const hashes = new Map<number, string>();
  // Two FNV-1a chains with different primes and offsets: 64 bits.
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  let index = 0;
  for (const length of [...lengths].toSorted((a, b) => a - b)) {
    if (length > bytes.length) break;
    for (; index < length; index += 1) {
      const byte = bytes[index] as number;
      first = Math.imul(first ^ byte, 0x01000193);
      second = Math.imul(second ^ byte, 0x5bd1e995);
      second ^= second >>> 15;
    }
    hashes.set(length, `${(first >>> 0).toString(36)}-${(second >>> 0).toString(36)}`);
  }
  return hashes;
}

/** `ended`: what only the end of the file completes was delivered too. */
export function formatIdentity(identity: Identity, ended = false): string {
  const mark = (value: Mark): string => `${value.end},${value.length},${value.hash}`;
  return `${identity.inode}|${mark(identity.head)}|${mark(identity.tail)}${ended ? '|ended' : ''}`;
}

export function hasEnded(text: string): boolean {
  return text.endsWith('|ended');
}

/** Undefined for text that `formatIdentity` did not write. */
export function parseIdentity(text: string): Identity | undefined {
  const [inode, head, tail] = text.split('|');
  const first = parseMark(head);
  const last = parseMark(tail);
  return inode && first && last ? { inode, head: first, tail: last } : undefined;
}

function parseMark(text: string | undefined): Mark | undefined {
  const match = /^(\d+),(\d+),([\w-]*)$/.exec(text ?? '');
  return match ? { end: Number(match[1]), length: Number(match[2]), hash: match[3] ?? '' } : undefined;
}

/** True if a content starts with the head that was seen before and still holds the bytes last consumed; `handle` is given only where offsets are those of the file. */
export async function continues(
  identity: Identity,
  head: Buffer,
  handle: FileHandle | undefined,
): Promise<boolean> {
  const { head: first, tail } = identity;
  if (head.length < first.length || prefixHash(head.subarray(0, first.length)) !== first.hash) return false;
  if (!handle || tail.length === 0) return true;
  const bytes = Buffer.alloc(tail.length);
  const { bytesRead } = await handle.read(bytes, 0, tail.length, tail.end - tail.length);
  return bytesRead === tail.length && hashOf(bytes) === tail.hash;
}

/** True if the file itself still starts with what the mark of a head was taken from. */
export async function startsWith(handle: FileHandle, head: Mark): Promise<boolean> {
  const bytes = Buffer.alloc(head.length);
  const { bytesRead } = await handle.read(bytes, 0, head.length, 0);
  return bytesRead === head.length && prefixHash(bytes) === head.hash;
}
