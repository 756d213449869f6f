import { root } from './layout.ts';
import { run } from './processes.ts';
import type { Tally } from './tally.ts';
import { runUnitTests } from './unit-tests.ts';

interface Gate {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** The static gates; each counts as one test. */
const gates: readonly Gate[] = [
  { name: 'types', command: 'tsc', args: ['-p', '.'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'format', command: 'prettier', args: ['--check', '--log-level=warn', '.'] },
  { name: 'layers', command: 'node', args: ['scripts/layers.ts'] },
  { name: 'knip', command: 'knip', args: ['--no-progress'] },
];

/** Runs every static gate, two at a time, and the unit tests; says what failed. */
export async function runGates(): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  const waiting = [...gates];
  const worker = async (): Promise<void> => {
    for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift())
      tallies.push(await runGate(gate));
  };
  await Promise.all([worker(), worker()]);
  tallies.push(await runUnitTests());
  return tallies;
}

async function runGate(gate: Gate): Promise<Tally> {
  const started = performance.now();
  const done = await run(gate.command, gate.args, { cwd: root, shell: process.platform === 'win32' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (done.code === 0) {
    console.log(`ok    ${gate.name} (${seconds} s)`);
    return { passed: 1, failures: [], skipped: [] };
  }
  console.log(
    `FAIL  ${gate.name} (${seconds} s): ${gate.command} ${gate.args.join(' ')}\n${done.output.trimEnd()}\n`,
  );
  return { passed: 0, failures: [`gate ${gate.name}\n${done.output}`], skipped: [] };
}
