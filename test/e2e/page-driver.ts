import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { say } from '../../scripts/processes.ts';
import type { PageRequest, PageResponse } from './protocol.ts';

/** Answers the page requests in a channel folder until it is stopped. */
export function drivePage(
  channel: string,
  page: () => Page | undefined,
  screenshots: string,
): () => Promise<void> {
  let stopped = false;
  const loop = (async () => {
    while (!stopped) {
      for (const file of existsSync(channel) ? await readdir(channel) : []) {
        // An answer that cannot be given is missed by the test that asked.
        if (file.endsWith('.request'))
          await answer(join(channel, file), page(), screenshots).catch((error: unknown) =>
            say(String(error)),
          );
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return async () => {
    stopped = true;
    await loop;
  };
}

async function answer(file: string, page: Page | undefined, screenshots: string): Promise<void> {
  const request = JSON.parse(await readFile(file, 'utf8')) as PageRequest;
  await rm(file);
  let response: PageResponse;
  try {
    if (page === undefined) throw new Error('this host shows no page that can be driven');
    response = { ok: true, texts: await perform(page, request, screenshots) };
  } catch (error) {
    response = { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
  const base = file.replace(/\.request$/, '');
  await writeFile(`${base}.answer`, JSON.stringify(response));
  await rename(`${base}.answer`, `${base}.response`);
}

async function perform(page: Page, request: PageRequest, screenshots: string): Promise<readonly string[]> {
  switch (request.action) {
    case 'shot':
      await takeShot(page, screenshots, request.name);
      return [];
    case 'hover':
      await target(page, request).hover({ timeout: 15_000 });
      return [];
    case 'click':
      await target(page, request).click({ timeout: 15_000 });
      return [];
    case 'press':
      await page.keyboard.press(request.keys);
      return [];
    case 'type':
      await page.keyboard.type(request.text);
      return [];
    case 'texts': {
      const found = page.locator(request.selector).filter({ visible: true });
      // The editor draws spaces as no-break spaces.
      return (await found.allInnerTexts()).map((text) => text.replaceAll(' ', ' '));
    }
  }
}

function target(page: Page, request: { readonly text?: string; readonly selector?: string }): Locator {
  const all =
    request.text === undefined ? page.locator(request.selector ?? 'body') : page.getByText(request.text);
  return all.filter({ visible: true }).first();
}

/** Saves a picture of the page under a file name made of `name`; returns the file. */
export async function takeShot(page: Page, folder: string, name: string): Promise<string> {
  const file = join(folder, `${name.replaceAll(/[^\w.-]+/g, '-').slice(0, 120)}.png`);
  await mkdir(dirname(file), { recursive: true });
  await page.screenshot({ path: file });
  return file;
}
