import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { outDir, root } from './layout.ts';
import { run } from './processes.ts';
import type { Tally } from './tally.ts';

/** The part of mocha's JSON report that is read here. */
interface MochaReport {
  readonly stats: { readonly passes: number; readonly duration: number };
  readonly pending: readonly { readonly fullTitle: string }[];
  readonly failures: readonly MochaFailure[];
}

interface MochaFailure {
  readonly fullTitle: string;
  readonly file?: string;
  readonly err: { readonly message?: string; readonly stack?: string };
}

/** Runs all unit tests; no report or an empty one is a failure. */
export async function runUnitTests(): Promise<Tally> {
  const report = join(outDir, 'unit-tests.json');
  await mkdir(outDir, { recursive: true });
  await rm(report, { force: true });
  const args = ['test/**/*.test.ts', '--reporter', 'json', '--reporter-option', `output=${report}`];
  const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const done = await run(process.execPath, [mocha, ...args], { cwd: root });
  if (!existsSync(report)) return failed(`unit tests crashed\n${done.output}`);
  const { stats, pending, failures } = JSON.parse(await readFile(report, 'utf8')) as MochaReport;
  const names = failures.map((failure) => describe(failure));
  if (stats.passes + names.length === 0) names.push('unit tests: no test ran');
  if (done.code !== 0 && names.length === 0)
    names.push(`unit tests ended with code ${done.code}\n${done.output}`);
  for (const failure of names) console.log(`FAIL  ${failure}\n`);
  const seconds = (stats.duration / 1000).toFixed(1);
  console.log(
    `${names.length === 0 ? 'ok   ' : 'FAIL '} unit tests: ${stats.passes} passed, ${names.length} failed (${seconds} s)`,
  );
  return { passed: stats.passes, failures: names, skipped: pending.map((test) => `unit: ${test.fullTitle}`) };
}

function describe({ fullTitle, file, err }: MochaFailure): string {
  const where = file === undefined ? '' : ` (${relative(root, file)})`;
  return `unit: ${fullTitle}${where}\n${err.stack ?? err.message ?? ''}`;
}

function failed(failure: string): Tally {
  console.log(`FAIL  ${failure}\n`);
  return { passed: 0, failures: [failure], skipped: [] };
}
