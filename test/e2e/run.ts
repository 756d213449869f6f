// Runs the suite in a real VS Code: node test/e2e/run.ts [--oldest] [--packaged] [--grep TEXT] [--suite NAME]
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { conductorWorkspace, outDir, root, screenshotsDir } from '../../scripts/layout.ts';
import { build, packageVsix } from '../../scripts/package.ts';
import { atEnd, say } from '../../scripts/processes.ts';
import { copyShop } from '../../scripts/shop-copy.ts';
import { materialiseShop } from '../../scripts/shop-release.ts';
import { addTally, emptyTally, printTotals, type Tally } from '../../scripts/tally.ts';
import { unzip } from '../../scripts/unzip.ts';
import { newest, oldest } from '../../scripts/vscode-server.ts';
import { type BundledSuite, bundleSuite } from './bundle.ts';
import { chooseHost } from './choose-host.ts';
import { type Followed, followSuite } from './follow.ts';
import type { StartHost } from './host.ts';
import { drivePage, takeShot } from './page-driver.ts';
import { channelVariable, type SuiteName, suiteNames, type SuiteOrder } from './protocol.ts';

export interface E2eOptions {
  readonly vsix: string;
  /** True: the oldest supported VS Code instead of the newest. */
  readonly oldest?: boolean;
  readonly suites?: readonly SuiteName[];
  readonly grep?: string;
}

/** Runs each suite in a fresh VS Code over a fresh copy of the workspace; a crash or an empty run is a failure. */
export async function runE2e(options: E2eOptions): Promise<Tally> {
  const start = await chooseHost(options.oldest === true ? oldest : newest);
  const suite = await bundleSuite();
  const scratch = await mkdtemp(join(tmpdir(), 'suture-e2e-'));
  const clear = () => rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  const forget = atEnd(clear);
  let total = emptyTally;
  try {
    const extension = join(scratch, 'extension');
    await unzip(options.vsix, 'extension/', extension);
    for (const name of options.suites ?? suiteNames) {
      const order = { name, start, suite, extension, ...options };
      let done = await runSuite({ ...order, folder: join(scratch, name) });
      if (done.pageDied) {
        say(`${name}: once more from the start, because the page died`);
        done = await runSuite({ ...order, folder: join(scratch, `${name}-again`) });
      }
      total = addTally(total, done.tally);
    }
  } finally {
    forget();
    await clear();
  }
  return total;
}

interface SuiteRun {
  readonly name: SuiteName;
  readonly start: StartHost;
  readonly suite: BundledSuite;
  readonly extension: string;
  /** Of this run alone; not there yet. */
  readonly folder: string;
  readonly oldest?: boolean;
  readonly grep?: string;
}

async function runSuite(order: SuiteRun): Promise<Followed> {
  try {
    return await runOnce(order);
  } catch (error) {
    const failure = `e2e ${order.name} could not run: ${error instanceof Error ? error.stack : String(error)}`;
    say(`  FAIL  ${failure}`);
    return { tally: { ...emptyTally, failures: [failure] }, pageDied: false };
  }
}

async function runOnce(order: SuiteRun): Promise<Followed> {
  const { name, suite, folder } = order;
  const channel = join(folder, 'channel');
  const workspace = join(folder, name === 'folders' ? 'two.code-workspace' : 'workspace');
  const profile = join(folder, 'profile');
  await mkdir(channel, { recursive: true });
  await mkdir(profile);
  if (name === 'healing') await materialiseShop('1.1.0', workspace, { git: true });
  else if (name === 'conductor') await cp(conductorWorkspace, workspace, { recursive: true });
  else if (name === 'folders') await makeFolders(folder, workspace);
  else await copyShop(workspace);
  const suiteOrder: SuiteOrder = {
    suite: name,
    files: suite.files[name],
    ...(order.grep === undefined ? {} : { grep: order.grep }),
  };
  await writeFile(join(channel, 'suite.json'), JSON.stringify(suiteOrder));
  const env = { [channelVariable]: channel };
  const logFile = join(outDir, `e2e-${name}.log`);
  const shots = order.oldest === true ? join(screenshotsDir, 'oldest') : screenshotsDir;
  const { extension } = order;
  const host = await order.start({
    trusted: name !== 'untrusted',
    extension,
    tests: suite.entry,
    workspace,
    profile,
    env,
    logFile,
  });
  const stopDriving = drivePage(channel, host.page, shots);
  try {
    const followed = await followSuite(name, join(channel, 'events.ndjson'), host);
    if (followed.tally.failures.length > 0) {
      const page = host.page();
      const shot = page && (await takeShot(page, shots, `failure-${name}-at-the-end`).catch(() => undefined));
      say(shot === undefined ? 'there is no page to take a picture of' : `picture: ${shot}`);
      await keepLogs(profile, name);
    }
    return followed;
  } finally {
    // The host first: it fails what is still being asked of its page.
    await host.stop();
    await stopDriving();
  }
}

/** A workspace file with two folders beside it. */
async function makeFolders(folder: string, file: string): Promise<void> {
  await materialiseShop('1.1.0', join(folder, 'shop'), { git: true });
  await cp(conductorWorkspace, join(folder, 'conductor'), { recursive: true });
  await writeFile(file, JSON.stringify({ folders: [{ path: 'shop' }, { path: 'conductor' }] }));
}

async function keepLogs(profile: string, name: string): Promise<void> {
  const logs = join(profile, 'data', 'data', 'logs');
  const kept = join(outDir, `e2e-${name}-logs`);
  await rm(kept, { recursive: true, force: true });
  if (existsSync(logs)) await cp(logs, kept, { recursive: true });
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      oldest: { type: 'boolean', default: false },
      packaged: { type: 'boolean', default: false },
      grep: { type: 'string' },
      suite: { type: 'string' },
    },
  });
  if (!values.packaged) await build();
  const vsix = await packageVsix();
  const tally = await runE2e({
    vsix,
    oldest: values.oldest,
    ...(values.grep === undefined ? {} : { grep: values.grep }),
    ...(values.suite === undefined ? {} : { suites: suiteNames.filter((name) => name === values.suite) }),
  });
  say(`Logs and pictures are in ${join(root, 'out')}`);
  process.exitCode = printTotals(tally);
}
