import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { constants } from 'node:os';

export interface Finished {
  /** Exit code; 1 when a signal ended the process or it could not be started. */
  readonly code: number;
  /** Standard output and error as they came. */
  readonly output: string;
}

type CleanUp = () => void | Promise<void>;
const cleanUps: CleanUp[] = [];
let ending = false;

/** Has `work` done, last come first, when a signal or `endProcess` ends this process; the result takes it back. */
export function atEnd(work: CleanUp): () => void {
  if (cleanUps.length === 0) listenForSignals();
  cleanUps.push(work);
  return () => {
    const index = cleanUps.indexOf(work);
    if (index >= 0) cleanUps.splice(index, 1);
  };
}

let listening = false;
function listenForSignals(): void {
  if (listening) return;
  listening = true;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void endProcess(signal, 128 + constants.signals[signal]));
}

/** Never comes back once this process is being ended, so that what is closed by that is not taken for a failure. */
export async function unlessEnding(): Promise<void> {
  if (ending) await new Promise(() => undefined);
}

/** Cleans up, within 15 seconds, and exits; a script that set `process.exitCode` keeps its own code. */
export async function endProcess(reason: string, code: number): Promise<void> {
  if (ending) return;
  ending = true;
  console.log(`\nStopping (${reason})`);
  setTimeout(() => process.exit(code), 15_000);
  for (const work of cleanUps.toReversed()) {
    try {
      await work();
    } catch (error) {
      console.error(error);
    }
  }
  process.exit(process.exitCode ?? code);
}

/** Runs a program to its end and keeps what it says; `show` also passes it on as it comes. */
export async function run(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly show?: boolean } = {},
): Promise<Finished> {
  const { show, ...spawnOptions } = options;
  // A group of its own, so that what it starts can be ended with it.
  const detached = process.platform !== 'win32';
  const child = spawn(command, args, { ...spawnOptions, detached, stdio: ['ignore', 'pipe', 'pipe'] });
  const forget = atEnd(() => endGroup(child));
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
    if (show === true) process.stdout.write(chunk);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return new Promise((resolve) => {
    const finish = (finished: Finished): void => {
      forget();
      // Who is being ended gets no answer, so that nothing new is started.
      if (!ending) resolve(finished);
    };
    child.on('error', (error) => finish({ code: 1, output: `${output}${error.message}\n` }));
    child.on('close', (code) => finish({ code: code ?? 1, output }));
  });
}

/** The npm that runs this script, on this Node, in a folder of its own; throws with npm's messages when it fails. */
export async function npm(args: readonly string[], cwd: string): Promise<void> {
  const env: NodeJS.ProcessEnv = {};
  for (const [key, value] of Object.entries(process.env)) {
    // What the outer `npm run` tells about this project would make the inner npm install here instead of in cwd.
    if (!/^npm_(package|lifecycle|config_local_prefix|config_prefix)/i.test(key)) env[key] = value;
  }
  const execPath = process.env['npm_execpath'];
  const all = [...args, '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  const done = execPath?.endsWith('.js')
    ? await run(process.execPath, [execPath, ...all], { cwd, env })
    : await run('npm', all, { cwd, env, shell: process.platform === 'win32' });
  if (done.code !== 0) throw new Error(`npm ${args.join(' ')} failed in ${cwd}\n${done.output}`);
}

/** Ends a process that was started with `detached: true` together with everything it started. */
export async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  signalGroup(child, 'SIGTERM');
  for (let waited = 0; waited < 5000 && groupAlive(child); waited += 50) await pause(50);
  if (groupAlive(child)) signalGroup(child, 'SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-(child.pid ?? 0), signal);
  } catch {
    // The group is gone already, which is what was asked for.
  }
}

function groupAlive(child: ChildProcess): boolean {
  if (process.platform === 'win32') return child.exitCode === null && child.signalCode === null;
  try {
    process.kill(-(child.pid ?? 0), 0);
    return true;
  } catch {
    return false;
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A loopback TCP port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No loopback port could be had.');
  return address.port;
}

/** Prints a progress line with the seconds since this process started. */
export function say(message: string): void {
  console.log(`[${process.uptime().toFixed(1).padStart(5)} s] ${message}`);
}
