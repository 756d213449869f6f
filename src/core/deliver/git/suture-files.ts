import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, realpath, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { HumanError } from '../../model/human-error.ts';

/** Files that Suture keeps for a team in `.suture/`. */
export type SutureFile = 'ledger.jsonl' | 'suppressions.json';

const folderName = '.suture';
/** Absent on Windows, where links need rights that few have. */
const noFollow = constants.O_NOFOLLOW ?? 0;
const nonBlocking = constants.O_NONBLOCK ?? 0;

/** Text of a file of `.suture/`; null where there is none. Throws a HumanError for one that leads out of the workspace. */
export async function readSutureFile(root: string, name: SutureFile): Promise<string | null> {
  const target = await locate(root, name, false);
  if (target === null) return null;
  return withFile(target, constants.O_RDONLY, async (handle) => handle?.readFile('utf8') ?? null);
}

/** Appends whole lines (each with its line end) to `.suture/ledger.jsonl`, after ending a line that a crash left open. */
export async function appendLedger(root: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  if (lines.some((line) => !/^[^\r\n]+\n$/.test(line)))
    throw new Error('a ledger line is one line with its end');
  const target = await locate(root, 'ledger.jsonl', true);
  if (target === null) return;
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT;
  await withFile(target, flags, async (handle) => {
    if (handle === null) return;
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    const start = size > 0 && last[0] !== 0x0a ? '\n' : '';
    // One write, so that lines of two processes do not mix.
    await handle.appendFile(start + lines.join(''));
  });
}

/**
 * Replaces `.suture/suppressions.json` at once, or not at all. `before` is the text that the new one was made from:
 * where the file holds another by now, nothing is written and a HumanError says so.
 */
export async function writeSuppressions(root: string, before: string | null, text: string): Promise<void> {
  const name = 'suppressions.json';
  if ((await readSutureFile(root, name)) !== before)
    throw new HumanError(`${folderName}/${name} has just been changed by someone else: try again.`);
  const target = await locate(root, name, true);
  if (target === null) return;
  const mode = await lstat(target).then(
    (stats) => stats.mode & 0o777,
    () => null,
  );
  const draft = path.join(path.dirname(target), `.${name}.${randomUUID()}.tmp`);
  try {
    const handle = await open(draft, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (mode !== null) await chmod(draft, mode);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw unwritable(name, error);
  }
}

/** Real path of a file that is inside the root whatever links lead to it; null where its folder is not there. */
async function locate(root: string, name: SutureFile, create: boolean): Promise<string | null> {
  const realRoot = await realpath(root);
  const folder = path.join(realRoot, folderName);
  if (create) {
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw unwritable(name, error);
    });
  }
  const realFolder = await inside(realRoot, folder, folderName);
  if (realFolder === null) return null;
  if (!(await lstat(realFolder)).isDirectory())
    throw new HumanError(
      `${folderName} is a file; Suture keeps its ledger and suppressions in a folder of that name.`,
    );
  const file = path.join(realFolder, name);
  const real = await inside(realRoot, file, `${folderName}/${name}`);
  if (real === null) return create ? file : null;
  if (!(await lstat(real)).isFile())
    throw new HumanError(`${folderName}/${name} is no plain file; it is left alone.`);
  return real;
}

/** Real path of something that is there; null for nothing; throws where links lead out of the root or nowhere. */
async function inside(root: string, at: string, shown: string): Promise<string | null> {
  const stats = await lstat(at).catch(() => null);
  if (stats === null) return null;
  const real = await realpath(at).catch(() => null);
  if (real === null || !real.startsWith(root.endsWith(path.sep) ? root : root + path.sep))
    throw new HumanError(
      `${shown} is a link that leads out of the workspace; nothing is read or written there.`,
    );
  return real;
}

async function withFile<T>(
  target: string,
  flags: number,
  use: (handle: FileHandle | null) => Promise<T>,
): Promise<T> {
  let handle: FileHandle | null;
  try {
    handle = await open(target, flags | noFollow | nonBlocking, 0o666);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unwritable(path.basename(target), error);
    handle = null;
  }
  try {
    return await use(handle);
  } finally {
    await handle?.close();
  }
}

function unwritable(name: string, error: unknown): HumanError {
  return new HumanError(`${folderName}/${name} cannot be read or written: ${(error as Error).message}`);
}
