import { downloadAndUnzipVSCode, SilentReporter } from '@vscode/test-electron';
import { cacheDir } from '../../scripts/layout.ts';
import { say } from '../../scripts/processes.ts';
import type { ServerRelease } from '../../scripts/vscode-server.ts';
import { electronHost } from './electron-host.ts';
import type { StartHost } from './host.ts';
import { serverHost } from './server-host.ts';

/** A desktop VS Code where there is a display and it can be downloaded, else the server; SUTURE_TEST_HOST overrides. */
export async function chooseHost(release: ServerRelease): Promise<StartHost> {
  const wanted = process.env['SUTURE_TEST_HOST'];
  if (wanted !== undefined && wanted !== 'server' && wanted !== 'electron') {
    throw new Error(`SUTURE_TEST_HOST is "${wanted}"; it can be "server" or "electron".`);
  }
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  const display = process.platform !== 'linux' || DISPLAY !== undefined || WAYLAND_DISPLAY !== undefined;
  if (wanted === 'server' || (wanted === undefined && !display)) {
    say(
      `host: VS Code server ${release.vscode} in headless Chromium (${wanted ? 'SUTURE_TEST_HOST' : 'no display'})`,
    );
    return serverHost(release);
  }
  try {
    const reporter = new SilentReporter();
    const executable = await downloadAndUnzipVSCode({
      version: release.vscode,
      cachePath: cacheDir,
      reporter,
    });
    say(`host: desktop VS Code ${release.vscode} through @vscode/test-electron`);
    return electronHost(executable);
  } catch (error) {
    if (wanted === 'electron') throw error;
    const reason = String(error).split('\n')[0];
    say(`host: VS Code server ${release.vscode} in headless Chromium (no desktop VS Code: ${reason})`);
    return serverHost(release);
  }
}
