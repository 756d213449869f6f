// node bench/detect/main.ts [--healthy FILE ...] [--faulty FILE ...] [--seed 1]
// How often the detectors speak where nothing happened, and how often they find a slowness put into one operation.
// Without files: the recordings of the sample shop, which the thresholds were chosen with.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { detectAll } from '../../src/core/detect/detect.ts';
import { wilson } from '../../src/core/detect/statistics/proportion.ts';
import type { Call } from '../../src/core/model/operation.ts';
import {
  faulty,
  healthy,
  inputOf,
  measured,
  samplesOf,
  stretched,
  type Measured,
  type Samples,
} from '../../test/core/detect/recordings.ts';
import { seeded } from '../faults/random.ts';

const { values } = parseArgs({
  options: {
    healthy: { type: 'string', multiple: true },
    faulty: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
  },
});
const fixtures = (files: readonly string[] | undefined, otherwise: readonly string[]): readonly string[] =>
  files?.map((file) => pathToFileURL(path.resolve(file)).href) ?? otherwise;
const recordings = fixtures(values.healthy, Object.values(healthy)).map((fixture) => {
  const traces = measured(fixture);
  return { name: path.basename(fixture), traces, samples: samplesOf(traces) };
});
const wrong = fixtures(values.faulty, [faulty]).map((fixture) => ({
  name: path.basename(fixture),
  samples: samplesOf(measured(fixture)),
}));
const p50Bands = [
  { label: 'below 5 ms', belowMs: 5 },
  { label: '5 to 12 ms', belowMs: 12 },
  { label: 'over 12 ms', belowMs: Infinity },
];
const say = (text: string): void => void process.stdout.write(`${text}\n`);

say('| nothing happened | operations judged | findings | share [Wilson 95 %] |\n| --- | ---: | ---: | --- |');
const pairs = recordings.flatMap((now) =>
  recordings.filter((before) => before !== now).map((before) => [now, before] as const),
);
row(
  'ordered pairs of recordings',
  pairs.map(([now, before]) => [now.samples, before.samples] as const),
);
for (const parts of [2, 3]) {
  row(
    `${parts} parts of one recording by time, all ordered pairs`,
    recordings.flatMap(({ traces }) => orderedPairs(byTime(traces, parts))),
  );
  row(
    `${parts} random parts of one recording, five times, all ordered pairs`,
    recordings.flatMap(({ traces }) =>
      Array.from({ length: 5 }, (_, round) => orderedPairs(atRandom(traces, parts, round))).flat(),
    ),
  );
}
for (const factor of [0.5, 1.5, 2, 3]) {
  row(
    `ordered pairs, the later machine ${factor} times as slow`,
    pairs.map(([now, before]) => [samplesOf(stretched(now.traces, () => factor)), before.samples] as const),
  );
}

say('\n| one operation slower, ordered pairs | put in | found | alone |\n| --- | ---: | ---: | ---: |');
for (const factor of [1.3, 1.5, 2, 3]) slowed(factor);

say('\n| recording with faults, against | findings |\n| --- | --- |');
for (const { name, samples } of wrong) {
  for (const before of recordings) {
    const { findings } = detectAll(inputOf(samples, before.samples));
    say(`| ${name}, ${before.name} | ${findings.map(({ message }) => message).join(' / ')} |`);
  }
}

function row(label: string, inputs: readonly (readonly [Samples, Samples])[]): void {
  let judged = 0;
  const messages: string[] = [];
  for (const [now, before] of inputs) {
    const input = inputOf(now, before);
    const { findings, tooFew } = detectAll(input);
    judged += input.comparisons.length - tooFew.length;
    messages.push(...findings.map(({ message }) => message));
  }
  const { low, high } = wilson(messages.length, judged);
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  say(`| ${label} | ${judged} | ${messages.length} | [${percent(low)}, ${percent(high)}] |`);
  for (const message of messages) process.stderr.write(`  ${label}: ${message}\n`);
}

/** Every route and job in turn, where both recordings have calls enough. */
function slowed(factor: number): void {
  const bands = new Map(p50Bands.map(({ label }) => [label, { put: 0, found: 0, alone: 0 }]));
  for (const [now, before] of pairs) {
    const input = inputOf(now.samples, before.samples);
    const skipped = new Set(detectAll(input).tooFew.map(({ operation }) => operation.id));
    for (const { operation, before: known } of input.comparisons) {
      if (known === null || skipped.has(operation.id) || operation.kind === 'middleware') continue;
      const isSlow = ({ operation: { id } }: Call): boolean => id === operation.id;
      const slow = samplesOf(stretched(now.traces, (call) => (isSlow(call) ? factor : 1)));
      const { findings } = detectAll(inputOf(slow, before.samples));
      const hit = findings.some((finding) => finding.operation?.id === operation.id);
      const p50 = medianOf(now.traces, operation.id);
      const band = bands.get(p50Bands.find(({ belowMs }) => p50 < belowMs)?.label ?? '');
      if (band === undefined) continue;
      band.put += 1;
      band.found += hit ? 1 : 0;
      band.alone += hit && findings.length === 1 ? 1 : 0;
    }
  }
  for (const [label, { put, found, alone }] of bands)
    say(`| ${factor} times as long, p50 ${label} | ${put} | ${found} | ${alone} |`);
}

function medianOf(traces: readonly Measured[], operationId: string): number {
  const durations = traces
    .flatMap(({ calls }) => calls)
    .filter(({ operation }) => operation.id === operationId)
    .map(({ durationMs }) => durationMs)
    .toSorted((a, b) => a - b);
  return durations[Math.floor(durations.length / 2)] ?? 0;
}

function byTime(traces: readonly Measured[], parts: number): readonly Samples[] {
  return Array.from({ length: parts }, (_, part) =>
    samplesOf(traces.slice((part * traces.length) / parts, ((part + 1) * traces.length) / parts)),
  );
}

function atRandom(traces: readonly Measured[], parts: number, round: number): readonly Samples[] {
  const random = seeded(Number(values.seed) * 100 + round);
  const cut = Array.from({ length: parts }, (): Measured[] => []);
  for (const trace of traces) cut[Math.floor(random() * parts)]?.push(trace);
  return cut.map(samplesOf);
}

function orderedPairs(parts: readonly Samples[]): readonly (readonly [Samples, Samples])[] {
  return parts.flatMap((now) =>
    parts.filter((before) => before !== now).map((before) => [now, before] as const),
  );
}
