// Pictures of the installed extension over the demo workspace, to look at:
//   npm run screenshot -- --file src/app.ts [--line N [--word TEXT]] [--view LABEL] [--theme NAME] [--name NAME]
//                         [--open ROW] [--workspace DIR] [--wait SECONDS] [--oldest]
// Saves out/screenshots/<name>.png and, with --line, <name>-hover.png: the hover over the word or at the cursor.
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { outDir, root, screenshotsDir, shopWorkspace } from './layout.ts';
import { build, packageVsix } from './package.ts';
import { pause, say } from './processes.ts';
import { ensureServer, installVsix, newest, oldest, startServer } from './vscode-server.ts';

const { values } = parseArgs({
  options: {
    file: { type: 'string' },
    line: { type: 'string' },
    word: { type: 'string' },
    workspace: { type: 'string', default: shopWorkspace },
    name: { type: 'string', default: 'shop' },
    wait: { type: 'string', default: '8' },
    /** Opens this view container by the label of its icon, such as Suture. */
    view: { type: 'string' },
    /** Opens the row of a tree whose text begins so, such as "12 calls". */
    open: { type: 'string' },
    theme: { type: 'string' },
    oldest: { type: 'boolean', default: false },
  },
});

await build();
const vsix = await packageVsix();
const profile = await mkdtemp(join(tmpdir(), 'suture-shoot-'));
const server = await ensureServer(values.oldest ? oldest : newest);
await installVsix(server, vsix, profile);
const running = await startServer({
  server,
  profile,
  workspace: resolve(values.workspace),
  trusted: true,
  settings: values.theme === undefined ? {} : { 'workbench.colorTheme': values.theme },
  logFile: join(outDir, 'shoot.log'),
});
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const folder = resolve(values.workspace);
  const target = `vscode-remote://127.0.0.1:${running.port}${resolve(folder, values.file ?? '')}:${values.line ?? '1'}`;
  const payload = JSON.stringify([
    ['openFile', target],
    ['gotoLineMode', 'true'],
  ]);
  const query = new URLSearchParams({ folder, ...(values.file === undefined ? {} : { payload }) }).toString();
  await page.goto(`http://127.0.0.1:${running.port}/?${query}`);
  await page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 60_000 });
  await pause(3000);
  if (values.view !== undefined) await page.getByRole('tab', { name: values.view }).first().click();
  if (values.file !== undefined)
    await page.locator('.monaco-editor .view-line').first().waitFor({ timeout: 60_000 });
  await pause(Number(values.wait) * 1000);
  if (values.open !== undefined) {
    await page.locator('.pane-body .monaco-list-row', { hasText: values.open }).first().click();
    await pause(2000);
  }
  await save(page, values.name);
  if (values.line !== undefined) {
    await hover(page);
    await save(page, `${values.name}-hover`);
  }
} finally {
  await browser.close();
  await running.stop();
  await keepLogs();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
}

/** Over the word given, else by the command for the cursor's place. */
async function hover(page: Page): Promise<void> {
  if (values.word !== undefined) {
    await page.locator('.monaco-editor .view-line').getByText(values.word, { exact: true }).first().hover();
  } else {
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
  }
  await page
    .locator('.monaco-hover:not(.hidden)')
    .first()
    .waitFor({ timeout: 5000 })
    .catch(() => say('no hover came up'));
  await pause(1500);
}

async function save(page: Page, name: string): Promise<void> {
  const path = join(screenshotsDir, `${name}.png`);
  await page.screenshot({ path });
  say(`saved ${path}`);
}

/** Output channels and the extension host's log, for when the picture shows nothing. */
async function keepLogs(): Promise<void> {
  const logs = join(profile, 'data', 'data', 'logs');
  const kept = join(outDir, 'shoot-logs');
  await rm(kept, { recursive: true, force: true });
  if ((await readdir(logs).catch(() => [])).length > 0) await cp(logs, kept, { recursive: true });
  say(`logs are in ${kept.slice(root.length + 1)}`);
}
