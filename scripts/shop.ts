import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { outDir, shopWorkspace } from './layout.ts';
import { npm, run, say } from './processes.ts';
import type { Tally } from './tally.ts';

/** The part of Vitest's JSON report that is read here. */
interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    /** Says why a file could not be loaded. */
    readonly message?: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** Installs what the sample shop needs to run its own tests, unless it is there already; throws with npm's messages. */
export async function ensureShop(): Promise<void> {
  const mismatch = await whyInstall();
  if (mismatch === undefined) return;
  const started = Date.now();
  say(`Installing the dependencies of the sample shop (${mismatch})`);
  await npm(['ci'], shopWorkspace);
  say(`Installed the dependencies of the sample shop in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** Why node_modules has to be made again, or undefined; compares contents, since a checkout touches every time stamp. */
async function whyInstall(): Promise<string | undefined> {
  const installed = join(shopWorkspace, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return 'they are missing';
  const wanted = await packagesOf(join(shopWorkspace, 'package-lock.json'));
  const present = await packagesOf(installed);
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/') || entry.optional === true || entry.link === true) continue;
    if (present[path]?.version !== entry.version) return `${path} is not the version of its lock file`;
  }
  return undefined;
}

interface LockedPackage {
  readonly version?: string;
  readonly optional?: boolean;
  readonly link?: boolean;
}

async function packagesOf(file: string): Promise<Readonly<Record<string, LockedPackage>>> {
  return (JSON.parse(await readFile(file, 'utf8')) as { packages: Record<string, LockedPackage> }).packages;
}

/** Type checks the sample shop and runs its own tests; no report or an empty one is a failure. */
export async function testShop(): Promise<Tally> {
  const failures: string[] = [];
  const typescript = join(shopWorkspace, 'node_modules', 'typescript', 'bin', 'tsc');
  const types = await run(process.execPath, [typescript, '-p', '.'], { cwd: shopWorkspace });
  if (types.code !== 0) failures.push(`shop: types\n${types.output}`);

  const report = join(outDir, 'shop-tests.json');
  await mkdir(outDir, { recursive: true });
  await rm(report, { force: true });
  const vitest = join(shopWorkspace, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--reporter=json', `--outputFile=${report}`];
  const started = performance.now();
  const done = await run(process.execPath, args, { cwd: shopWorkspace });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const counted = existsSync(report)
    ? count(JSON.parse(await readFile(report, 'utf8')) as VitestReport)
    : undefined;
  failures.push(...(counted?.failures ?? []));
  const passed = counted?.passed ?? 0;
  if (passed + failures.length === 0) failures.push(`shop: no test ran\n${done.output}`);
  if (done.code !== 0 && failures.length === 0) {
    failures.push(`shop: Vitest ended with code ${done.code}\n${done.output}`);
  }
  for (const failure of failures) console.log(`FAIL  ${failure}\n`);
  const mark = failures.length === 0 ? 'ok   ' : 'FAIL ';
  console.log(`${mark} sample shop: types, ${passed} tests passed, ${failures.length} failed (${seconds} s)`);
  return { passed: passed + (types.code === 0 ? 1 : 0), failures, skipped: counted?.skipped ?? [] };
}

function count({ testResults }: VitestReport): Tally {
  const failures: string[] = [];
  const skipped: string[] = [];
  let passed = 0;
  for (const file of testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed++;
      else if (test.status === 'failed')
        failures.push(`shop: ${test.fullName}\n${(test.failureMessages ?? []).join('\n')}`);
      else skipped.push(`shop: ${test.fullName} (${test.status})`);
    }
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'))
      failures.push(`shop: ${file.name} could not be loaded\n${file.message ?? ''}`);
  }
  return { passed, failures, skipped };
}
