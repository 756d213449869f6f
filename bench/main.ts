// npm run bench -- [--json] [--only NAME] [--mb 400] [--rounds 3] [--workspace DIR]
// Compares side by side: in every round each way runs once, in a process of its own; medians and ratios are printed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { corpus } from './corpus.ts';

const here = import.meta.dirname;
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    mb: { type: 'string', default: '400' },
    rounds: { type: 'string', default: '3' },
    workspace: { type: 'string', default: path.join(here, '..') },
  },
});

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly rows?: readonly (readonly [string, string, string, number, number, number])[];
  readonly files?: number;
  readonly found?: number;
}

interface Row {
  readonly name: string;
  readonly unit: string;
  /** Work done per second of wall time is `size / seconds`, in `unit`. */
  readonly size: (run: Run) => number;
  readonly ways: readonly string[];
  readonly argument: string;
  readonly script: string;
  readonly agree: (runs: ReadonlyMap<string, Run>) => void;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;

if (!existsSync(path.join(here, 'node_modules'))) {
  say('Installing what is compared with (bench/package.json) ...');
  const installed = spawnSync('npm', ['ci', '--no-fund', '--no-audit'], {
    cwd: here,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (installed.status !== 0) throw new Error('npm ci failed in bench/');
}

const rows: Row[] = [];
if (!values.only || values.only === 'ingest') {
  say(`Preparing ${values.mb} MB of OTLP/JSON ...`);
  const file = await corpus(Number(values.mb));
  rows.push({
    name: 'ingest',
    unit: 'MB/s',
    size: () => Number(values.mb),
    ways: ['suture', 'json-parse', 'duckdb', 'read'],
    argument: file,
    script: 'variants/ingest.ts',
    agree: sameFigures,
  });
}
if (!values.only || values.only === 'index') {
  rows.push({
    name: 'index',
    unit: 'files/s',
    size: (run) => run.files ?? 0,
    ways: ['suture', 'ts-morph'],
    argument: path.resolve(values.workspace),
    script: 'variants/index.ts',
    agree: () => undefined,
  });
}

if (!values.json) {
  const model = cpus()[0]?.model ?? 'unknown processor';
  process.stdout.write(
    `Node ${process.versions.node}, ${availableParallelism()} cores (${model}), median of ${values.rounds} rounds\n`,
  );
}
for (const row of rows) measure(row);

function measure(row: Row): void {
  const runs = new Map<string, Run[]>(row.ways.map((way) => [way, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const way of row.ways) {
      say(`${row.name} ${way}, round ${round + 1}`);
      runs.get(way)?.push(once(row, way));
    }
    row.agree(new Map(row.ways.map((way) => [way, runs.get(way)!.at(-1)!])));
  }
  const figures = row.ways.map((way) => {
    const all = runs.get(way) ?? [];
    return {
      way,
      rate: row.size(all[0]!) / median(all.map((run) => run.seconds)),
      cpuSeconds: median(all.map((run) => run.cpuSeconds)),
      peakMb: median(all.map((run) => run.peakMb)),
      found: all[0]?.found,
    };
  });
  const ours = figures[0]!;
  const peers = figures.slice(1);
  const round = (value: number): number => Number(value.toPrecision(3));
  if (values.json) {
    const rounded = ({ rate, cpuSeconds, peakMb, found }: (typeof figures)[number]) => ({
      rate: round(rate),
      cpuSeconds: round(cpuSeconds),
      peakMb: Math.round(peakMb),
      found,
    });
    const line = {
      name: row.name,
      unit: row.unit,
      ours: rounded(ours),
      peers: Object.fromEntries(peers.map((peer) => [peer.way, rounded(peer)])),
      ratios: Object.fromEntries(peers.map((peer) => [peer.way, round(ours.rate / peer.rate)])),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return;
  }
  process.stdout.write(`\n${row.name}: ${row.argument}\n`);
  for (const figure of figures) {
    const ratio =
      figure === ours
        ? ''
        : `   ours / ${figure.way}: ${round(ours.rate / figure.rate)}x wall, ${round(figure.cpuSeconds / ours.cpuSeconds)}x processor`;
    const found = figure.found === undefined ? '' : `, ${figure.found} found`;
    process.stdout.write(
      `  ${figure.way.padEnd(11)} ${String(round(figure.rate)).padStart(6)} ${row.unit}, ${round(figure.cpuSeconds)} CPU-s, peak ${Math.round(figure.peakMb)} MB${found}${ratio}\n`,
    );
  }
}

function once(row: Row, way: string): Run {
  const child = spawnSync(process.execPath, [path.join(here, row.script), way, row.argument], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (child.status !== 0) throw new Error(`${row.name} ${way} failed: ${child.stderr}`);
  return JSON.parse(child.stdout) as Run;
}

/** All ways must find the same groups, calls and errors; p95 within the sketch's 0.5 %. */
function sameFigures(runs: ReadonlyMap<string, Run>): void {
  const oracle = runs.get('json-parse')?.rows ?? [];
  if (oracle.length === 0) throw new Error('The oracle found nothing.');
  for (const [way, { rows: found = [] }] of runs) {
    if (way === 'read') continue;
    if (found.length !== oracle.length)
      throw new Error(`${way} found ${found.length} groups, the oracle ${oracle.length}`);
    found.forEach((row, i) => {
      const expected = oracle[i]!;
      const same =
        [0, 1, 2, 3, 4].every((column) => row[column] === expected[column]) &&
        Math.abs(row[5] / expected[5] - 1) <= 0.0051;
      if (!same) throw new Error(`${way} differs: ${JSON.stringify(row)} is not ${JSON.stringify(expected)}`);
    });
  }
}
