import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Encoding } from './screen.ts';

/** A file of the spool; its name says who writes it. */
export interface Segment {
  /** Absolute. */
  readonly path: string;
  readonly encoding: Encoding;
  readonly bytes: number;
  /** True while its writer may add to it. */
  readonly open: boolean;
}

/** JSON as one request per line, protobuf as the Collector's file exporter frames it: both can be read as any telemetry file. */
const extensions: Readonly<Record<Encoding, string>> = { json: 'jsonl', protobuf: 'pb' };
const segmentName = /^received-[\w-]+-(?<pid>\d+)-\d+(?<open>\.open)?\.(?<extension>jsonl|pb)$/;
const newline = 0x0a;

/** Makes the folder of a spool, for its owner's eyes only; one that cannot be made is found missing by who reads it. */
export async function makeSpool(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => {});
}

/** Name of a segment while it is written; `session` and `number` make it unique. */
export function openName(session: string, pid: number, number: number, encoding: Encoding): string {
  return `received-${session}-${pid}-${number}.open.${extensions[encoding]}`;
}

/** Name of the same segment when nothing will be added to it. */
export function sealedPath(path: string): string {
  return path.replace(/\.open(\.\w+)$/, '$1');
}

/** Files of a spool in the order of their names; empty where there is no such folder. */
export async function listSegments(folder: string): Promise<readonly Segment[]> {
  const names = await readdir(folder).catch(() => []);
  const segments: Segment[] = [];
  for (const name of names.toSorted((a, b) => (a < b ? -1 : 1))) {
    const match = segmentName.exec(name);
    const path = join(folder, name);
    const info = match && (await stat(path).catch(() => undefined));
    if (!info?.isFile()) continue;
    const { pid, open: isOpen, extension } = match?.groups ?? {};
    segments.push({
      path,
      encoding: extension === extensions.json ? 'json' : 'protobuf',
      bytes: info.size,
      open: isOpen !== undefined && isAlive(Number(pid)),
    });
  }
  return segments;
}

/** Offset behind the last whole request; what a killed writer left behind it was never answered for. */
export async function endOfRequests({ path, encoding, bytes }: Segment): Promise<number> {
  const handle = await open(path, 'r');
  try {
    if (encoding === 'protobuf') {
      const head = Buffer.alloc(4);
      for (let offset = 0; ;) {
        const { bytesRead } = await handle.read(head, 0, 4, offset);
        const next = offset + 4 + head.readUInt32BE(0);
        if (bytesRead < 4 || next > bytes) return offset;
        offset = next;
      }
    }
    const chunk = Buffer.alloc(64 * 1024);
    for (let end = bytes; end > 0;) {
      const from = Math.max(0, end - chunk.length);
      const { bytesRead } = await handle.read(chunk, 0, end - from, from);
      const found = chunk.subarray(0, bytesRead).lastIndexOf(newline);
      // Readers stop at the end of a record, before its line break.
      if (found !== -1) return from + found;
      end = from;
    }
    return 0;
  } finally {
    await handle.close();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
