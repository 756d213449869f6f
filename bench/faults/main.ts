// node bench/faults/main.ts [--service DIR] [--seeds 1-6] [--kind fault|no-op] [--operator ID] [--requests 40] [--suture FILE] [--census] [--clean]
// Injects seeded faults into a service, records it, and scores what the command line of the product makes of it.
// Without --service it runs on our sample shop. See service.ts for what a prepared folder holds.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openWorkspace } from './candidates.ts';
import { census, git, identity, inject } from './mutant.ts';
import { product, type AnomalyRow, type HandlerRow } from './product.ts';
import { scored } from './score.ts';
import { forget, preparedService, recordingAt, shopService } from './service.ts';
import { wilson } from '../../src/core/detect/statistics/proportion.ts';

const { values } = parseArgs({
  options: {
    service: { type: 'string' },
    seeds: { type: 'string', default: '1-6' },
    kind: { type: 'string', default: 'fault' },
    operator: { type: 'string' },
    requests: { type: 'string', default: '40' },
    suture: { type: 'string', default: path.join(import.meta.dirname, '../../src/cli/suture.ts') },
    census: { type: 'boolean', default: false },
    clean: { type: 'boolean', default: false },
  },
});
const service =
  values.service === undefined ? await shopService() : preparedService(path.resolve(values.service));
const suture = product(values.suture);
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const requests = Number(values.requests);
const root = service.workspace;

const healthy = ['A', 'B'].map((name, index) => {
  const to = path.join(service.out, name);
  if (recordingAt(to) === undefined) service.record({ release: service.releases[0], seed: 11 + index, requests: requests * (index + 1), to });
  return recordingAt(to)!;
}); // prettier-ignore
const [first, second] = healthy as [string, string];

const index = suture.ask<{ handlers: HandlerRow[] }>('handlers', '-w', root, '-t', first).data.handlers;
const metrics = suture.ask<{ operations: { handlerId: string | null; calls: number }[] }>(
  'metrics',
  '-w',
  root,
  '-t',
  first,
).data;
const busy = new Set(metrics.operations.filter(({ calls }) => calls >= 30).map(({ handlerId }) => handlerId));
const handlers = index.filter(({ id, resolved }) => resolved && busy.has(id));
say(`${service.name}: ${index.length} handlers, ${handlers.length} with at least 30 requests`);

if (values.clean) {
  for (const [now, before] of [
    [second, first],
    [first, second],
  ] as const) {
    const rows = suture.ask<{ anomalies: AnomalyRow[] }>(
      'anomalies',
      '-w',
      root,
      '-t',
      now,
      '--baseline',
      before,
    ).data.anomalies;
    say(
      `clean pair, ${path.basename(now)} against ${path.basename(before)}: ${rows.length} findings over ${metrics.operations.length} operations`,
    );
    for (const { detector, operation, message } of rows) say(`  ${detector}  ${operation ?? ''}  ${message}`);
  }
} else if (values.census) {
  for (const [id, count] of census(openWorkspace(root, service.tsconfig), root, handlers))
    say(`${String(count).padStart(6)}  ${id}`);
} else await trials();

async function trials(): Promise<void> {
  const [from, to = from] = values.seeds.split('-').map(Number);
  if (git(root, 'log', '-1', '--format=%an') === identity)
    throw new Error(`${root} stands at a mutant that a stopped run left; reset it to its healthy commit first.`);
  const clean = git(root, 'rev-parse', 'HEAD');
  const healthyRows = suture.ask<{ anomalies: AnomalyRow[] }>('anomalies', '-w', root, '-t', first).data.anomalies;
  const known = new Map(healthyRows.map(({ fingerprint, detector, operation, message }) => [fingerprint, `${detector} ${operation ?? ''}: ${message}`]));
  const rows = [];
  for (let seed = from ?? 1; seed <= (to ?? 1); seed++) {
    try {
      git(root, 'reset', '-q', '--hard', clean);
      const kind = values.kind === 'no-op' ? 'no-op' : 'fault';
      const wanted = values.operator === undefined ? { kind } as const : { kind, operator: values.operator } as const;
      const mutant = inject(openWorkspace(root, service.tsconfig), root, handlers, seed, wanted);
      const at = path.join(service.out, `${values.operator ?? kind}-${seed}`);
      forget(at);
      if (mutant.class === 'coverage') say('  (no change of production: the second healthy recording counts)');
      else service.record({ release: service.releases[1], seed: 100 + seed, requests, to: at });
      const row = scored({ service, suture, mutant, handlers, first, faulty: recordingAt(at) ?? second, known, at, requests });
      rows.push(row);
      say(JSON.stringify(row));
    } catch (error) {
      say(`seed ${seed}: ${(error as Error).stack ?? String(error)}`);
    } finally {
      git(root, 'reset', '-q', '--hard', clean);
      git(root, 'clean', '-fdq');
    }
  }
  writeFileSync(path.join(service.out, `rows-${values.operator ?? values.kind}-${values.seeds}.json`), JSON.stringify(rows, null, 1));
  const hits = rows.filter(({ observable, found }) => observable && found !== null).length;
  const seen = rows.filter(({ observable }) => observable).length;
  const { low, high } = wilson(hits, seen);
  say(`found ${hits} of ${seen} observable (of ${rows.length}) [${low.toFixed(2)}, ${high.toFixed(2)}]`);
  const wrong = rows.reduce((sum, { others }) => sum + others.length, 0);
  say(`other new findings: ${wrong} in ${rows.length} runs`);
  say(`findings that the healthy recording has by itself, not counted above: ${known.size}`);
  for (const text of known.values()) say(`  ${text}`);
} // prettier-ignore
