// Looks at and drives the page that shows the editor, from inside the extension host.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from 'vscode';
import { channelVariable, type PageRequest, type PageResponse } from '../protocol.ts';

/** Saves what the user would see to out/screenshots/<name>.png. */
export async function shot(name: string): Promise<void> {
  await ask({ action: 'shot', name });
}

/** Moves the mouse over the first visible element with this text. */
export async function hoverText(text: string): Promise<void> {
  await ask({ action: 'hover', text });
}

export async function clickText(text: string): Promise<void> {
  await ask({ action: 'click', text });
}

/** Moves the mouse over the first visible element that the CSS selector finds. */
export async function hoverSelector(selector: string): Promise<void> {
  await ask({ action: 'hover', selector });
}

export async function clickSelector(selector: string): Promise<void> {
  await ask({ action: 'click', selector });
}

/** Presses keys in Playwright's spelling, such as `Escape` or `Control+Shift+P`. */
export async function press(keys: string): Promise<void> {
  await ask({ action: 'press', keys });
}

export async function type(text: string): Promise<void> {
  await ask({ action: 'type', text });
}

/** Visible texts of all elements that the CSS selector finds; spaces of every kind become plain ones. */
export async function texts(selector: string): Promise<readonly string[]> {
  return ask({ action: 'texts', selector });
}

/** The first visible text under the selector that matches; throws with what was there instead after `ms`. */
export async function waitForText(selector: string, pattern: RegExp, ms = 20_000): Promise<string> {
  let seen: readonly string[] = [];
  for (const until = Date.now() + ms; Date.now() < until; await pause(200)) {
    seen = await texts(selector);
    const found = seen.find((text) => pattern.test(text));
    if (found !== undefined) return found;
  }
  throw new Error(`No ${selector} shows ${pattern}; seen: ${JSON.stringify(seen)}`);
}

const notification = '.notifications-center .notification-list-item';

/** The first notification that matches; in the list, because VS Code shows no toasts to a test driver. */
export async function waitForNotification(pattern: RegExp, ms = 20_000): Promise<string> {
  for (const until = Date.now() + ms; ; await pause(300)) {
    await commands.executeCommand('notifications.showList');
    try {
      return await waitForText(notification, pattern, 1000);
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}

/** Presses a button of a notification in the list that is shown. */
export async function pressInNotification(button: string): Promise<void> {
  await clickSelector(`${notification} .monaco-button:text-is("${button}")`);
}

let asked = 0;

async function ask(request: PageRequest): Promise<readonly string[]> {
  const channel = process.env[channelVariable];
  if (channel === undefined) throw new Error(`${channelVariable} is not set.`);
  const base = join(channel, `${process.pid}-${++asked}`);
  writeFileSync(`${base}.partial`, JSON.stringify(request));
  renameSync(`${base}.partial`, `${base}.request`);
  for (const until = Date.now() + 30_000; Date.now() < until; await pause(50)) {
    if (!existsSync(`${base}.response`)) continue;
    const response = JSON.parse(readFileSync(`${base}.response`, 'utf8')) as PageResponse;
    rmSync(`${base}.response`);
    if (!response.ok) throw new Error(`The page could not ${JSON.stringify(request)}: ${response.error}`);
    return response.texts;
  }
  throw new Error(`Nobody answered ${JSON.stringify(request)}`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
