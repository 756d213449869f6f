import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { cached } from './cache.ts';
import { atEnd, run } from './processes.ts';

/** Exactly this one: npm on an older Node would pick a Chromium that does not fit. */
const version = '153.0.0';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Headless Chromium from the npm registry; an installed one only if SUTURE_CHROMIUM names it. */
export async function launchChromium(): Promise<Browser> {
  const browser = await chromium.launch({
    ...(await findChromium()),
    args: flags,
    // On a busy machine the first start takes its time.
    timeout: 90_000,
    // Ending is done in one order for everything: see atEnd.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const forget = atEnd(() => browser.close());
  browser.once('disconnected', forget);
  return browser;
}

interface FoundChromium {
  readonly executablePath: string;
  readonly env?: Record<string, string>;
}

async function findChromium(): Promise<FoundChromium> {
  const named = process.env['SUTURE_CHROMIUM'];
  if (named !== undefined) return { executablePath: named };
  if (process.platform !== 'linux') {
    throw new Error(
      'The packaged Chromium is for Linux: set SUTURE_CHROMIUM to an installed Chromium or Chrome.',
    );
  }
  const folder = await cached({
    folder: `browser-${version}`,
    packages: [`@sparticuz/chromium@${version}`],
    // Here, because a folder that is found was finished: the package takes any file of the right name for a whole one.
    finish: async (partial) => void (await unpack(partial)),
  });
  const { executablePath, env } = await unpack(folder);
  return { executablePath, env: { ...env, FONTCONFIG_PATH: await fontConfig(join(folder, 'unpacked')) } };
}

/** Unpacks, once, in a process of its own, because the package changes the environment of the one that imports it. */
async function unpack(folder: string): Promise<Required<FoundChromium>> {
  const tmp = join(folder, 'unpacked');
  await mkdir(tmp, { recursive: true });
  const entry = pathToFileURL(
    join(folder, 'node_modules', '@sparticuz', 'chromium', 'build', 'index.js'),
  ).href;
  const program = `
    const { default: chromium } = await import(${JSON.stringify(entry)});
    const executablePath = await chromium.executablePath();
    console.log('UNPACKED ' + JSON.stringify({ executablePath, env: process.env }));`;
  const done = await run(process.execPath, ['--input-type=module', '-e', program], {
    // Without this name it takes the machine for one that has its libraries and unpacks none.
    env: { ...process.env, TMPDIR: tmp, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
  });
  const line = /^UNPACKED (.*)$/m.exec(done.output)?.[1];
  if (line === undefined) throw new Error(`Chromium could not be unpacked:\n${done.output}`);
  return JSON.parse(line) as Required<FoundChromium>;
}

/** The package's own configuration names /tmp/fonts only: without any font Chromium ends at the first input field. */
async function fontConfig(tmp: string): Promise<string> {
  const folder = join(tmp, 'font-config');
  const file = join(folder, 'fonts.conf');
  const dirs = `<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>${join(tmp, 'fonts', 'fonts')}</dir>`;
  const cache = `<cachedir>${join(tmp, 'font-cache')}</cachedir>`;
  const text = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${dirs}${cache}</fontconfig>`;
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return folder;
  await mkdir(folder, { recursive: true });
  // In one step, or a Chromium that another run starts at this moment reads half of it and has no font.
  await writeFile(`${file}.${process.pid}`, text);
  await rename(`${file}.${process.pid}`, file);
  return folder;
}
