import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** Unpacks the entries under `prefix` of a zip file (APPNOTE 4.3.12, no ZIP64) into a folder. */
export async function unzip(file: string, prefix: string, folder: string): Promise<void> {
  const zip = await readFile(file);
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error(`${file} is not a zip file.`);
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const method = zip.readUInt16LE(at + 10);
    const packedSize = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const header = zip.readUInt32LE(at + 42);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    if (!name.startsWith(prefix) || name.endsWith('/')) continue;
    const target = join(folder, name.slice(prefix.length));
    if (relative(folder, target).startsWith('..'))
      throw new Error(`${file} holds a path outside itself: ${name}`);
    const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const packed = zip.subarray(start, start + packedSize);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, method === 0 ? packed : inflateRawSync(packed));
  }
}
