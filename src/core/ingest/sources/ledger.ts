import { isAbsolute, join } from 'node:path';
import type { FilePosition } from '../../model/source.ts';
import type { Encoding } from './content.ts';
import { formatOfFile } from './decode-frame.ts';
import { startOfContent } from './length-prefixed-framing.ts';
import { hasEnded, hashOf, noMark, parseIdentity, prefixHashes } from './identity.ts';
import { isSame } from './opened.ts';
import type { Opened } from './opened.ts';
import type { TailedFile } from './tail.ts';

/** Everything known about the files of a source: the ones on disk, and the ones that were. */
export interface Ledger {
  readonly files: readonly TailedFile[];
  /** The entry on disk under this inode, unproven. */
  at(inode: string): TailedFile | undefined;
  /** Which file this is, or a new one; a copy of a known file starts where that file was read to. */
  identify(opened: Opened, catchUp: (original: TailedFile) => Promise<void>): Promise<TailedFile>;
  /** Enters that no file on disk is this one any more. */
  lose(file: TailedFile): void;
  /** Enters which files are on disk and what they are called now. */
  see(listed: ReadonlyMap<string, string>): void;
}

/** `saved` are the positions of an earlier run, of which the last of each file counts; `root` turns their relative paths into absolute ones. */
export function createLedger(saved: readonly FilePosition[], root: string): Ledger {
  const files: TailedFile[] = [];
  const onDisk = new Map<string, TailedFile>();
  const keys = new Set<string>();
  let listed: ReadonlyMap<string, string> = new Map();

  for (const position of new Map(saved.map((item) => [item.file, item])).values()) {
    const identity = parseIdentity(position.fingerprint);
    if (!identity) continue;
    const path = isAbsolute(position.path) ? position.path : join(root, position.path);
    keys.add(position.file);
    const file = newFile(position.file, path, identity, 'plain');
    files.push(
      Object.assign(file, {
        present: false,
        offset: position.offset,
        line: position.line,
        bytes: position.offset,
        ended: hasEnded(position.fingerprint),
      }),
    );
  }

  const freshKey = (opened: Opened): string => {
    const stem = hashOf(`${opened.path}\n${opened.inode}`);
    let key = stem;
    for (let copy = 2; keys.has(key); copy += 1) key = `${stem}~${copy}`;
    keys.add(key);
    return key;
  };

  const enter = (file: TailedFile): void => {
    file.present = true;
    onDisk.set(file.identity.inode, file);
  };

  const adopt = (file: TailedFile, opened: Opened): TailedFile => {
    file.identity = { ...file.identity, inode: opened.inode };
    file.format ??= formatOfFile(startOfContent(opened));
    // Cut within what is half read: that part is read again.
    if (file.framer && opened.encoding === 'plain' && opened.size < file.framer.offset)
      file.framer = undefined;
    if (!file.present) file.note = `read before up to byte ${file.offset}`;
    enter(file);
    const { path, encoding, framing } = opened;
    return Object.assign(file, { path, encoding, framing });
  };

  const lose = (file: TailedFile): void => {
    if (onDisk.get(file.identity.inode) === file) onDisk.delete(file.identity.inode);
    Object.assign(file, { present: false, framer: undefined, stamp: '' });
  };

  /** The first file of these that the opened one continues, tried in order. */
  const continued = async (
    candidates: readonly TailedFile[],
    opened: Opened,
  ): Promise<TailedFile | undefined> => {
    const heads = prefixHashes(opened.head, new Set(candidates.map(({ identity }) => identity.head.length)));
    for (const file of candidates) {
      const { length, hash } = file.identity.head;
      if (length > 0 && heads.get(length) === hash && (await isSame(file.identity, opened))) return file;
    }
    return undefined;
  };

  return {
    files,
    lose,
    at: (inode) => onDisk.get(inode),
    see(now) {
      listed = now;
      for (const file of files) {
        const path = now.get(file.identity.inode);
        if (path === undefined) lose(file);
        else if (file.present) file.path = path;
      }
    },
    async identify(opened, catchUp) {
      const present = onDisk.get(opened.inode);
      if (present && (await isSame(present.identity, opened))) return adopt(present, opened);
      if (present) lose(present);

      const gone = files.filter((file) => !file.present);
      const sameInode = gone.filter((file) => file.identity.inode === opened.inode);
      // An inode that is on disk may yet turn out to be that very file.
      const elsewhere = gone.filter((file) => file === present || !listed.has(file.identity.inode));
      const known = await continued([...sameInode, ...elsewhere], opened);
      if (known) return adopt(known, opened);

      const file = newFile(
        freshKey(opened),
        opened.path,
        { inode: opened.inode, head: noMark, tail: noMark },
        opened.encoding,
      );
      file.framing = opened.framing;
      file.format = formatOfFile(startOfContent(opened));
      files.push(file);
      enter(file);
      const others = files.filter((other) => other !== file && other.offset > 0);
      const original = await continued(others, opened);
      if (original) {
        const before = readUpTo(original, opened);
        await catchUp(original);
        // Copied, then cut: the copy may hold what was added to the original since it was last read.
        Object.assign(file, (await isSame(original.identity, opened)) ? readUpTo(original, opened) : before);
        file.note = 'a copy of a file already read: only what was added is read';
      }
      return file;
    },
  };
}

function readUpTo(
  original: TailedFile,
  opened: Opened,
): Pick<TailedFile, 'offset' | 'line' | 'ended' | 'identity'> {
  const { offset, line, ended, identity } = original;
  return { offset, line, ended, identity: { ...identity, inode: opened.inode } };
}

function newFile(
  key: string,
  path: string,
  identity: TailedFile['identity'],
  encoding: Encoding,
): TailedFile {
  return {
    key,
    path,
    present: true,
    identity,
    encoding,
    framing: 'text',
    packedMessages: false,
    offset: 0,
    line: 0,
    framer: undefined,
    log: undefined,
    ended: false,
    stamp: '',
    faultStamp: '',
    format: undefined,
    note: undefined,
    bytes: 0,
    records: 0,
    spans: 0,
  };
}
