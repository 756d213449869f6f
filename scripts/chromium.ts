import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { cached } from './cache.ts';
import { cacheDir } from './layout.ts';
import { run } from './processes.ts';

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
  const named = process.env['SUTURE_CHROMIUM'];
  if (named !== undefined) return chromium.launch({ executablePath: named, args: flags });
  if (process.platform !== 'linux') {
    throw new Error(
      'The packaged Chromium is for Linux: set SUTURE_CHROMIUM to an installed Chromium or Chrome.',
    );
  }
  const { executablePath, env } = await unpack();
  return chromium.launch({ executablePath, env, args: flags });
}

interface Unpacked {
  readonly executablePath: string;
  readonly env: Record<string, string>;
}

/** Unpacks in a process of its own, because the package changes the environment of the one that imports it. */
async function unpack(): Promise<Unpacked> {
  const folder = await cached({
    folder: `chromium-${version}`,
    packages: [`@sparticuz/chromium@${version}`],
  });
  const tmp = join(cacheDir, `chromium-${version}-unpacked`);
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
  const unpacked = JSON.parse(line) as Unpacked;
  return { ...unpacked, env: { ...unpacked.env, FONTCONFIG_PATH: await fontConfig(tmp) } };
}

/** The package's own configuration names /tmp/fonts only: without any font Chromium ends at the first input field. */
async function fontConfig(tmp: string): Promise<string> {
  const folder = join(tmp, 'font-config');
  await mkdir(folder, { recursive: true });
  const dirs = `<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>${join(tmp, 'fonts', 'fonts')}</dir>`;
  const cache = `<cachedir>${join(tmp, 'font-cache')}</cachedir>`;
  await writeFile(
    join(folder, 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${dirs}${cache}</fontconfig>`,
  );
  return folder;
}
