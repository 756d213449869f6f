import { launchChromium } from '../../scripts/chromium.ts';
import { ensureServer, type ServerRelease, startServer } from '../../scripts/vscode-server.ts';
import type { StartHost } from './host.ts';

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
    const ended = new Promise<string>((resolve) => {
      server.process.once('exit', (code) => resolve(`the server ended with code ${code}`));
    });
    try {
      const browser = await launchChromium();
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      // The authority must be the very host:port of the address bar.
      const remote = (path: string): string => `vscode-remote://127.0.0.1:${server.port}${path}`;
      const payload = JSON.stringify([
        ['extensionDevelopmentPath', remote(order.extension)],
        ['extensionTestsPath', remote(order.tests)],
      ]);
      const query = new URLSearchParams({ folder: order.workspace, payload }).toString();
      await page.goto(`http://127.0.0.1:${server.port}/?${query}`);
      return {
        page: () => page,
        ended,
        stop: async () => {
          await browser.close();
          await server.stop();
        },
      };
    } catch (error) {
      await server.stop();
      throw error;
    }
  };
}
