import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

export interface Finished {
  /** Exit code; 1 when a signal ended the process or it could not be started. */
  readonly code: number;
  /** Standard output and error as they came. */
  readonly output: string;
}

/** Runs a program to its end and keeps what it says; `show` also passes it on as it comes. */
export async function run(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly show?: boolean } = {},
): Promise<Finished> {
  const { show, ...spawnOptions } = options;
  const child = spawn(command, args, { ...spawnOptions, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
    if (show === true) process.stdout.write(chunk);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
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
