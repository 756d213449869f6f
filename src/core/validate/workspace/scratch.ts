import { constants } from 'node:fs';
import { access, copyFile, mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Scratch } from '../scratch.ts';
import { inParallel, listCopied } from './copy-list.ts';
import { inCopy, link, linkDependencies, type CopyPlace } from './dependencies.ts';
import { scratchEnvironment } from './environment.ts';
import { probeIsolation, type Isolation } from './isolation.ts';
import { runProcess } from './process.ts';
import { createTexts } from './texts.ts';
import { markOwner, removeFolder, scratchPrefix, sweepLeftovers } from './sweep.ts';

/** A copy on this machine, with what is needed to run something in it. */
export interface LocalScratch extends Scratch {
  /** Absolute folder for reports and temporary files of its runs; gone with the copy. */
  readonly temp: string;
  readonly home: string;
  readonly wrap: Isolation['wrap'];
}

export interface ScratchOptions {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Texts of editors that are not saved yet, by posix path relative to the root. */
  readonly unsaved: ReadonlyMap<string, string>;
  /** Files and folders of telemetry (absolute), never copied. */
  readonly telemetry?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Copies a workspace below the system's temporary folder; rejects when cancelled or when the disk says no. */
export async function createScratch(options: ScratchOptions): Promise<LocalScratch> {
  const { unsaved, telemetry = [], signal } = options;
  signal?.throwIfAborted();
  const root = await realpath(options.root);
  const holder = await mkdtemp(path.join(await realpath(tmpdir()), scratchPrefix));
  try {
    await markOwner(holder);
    await sweepLeftovers(holder);
    const [tree, home, temp] = [
      path.join(holder, 'tree'),
      path.join(holder, 'home'),
      path.join(holder, 'tmp'),
    ];
    await Promise.all([tree, home, temp].map((folder) => mkdir(folder)));
    const apart = [holder, ...telemetry.map((place) => path.resolve(place))];
    const [isolation] = await Promise.all([
      probeIsolation(root, holder),
      copyProject({ root, tree }, apart, signal),
    ]);
    const texts = createTexts(tree);
    await texts.put([...unsaved].map(([file, newText]) => ({ file, newText })));
    texts.keep();
    signal?.throwIfAborted();
    return {
      root: tree,
      isolation: isolation.text,
      put: texts.put,
      restore: texts.restore,
      close: () => removeFolder(holder),
      temp,
      home,
      wrap: isolation.wrap,
    };
  } catch (error) {
    await removeFolder(holder);
    throw error;
  }
}

async function copyProject(
  place: CopyPlace,
  apart: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { root, tree } = place;
  const listed = await listCopied(root, apart, signal);
  const folders = new Set(listed.map(({ file }) => path.posix.dirname(file)));
  await inParallel(folders, async (folder) => {
    await mkdir(path.join(tree, folder), { recursive: true });
  });
  await inParallel(listed, async (entry) => {
    signal?.throwIfAborted();
    const source = path.join(root, entry.file);
    const target = path.join(tree, entry.file);
    if (!entry.link) {
      // Gone since it was listed: as if it had never been there. A clone where the file system can, never a hard link.
      await copyFile(source, target, constants.COPYFILE_FICLONE).catch(ignoreAbsent);
      return;
    }
    const real = await realpath(source).catch(() => null);
    const inside = real === null ? undefined : inCopy(place, real);
    if (inside !== undefined) await link(inside, target);
  });
  const packages = listed.filter(({ file }) => path.posix.basename(file) === 'package.json');
  await linkDependencies(
    place,
    packages.map(({ file }) => path.posix.dirname(file)),
  );
}

function ignoreAbsent(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}

/** Longest time that one process in a copy may take, milliseconds. */
const defaultLimitMs = 300_000;

/** `runProcess` for programs in a copy: isolated, without secrets, with home and caches of its own, and never for ever. */
export function scratchProcess(scratch: LocalScratch, limitMs: number = defaultLimitMs): typeof runProcess {
  return async (options) => {
    const { command, args, signal, env, ...rest } = options;
    // Behind the isolation a missing program would be an exit code among others.
    if (path.isAbsolute(command)) {
      const failure = await access(command, constants.X_OK).then(() => undefined, String);
      if (failure !== undefined)
        return { code: null, signal: null, cancelled: signal?.aborted === true, failure, outputTail: '' };
    }
    const limit = AbortSignal.timeout(limitMs);
    return runProcess({
      ...rest,
      ...scratch.wrap(command, args),
      env: { ...scratchEnvironment(process.env, scratch), ...env },
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
  };
}
