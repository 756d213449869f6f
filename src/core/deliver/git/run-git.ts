import { spawn } from 'node:child_process';
import { access, constants, realpath, stat } from 'node:fs/promises';
import { devNull } from 'node:os';
import path from 'node:path';

export interface GitInput {
  readonly stdin?: string | Buffer;
  /** An index of our own, so that the user's is neither read nor written. */
  readonly indexFile?: string;
  /** Milliseconds after which git is stopped; what it has written until then is in the result. */
  readonly timeoutMs?: number;
}

/** How a git command ended; `code` is null when it was stopped or never ran. */
export interface GitResult {
  readonly code: number | null;
  readonly stdout: Buffer;
  /** At most 4,000 characters, may quote hostile names. */
  readonly stderr: string;
}

/** Runs git in one folder; resolves however it ends. */
export type RunGit = (args: readonly string[], input?: GitInput) => Promise<GitResult>;

const usualTimeoutMs = 30_000;
const mostBytes = 64 * 1024 * 1024;

/**
 * A repository is untrusted input: its own configuration can name programs to run. What can be switched off from the
 * command line is off here; filters cannot, so commands that would run them are not used (see `tree-files.ts`).
 */
const safeConfig: readonly string[] = [
  `core.hooksPath=${devNull}`,
  'core.fsmonitor=false',
  'core.pager=cat',
  'core.splitIndex=false',
  'core.safecrlf=false',
  'index.sparse=false',
  'log.showSignature=false',
  'i18n.commitEncoding=UTF-8',
  'i18n.logOutputEncoding=UTF-8',
  'protocol.allow=never',
  'safe.bareRepository=explicit',
  // A commit under a guessed name would be nobody's.
  'user.useConfigOnly=true',
];

/** What a user may set for git itself; anything else (GIT_DIR, GIT_INDEX_FILE inside a hook) would lead elsewhere. */
const keptVariables = new Set([
  'GIT_AUTHOR_NAME',
  'GIT_AUTHOR_EMAIL',
  'GIT_COMMITTER_NAME',
  'GIT_COMMITTER_EMAIL',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CEILING_DIRECTORIES',
]);

let found: Promise<string | null> | undefined;

/** Absolute path of the git executable on the search path, looked for once; null where there is none. */
export function findGit(): Promise<string | null> {
  found ??= searchGit(process.env['PATH'] ?? process.env['Path'] ?? '');
  return found;
}

/** Looks through a search path; relative parts of it are left out, as they would name programs of the workspace. */
export async function searchGit(searchPath: string): Promise<string | null> {
  const name = process.platform === 'win32' ? 'git.exe' : 'git';
  for (const folder of searchPath.split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const candidate = path.join(folder, name);
    const runs = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs && (await stat(candidate)).isFile()) return candidate;
  }
  return null;
}

/** True when an executable stands inside a folder that is not trusted to hold programs. */
export async function standsInside(executable: string, root: string): Promise<boolean> {
  const [file, folder] = await Promise.all([realpath(executable), realpath(root)]);
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** Git without shell, hooks, prompts, network and pager, in `cwd` (absolute). */
export function gitIn(executable: string, cwd: string): RunGit {
  const flags = ['--no-pager', ...safeConfig.flatMap((setting) => ['-c', setting])];
  return (args, input = {}) =>
    new Promise((resolve) => {
      const out: Buffer[] = [];
      let bytes = 0;
      let stderr = '';
      let stopped = false;
      const child = spawn(executable, [...flags, ...args], {
        cwd,
        env: environment(input.indexFile),
        stdio: ['pipe', 'pipe', 'pipe'],
        windowsHide: true,
      });
      const stop = (): void => {
        stopped = true;
        child.kill('SIGKILL');
      };
      const timer = setTimeout(stop, input.timeoutMs ?? usualTimeoutMs);
      const finish = (code: number | null, failure = ''): void => {
        clearTimeout(timer);
        resolve({ code: stopped ? null : code, stdout: Buffer.concat(out), stderr: stderr + failure });
      };
      child.stdout.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostBytes) stop();
        else out.push(chunk);
      });
      child.stderr.setEncoding('utf8');
      child.stderr.on('data', (chunk: string) => {
        stderr = (stderr + chunk).slice(0, 4_000);
      });
      // A git that ended before it read everything is known by its exit code.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input.stdin ?? '');
      child.once('error', (error) => finish(null, error.message));
      child.once('close', (code) => finish(code));
    });
}

function environment(indexFile: string | undefined): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.toUpperCase().startsWith('GIT_') || keptVariables.has(name),
  );
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    // A partial clone would ask its server for what is missing.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    ...(indexFile !== undefined && { GIT_INDEX_FILE: indexFile }),
  };
}
