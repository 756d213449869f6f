import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { dirname, join } from 'node:path';
import { cached } from './cache.ts';
import { root } from './layout.ts';
import { atEnd, endGroup, freePort, npm, pause, run } from './processes.ts';

/** A pinned VS Code server and the Node its extension host runs on. */
export interface ServerRelease {
  readonly vscode: string;
  /** The npm package that carries it. */
  readonly codeServer: string;
  /** Absent: the Node that runs this script, which is of the same major. */
  readonly node?: string;
  /** Its lib/vscode names a dependency by a git address and pins it in a shrinkwrap. */
  readonly mendWatcher?: boolean;
}

export const newest: ServerRelease = { vscode: '1.139.1', codeServer: '4.139.1' };
/** The oldest host that `engines.vscode` promises. */
export const oldest: ServerRelease = {
  vscode: '1.106.3',
  codeServer: '4.106.3',
  node: '22.23.3',
  mendWatcher: true,
};

export interface InstalledServer {
  /** VS Code's own entry: only it, not code-server's wrapper, takes --enable-smoke-test-driver. */
  readonly main: string;
  readonly node: string;
}

/** Installs the server from the npm registry into the cache; a second call finds it there. */
export async function ensureServer(release: ServerRelease): Promise<InstalledServer> {
  const folder = await cached({
    folder: `server-${release.vscode}`,
    packages: [`code-server@${release.codeServer}`],
    finish: async (partial) => {
      const vscode = vscodeFolder(partial);
      if (release.mendWatcher === true) await mendWatcher(vscode);
      // The install scripts compile native modules, which wants headers and a compiler; the server runs without them.
      await npm(['install', '--omit=dev', '--ignore-scripts'], vscode);
    },
  });
  const main = join(vscodeFolder(folder), 'out', 'server-main.js');
  if (release.node === undefined) return { main, node: process.execPath };
  const nodeFolder = await cached({
    folder: `node-${release.node}`,
    packages: [`node@${release.node}`],
    allowScripts: ['node'],
  });
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  return { main, node: join(nodeFolder, 'node_modules', 'node', 'bin', binary) };
}

function vscodeFolder(folder: string): string {
  return join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

async function mendWatcher(vscode: string): Promise<void> {
  const file = join(vscode, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { dependencies: Record<string, string> };
  manifest.dependencies['@parcel/watcher'] = '^2.5.1';
  await writeFile(file, JSON.stringify(manifest, null, 2));
  await rm(join(vscode, 'npm-shrinkwrap.json'), { force: true });
}

/** Installs a VSIX for real, as a user would. */
export async function installVsix(server: InstalledServer, vsix: string, profile: string): Promise<void> {
  const args = [server.main, '--install-extension', vsix, '--force', ...profileArgs(profile)];
  const done = await run(server.node, args, { env: hostEnv() });
  if (done.code !== 0 || !/successfully installed/i.test(done.output)) {
    throw new Error(`VS Code did not install ${vsix}:\n${done.output}`);
  }
}

function profileArgs(profile: string): readonly string[] {
  return ['--server-data-dir', join(profile, 'data'), '--extensions-dir', join(profile, 'extensions')];
}

/** The server must not take itself for part of an editor in whose terminal it was started. */
function hostEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(VSCODE|ELECTRON)_/.test(key)));
}

export interface StartOptions {
  readonly server: InstalledServer;
  /** Folder of our own for user data and extensions. */
  readonly profile: string;
  /** The folder that is opened. */
  readonly workspace: string;
  readonly trusted: boolean;
  /** Lets a page's payload start a test suite in the extension host. */
  readonly smokeTest?: boolean;
  /** Absent: no token, for tests alone. */
  readonly token?: string;
  readonly port?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: NodeJS.ProcessEnv;
  readonly logFile: string;
}

export interface RunningServer {
  readonly port: number;
  readonly process: ChildProcess;
  readonly stop: () => Promise<void>;
}

/** Quiet by default: no welcome page, no chat bar, no telemetry, no updates, no questions. */
export const quietSettings: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'git.autofetch': false,
  'security.workspace.trust.startupPrompt': 'never',
};

/** Starts the server on 127.0.0.1 and resolves when it answers. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const userData = join(options.profile, 'data', 'data', 'User');
  await mkdir(userData, { recursive: true });
  const settings = JSON.stringify({ ...quietSettings, ...options.settings }, null, 2);
  await writeFile(join(userData, 'settings.json'), settings);

  const port = options.port ?? (await freePort());
  // In a file: the arguments of a process can be read by every user of the machine.
  const tokenFile = join(options.profile, 'token');
  if (options.token !== undefined) await writeFile(tokenFile, options.token, { mode: 0o600 });
  const args = [
    options.server.main,
    ...['--host', '127.0.0.1', '--port', String(port), '--accept-server-license-terms'],
    ...['--telemetry-level', 'off', '--default-folder', options.workspace, ...profileArgs(options.profile)],
    ...(options.token === undefined
      ? ['--without-connection-token']
      : ['--connection-token-file', tokenFile]),
    // Else a login shell decides which Node the workspace's tests run on, and it may know an older one.
    '--force-disable-user-env',
    ...(options.trusted ? ['--disable-workspace-trust'] : []),
    ...(options.smokeTest === true ? ['--enable-smoke-test-driver'] : []),
  ];
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = createWriteStream(options.logFile);
  const guard = join(root, 'scripts', 'guard.ts');
  const child = spawn(process.execPath, [guard, options.server.node, ...args], {
    detached: process.platform !== 'win32',
    // As if started from a terminal: tests of the workspace find the same `node` as this process, not that of a login shell.
    env: { ...hostEnv(), VSCODE_CLI: '1', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const stop = async (): Promise<void> => {
    forget();
    await endGroup(child);
    log.end();
  };
  const forget = atEnd(stop);
  // A clean-up that a crash or process.exit cannot go round.
  process.once('exit', () => {
    if (child.exitCode === null && child.signalCode === null && process.platform !== 'win32') {
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
  });
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (child.exitCode !== null) break;
    if (await answers(port)) return { port, process: child, stop };
    await pause(100);
  }
  await stop();
  throw new Error(`The VS Code server did not start:\n${await readFile(options.logFile, 'utf8')}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/version', timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
    request.on('timeout', () => request.destroy());
  });
}
