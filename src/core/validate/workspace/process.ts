import { spawn, type ChildProcess } from 'node:child_process';

export interface ProcessOptions {
  /** Absolute path of the executable; it is never looked up by a shell. */
  readonly command: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** Complete lines of both streams, as they come, without escape sequences. */
  readonly onLine?: (line: string) => void;
}

/** How a process ended; `code` is null when it was killed or never ran. */
export interface ProcessEnd {
  readonly code: number | null;
  /** Name of the signal that ended it. */
  readonly signal: string | null;
  /** Why it could not be started. */
  readonly failure?: string;
  readonly cancelled: boolean;
  /** The last of what it wrote, at most `tailChars` characters, without escape sequences. */
  readonly outputTail: string;
}

const tailChars = 16_384;
/** Time that a cancelled process has to end by itself, milliseconds. */
const graceMs = 2_000;
const ESCAPES = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/g;

/** Runs a program without a shell in a process group of its own; resolves however it ends, never rejects. */
export function runProcess(options: ProcessOptions): Promise<ProcessEnd> {
  const { command, args, cwd, env, signal, onLine } = options;
  return new Promise((resolve) => {
    let tail = '';
    let cancelled = signal?.aborted === true;
    if (cancelled) {
      resolve({ code: null, signal: null, cancelled, outputTail: '' });
      return;
    }
    const posix = process.platform !== 'win32';
    let child: ChildProcess;
    try {
      child = spawn(command, args, {
        cwd,
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: posix,
        windowsHide: true,
      });
    } catch (error) {
      // A command that the system refuses outright (a NUL character, a folder that is not there on Windows).
      resolve({ code: null, signal: null, cancelled, failure: messageOf(error), outputTail: '' });
      return;
    }
    let killTimer: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      cancelled = true;
      killGroup(child, posix, 'SIGTERM');
      killTimer = setTimeout(() => killGroup(child, posix, 'SIGKILL'), graceMs);
    };
    const finish = (end: Pick<ProcessEnd, 'code' | 'signal' | 'failure'>): void => {
      clearTimeout(killTimer);
      signal?.removeEventListener('abort', cancel);
      // Grandchildren that outlived a cancelled run hold ports and files.
      if (cancelled) killGroup(child, posix, 'SIGKILL');
      resolve({ ...end, cancelled, outputTail: tail });
    };
    signal?.addEventListener('abort', cancel);
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream?.setEncoding('utf8');
      stream?.on('data', (chunk: string) => {
        const plain = chunk.replaceAll(ESCAPES, '');
        tail = (tail + plain).slice(-tailChars);
        const lines = (rest + plain).split(/\r?\n/);
        // A line without an end is cut rather than kept for ever.
        rest = (lines.pop() ?? '').slice(-tailChars);
        for (const line of lines) onLine?.(line);
      });
      stream?.on('end', () => {
        if (rest !== '') onLine?.(rest);
      });
    }
    child.once('error', (error) => finish({ code: null, signal: null, failure: messageOf(error) }));
    child.once('close', (code, killedBy) => finish({ code, signal: killedBy }));
  });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function killGroup(child: ChildProcess, posix: boolean, name: NodeJS.Signals): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (posix) process.kill(-pid, name);
    else
      spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' }).once('error', () =>
        child.kill(),
      );
  } catch {
    // The group is gone already.
  }
}
