import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { runProcess } from './process.ts';

/** What a run is kept from, and how a command is started so. */
export interface Isolation {
  /** For the verdict: `no network but loopback and socket files`, `none: ...`. */
  readonly text: string;
  readonly wrap: (
    command: string,
    args: readonly string[],
  ) => { readonly command: string; readonly args: readonly string[] };
}

const LOOPBACK = '{ ip link set lo up || ifconfig lo up; } 2>/dev/null || exit 97';
const READ_ONLY = 'mount --rbind "$0" "$0" && mount -o remount,bind,ro "$0" || exit 98';

/**
 * Tries what this system offers, best first: no network but loopback and the user's own files read-only, then the
 * network alone. `root` and `scratch` are absolute and real.
 */
export async function probeIsolation(
  root: string,
  scratch: string,
  platform: NodeJS.Platform = process.platform,
): Promise<Isolation> {
  const none = (why: string): Isolation => ({
    text: `none: ${why}`,
    wrap: (command, args) => ({ command, args }),
  });
  if (platform !== 'linux') return none(`${platform} offers none without administrator rights`);
  const unshare = onPath('unshare');
  const shell = onPath('sh');
  if (unshare === undefined || shell === undefined) return none('no unshare on the PATH');
  const wrapped = (text: string, flags: string, script: string): Isolation => ({
    text,
    wrap: (command, args) => ({
      command: unshare,
      args: [flags, shell, '-c', `${script}; exec "$@"`, root, command, ...args],
    }),
  });
  // A socket file is no network: a local database that listens on one is as near as in the user's own test run.
  const reachable = 'no network but loopback and socket files';
  const network = wrapped(reachable, '-rn', LOOPBACK);
  const both = wrapped(
    `${reachable}; the files of the workspace are read-only`,
    '-rnm',
    `${LOOPBACK}; ${READ_ONLY}`,
  );
  const apart = path.relative(root, scratch).startsWith('..');
  let why = '';
  for (const isolation of apart ? [both, network] : [network]) {
    const end = await runProcess({ ...isolation.wrap(shell, ['-c', 'exit 0']), cwd: scratch });
    if (end.code === 0) return isolation;
    why = end.failure ?? end.outputTail.trim().split('\n').at(-1) ?? '';
  }
  return none(`this system refuses it (${why === '' ? 'no reason given' : why})`);
}

/** Absolute path of an executable by the PATH of this process. */
function onPath(name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
