import { launchChromium } from '../../scripts/chromium.ts';
import { pause } from '../../scripts/processes.ts';
import { ensureServer, type ServerRelease, startServer } from '../../scripts/vscode-server.ts';
import type { HostEnd, StartHost } from './host.ts';

/** VS Code's own server and a headless browser, both from the npm registry. */
export function serverHost(release: ServerRelease): StartHost {
  return async (order) => {
    const server = await startServer({
      server: await ensureServer(release),
      profile: order.profile,
      workspace: order.workspace,
      trusted: order.trusted,
      smokeTest: true,
      env: order.env,
      logFile: order.logFile,
    });
    try {
      const browser = await launchChromium();
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      const ended = new Promise<HostEnd>((resolve) => {
        server.process.once('exit', (code) => {
          resolve({ reason: `the server ended with code ${String(code)}`, pageDied: false });
        });
        page.once('crash', () => resolve({ reason: 'the page crashed', pageDied: true }));
        browser.once('disconnected', () => resolve({ reason: 'Chromium ended', pageDied: true }));
        // The authority must be the very host:port of the address bar.
        const remote = (path: string): string => `vscode-remote://127.0.0.1:${server.port}${path}`;
        const payload = JSON.stringify([
          ['extensionDevelopmentPath', remote(order.extension)],
          ['extensionTestsPath', remote(order.tests)],
        ]);
        const opened = order.workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
        const query = new URLSearchParams({ [opened]: order.workspace, payload }).toString();
        page
          .goto(`http://127.0.0.1:${server.port}/?${query}`, { timeout: 90_000 })
          .catch((error: unknown) =>
            resolve({ reason: `the page did not open: ${String(error)}`, pageDied: true }),
          );
      });
      return {
        page: () => (page.isClosed() ? undefined : page),
        ended,
        stop: async () => {
          // A page that hangs may keep its browser from closing; what is left then dies with this process.
          await Promise.race([browser.close(), pause(10_000)]);
          await server.stop();
        },
      };
    } catch (error) {
      await server.stop();
      throw error;
    }
  };
}
