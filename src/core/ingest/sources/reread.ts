import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { RecordRef, SourceRecord } from '../../model/source.ts';
import { readContent } from './content.ts';
import { decodeFrame } from './decode-frame.ts';
import type { TailedFile } from './tail.ts';

/** Reads records of one file again, in the order of their offsets; what is no longer there is left out. */
export async function* rereadFile(file: TailedFile, refs: readonly RecordRef[]): AsyncGenerator<SourceRecord, void> {
  const ordered = refs.toSorted((a, b) => a.offset - b.offset);
  let handle: FileHandle;
  try {
    handle = await open(file.path, 'r');
  } catch {
    return;
  }
  try {
    for await (const [ref, bytes] of file.encoding === 'plain' ? inPlace(handle, ordered) : streamed(handle, file, ordered)) {
      const frame = { kind: 'record', offset: ref.offset, length: ref.length, line: 1, endLine: 1, closed: true, bytes } as const;
      const { spans } = decodeFrame(frame, file.path, file.format, undefined);
      if (spans.length > 0) yield { ref, spans };
    }
  } catch {
    // The file went or broke while it was read: what was read stands.
  } finally {
    await handle.close();
  }
}

type Piece = readonly [RecordRef, Buffer];

async function* inPlace(handle: FileHandle, refs: readonly RecordRef[]): AsyncGenerator<Piece, void> {
  for (const ref of refs) {
    const bytes = Buffer.allocUnsafe(ref.length);
    const { bytesRead } = await handle.read(bytes, 0, ref.length, ref.offset);
    if (bytesRead === ref.length) yield [ref, bytes];
  }
}

async function* streamed(handle: FileHandle, file: TailedFile, refs: readonly RecordRef[]): AsyncGenerator<Piece, void> {
  let position = refs[0]?.offset ?? 0;
  let next = 0;
  let parts: Buffer[] = [];
  for await (const chunk of readContent(handle, { encoding: file.encoding, from: position })) {
    for (let ref = refs[next]; ref; ref = refs[next]) {
      const end = ref.offset + ref.length;
      const from = Math.max(ref.offset - position, 0);
      if (from < chunk.length) parts.push(Buffer.from(chunk.subarray(from, end - position)));
      if (end > position + chunk.length) break;
      yield [ref, Buffer.concat(parts)];
      parts = [];
      next += 1;
    }
    position += chunk.length;
    if (next >= refs.length) return;
  }
}
