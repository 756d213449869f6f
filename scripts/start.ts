// npm start: the packaged extension, installed for real, in a VS Code of its own over the demo workspace.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { outDir } from './layout.ts';
import { build, packageVsix } from './package.ts';
import { atEnd, endProcess, say } from './processes.ts';
import { materialiseShop } from './shop-release.ts';
import { ensureShop } from './shop.ts';
import { ensureServer, installVsix, newest, startServer } from './vscode-server.ts';

/** Thrown away at the end: the profile of the demo's editor and the demo's workspace. */
let scratch: string | undefined;

atEnd(async () => {
  if (scratch !== undefined) await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  say('Stopped: the port is free and no process is left.');
});
try {
  await serve();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await endProcess('it could not start', 1);
}

async function serve(): Promise<void> {
  // Meanwhile; without them the demo shows everything, but can run no test of the sample.
  const dependencies = ensureShop().catch((error: unknown) =>
    say(`The sample's tests cannot run: ${String(error)}`),
  );
  say('Building the extension');
  await build();
  const vsix = await packageVsix();
  say(`Packaged ${vsix}`);

  const server = await ensureServer(newest);
  // A profile of our own: nothing of the user's editor is read or changed.
  scratch = await mkdtemp(join(tmpdir(), 'suture-demo-'));
  const profile = join(scratch, 'profile');
  await mkdir(profile);
  // The release that has faults, as a repository of its own: what is mended in the demo leaves this one as it is.
  const workspace = join(scratch, 'shop');
  await dependencies;
  await materialiseShop('1.1.0', workspace, { git: true });
  say(`Installing the extension into VS Code ${newest.vscode}`);
  await installVsix(server, vsix, profile);

  const token = randomBytes(16).toString('hex');
  const port = process.env['SUTURE_PORT'];
  const running = await startServer({
    server,
    profile,
    workspace,
    // The demo opens this repository's own sample, which may run its own tests.
    trusted: true,
    token,
    ...(port === undefined ? {} : { port: Number(port) }),
    logFile: join(outDir, 'start.log'),
  });
  // Figures at first sight: a file with handlers is open when the page is.
  const first = `vscode-remote://127.0.0.1:${running.port}${join(workspace, 'src/controllers/products.ts')}`;
  const payload = JSON.stringify([['openFile', first]]);
  const query = new URLSearchParams({ tkn: token, folder: workspace, payload }).toString();
  say(`VS Code ${newest.vscode} with Suture is open on release 1.1.0 of the sample shop in ${workspace}`);
  console.log(`\n    http://127.0.0.1:${running.port}/?${query}\n`);
  console.log('Open this address in a browser on this machine. It holds the token: only who has it gets in.');
  if (hasDesktopCode()) console.log(`In your own VS Code instead: code --install-extension ${vsix}`);
  console.log('Ctrl-C stops it.');
  // Ctrl-C is how this is meant to end.
  process.exitCode = 0;
  running.process.once('exit', () => void endProcess('the server ended', 0));
  // When npm's shell goes away without passing the signal on, this process has a new parent.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && void endProcess('the terminal went away', 0), 1000);
}

function hasDesktopCode(): boolean {
  const { PATH = '', DISPLAY, WAYLAND_DISPLAY } = process.env;
  const display = process.platform !== 'linux' || DISPLAY !== undefined || WAYLAND_DISPLAY !== undefined;
  return display && PATH.split(delimiter).some((folder) => existsSync(join(folder, 'code')));
}
