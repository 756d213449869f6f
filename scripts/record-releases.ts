// Records the releases of the sample shop again, all or those named: node scripts/record-releases.ts [shop-1.1.0 ...]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shopRecordings, shopWorkspace } from './layout.ts';
import { atEnd, run } from './processes.ts';
import { materialiseShop, type ShopVersion } from './shop-release.ts';

interface Recording {
  readonly name: string;
  readonly version: ShopVersion;
  readonly options: readonly string[];
}

/** Many calls where a fault is, some everywhere else: all recordings together have to stay small. */
const usual =
  'browse=2.4,search=1.6,editAccount=1,editAddresses=1,buy=2.1,cancelOrder=1,syncAddresses=3.2'.split(',');
const evening =
  'browse=2,search=2.4,editAccount=1.4,editAddresses=1.2,buy=1.2,cancelOrder=1.2,syncAddresses=1.2'.split(
    ',',
  );
const sale =
  'browse=2.8,search=1.2,editAccount=1,editAddresses=1,buy=2.8,cancelOrder=1,syncAddresses=1'.split(',');

/** In the order of their event times. */
const recordings: readonly Recording[] = [
  {
    name: 'shop-1.0.0-evening',
    version: '1.0.0',
    options: load({ seed: 21, concurrency: 3, think: 120, mix: evening }),
  },
  {
    name: 'shop-1.0.0-sale',
    version: '1.0.0',
    options: load({ seed: 22, concurrency: 12, think: 120, mix: sale }),
  },
  {
    name: 'shop-1.1.0',
    version: '1.1.0',
    options: load({ seed: 23, concurrency: 8, think: 100, mix: usual }),
  },
  {
    name: 'shop-1.2.0',
    version: '1.2.0',
    options: load({ seed: 24, concurrency: 8, think: 100, mix: usual }),
  },
];

const wanted = process.argv.slice(2);
const scratch = await mkdtemp(join(tmpdir(), 'suture-record-'));
atEnd(() => rm(scratch, { recursive: true, force: true }));
try {
  for (const recording of recordings) {
    if (wanted.length === 0 || wanted.includes(recording.name)) await record(recording);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function record({ name, version, options }: Recording): Promise<void> {
  const workspace = join(scratch, name);
  await materialiseShop(version, workspace);
  const script = join(shopWorkspace, 'scripts', 'record.mjs');
  const where = ['--workspace', workspace, '--out', shopRecordings, '--name', name];
  const done = await run(process.execPath, [script, ...where, ...options], { show: true });
  if (done.code !== 0) throw new Error(`${name} was not recorded`);
}

function load(of: {
  readonly seed: number;
  readonly concurrency: number;
  readonly think: number;
  readonly mix: readonly string[];
}): readonly string[] {
  const numbers = { seed: of.seed, scale: 0.1, concurrency: of.concurrency, think: of.think };
  return [
    ...Object.entries(numbers).flatMap(([option, value]) => [`--${option}`, String(value)]),
    ...['--mix', of.mix.join(',')],
  ];
}
