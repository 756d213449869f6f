import { runTests } from '@vscode/test-electron';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { freePort, pause } from '../../scripts/processes.ts';
import { quietSettings } from '../../scripts/vscode-server.ts';
import type { StartHost } from './host.ts';

/** A desktop VS Code that was downloaded by @vscode/test-electron; its window is driven over its debugging port. */
export function electronHost(vscodeExecutablePath: string): StartHost {
  return async (order) => {
    mkdirSync(join(order.profile, 'User'), { recursive: true });
    writeFileSync(join(order.profile, 'User', 'settings.json'), JSON.stringify(quietSettings));
    const port = await freePort();
    const launchArgs = [order.workspace, '--user-data-dir', order.profile, `--remote-debugging-port=${port}`];
    if (order.trusted) launchArgs.push('--disable-workspace-trust');
    if (process.getuid?.() === 0) launchArgs.push('--no-sandbox');
    const ended = runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: order.extension,
      extensionTestsPath: order.tests,
      extensionTestsEnv: order.env,
      launchArgs,
    }).then(
      (code) => ({ reason: `VS Code ended with code ${code}`, pageDied: false }),
      (error: unknown) => ({ reason: `VS Code ended: ${String(error)}`, pageDied: false }),
    );
    let page: Page | undefined;
    for (let tries = 0; page === undefined && tries < 120; tries++) {
      await pause(500);
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`).catch(() => undefined);
      page = browser
        ?.contexts()[0]
        ?.pages()
        .find((one) => one.url().includes('workbench'));
    }
    return { page: () => page, ended, stop: async () => void (await page?.close(), await ended) };
  };
}
