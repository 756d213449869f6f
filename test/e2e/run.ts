// Runs the suite in a real VS Code: node test/e2e/run.ts [--oldest] [--packaged] [--grep TEXT] [--suite NAME]
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { outDir, root, screenshotsDir, shopWorkspace } from '../../scripts/layout.ts';
import { build, packageVsix } from '../../scripts/package.ts';
import { pause, say } from '../../scripts/processes.ts';
import { addTally, emptyTally, printTotals, type Tally } from '../../scripts/tally.ts';
import { unzip } from '../../scripts/unzip.ts';
import { newest, oldest } from '../../scripts/vscode-server.ts';
import { type BundledSuite, bundleSuite } from './bundle.ts';
import { chooseHost } from './choose-host.ts';
import type { RunningHost, StartHost } from './host.ts';
import { drivePage, takeShot } from './page-driver.ts';
import { channelVariable, type SuiteEvent, type SuiteName, type SuiteOrder } from './protocol.ts';

export interface E2eOptions {
  readonly vsix: string;
  /** True: the oldest supported VS Code instead of the newest. */
  readonly oldest?: boolean;
  readonly suites?: readonly SuiteName[];
  readonly grep?: string;
}

/** A suite that tells nothing for so long hangs. */
const silenceMs = 180_000;

/** Runs each suite in a fresh VS Code over a fresh copy of the workspace; a crash or an empty run is a failure. */
export async function runE2e(options: E2eOptions): Promise<Tally> {
  const start = await chooseHost(options.oldest === true ? oldest : newest);
  const suite = await bundleSuite();
  const scratch = await mkdtemp(join(tmpdir(), 'suture-e2e-'));
  let total = emptyTally;
  try {
    const extension = join(scratch, 'extension');
    await unzip(options.vsix, 'extension/', extension);
    for (const name of options.suites ?? (['trusted', 'untrusted'] as const)) {
      const tally = await runSuite({ name, start, suite, extension, scratch, ...options }).catch(
        (error: unknown): Tally => ({ ...emptyTally, failures: [`e2e ${name} crashed: ${String(error)}`] }),
      );
      total = addTally(total, tally);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
  return total;
}

interface SuiteRun {
  readonly name: SuiteName;
  readonly start: StartHost;
  readonly suite: BundledSuite;
  readonly extension: string;
  readonly scratch: string;
  readonly oldest?: boolean;
  readonly grep?: string;
}

async function runSuite(order: SuiteRun): Promise<Tally> {
  const { name, suite } = order;
  const folder = join(order.scratch, name);
  const channel = join(folder, 'channel');
  const workspace = join(folder, 'workspace');
  const profile = join(folder, 'profile');
  await mkdir(channel, { recursive: true });
  await mkdir(profile);
  await copyWorkspace(workspace);
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
    trusted: name === 'trusted',
    extension,
    tests: suite.entry,
    workspace,
    profile,
    env,
    logFile,
  });
  const stopDriving = drivePage(channel, host.page, shots);
  try {
    const tally = await followSuite(name, join(channel, 'events.ndjson'), host);
    if (tally.failures.length > 0) {
      const page = host.page();
      if (page !== undefined) say(`picture: ${await takeShot(page, shots, `failure-${name}-at-the-end`)}`);
      await keepLogs(profile, name);
    }
    return tally;
  } finally {
    await stopDriving();
    await host.stop();
  }
}

/** Prints the suite's events as they come and counts them. */
async function followSuite(name: SuiteName, file: string, host: RunningHost): Promise<Tally> {
  let ended: string | undefined;
  void host.ended.then((reason) => (ended = reason));
  let seen = 0;
  let passed = 0;
  const failures: string[] = [];
  const skipped: string[] = [];
  for (let last = Date.now(); ; await pause(100)) {
    // Asked before reading, so that what was written before the end is still counted.
    const over =
      ended ?? (Date.now() - last > silenceMs ? `it said nothing for ${silenceMs / 1000} s` : undefined);
    const lines = existsSync(file) ? (await readFile(file, 'utf8')).split('\n').slice(0, -1) : [];
    for (const line of lines.slice(seen)) {
      last = Date.now();
      const event = JSON.parse(line) as SuiteEvent;
      if (event.type === 'start') say(`${name}: ${event.tests} tests in ${event.host}`);
      else if (event.type === 'pass') passed++;
      else if (event.type === 'fail') failures.push(`e2e ${name}: ${event.title}\n${event.error}`);
      else if (event.type === 'skip') skipped.push(`e2e ${name}: ${event.title}`);
      else if (event.type === 'crash' && failures.length === 0)
        failures.push(`e2e ${name} crashed: ${event.error}`);
      if (event.type === 'pass') say(`  ok    ${event.title} (${event.ms} ms)`);
      if (event.type === 'fail') say(`  FAIL  ${event.title}\n${event.error}`);
      if (event.type === 'end' || event.type === 'crash') {
        if (passed + failures.length === 0) failures.push(`e2e ${name}: no test ran`);
        return { passed, failures, skipped };
      }
    }
    seen = lines.length;
    if (over !== undefined)
      return { passed, failures: [...failures, `e2e ${name} did not finish: ${over}`], skipped };
  }
}

/** The demo workspace without what is installed or built in it. */
async function copyWorkspace(target: string): Promise<void> {
  if (!existsSync(shopWorkspace)) throw new Error(`${shopWorkspace} is missing.`);
  const left = new Set(['node_modules', 'dist', 'coverage', '.git']);
  await cp(shopWorkspace, target, { recursive: true, filter: (path) => !left.has(basename(path)) });
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
    ...(values.suite === 'trusted' || values.suite === 'untrusted' ? { suites: [values.suite] } : {}),
  });
  say(`Logs and pictures are in ${join(root, 'out')}`);
  process.exitCode = printTotals(tally);
}
