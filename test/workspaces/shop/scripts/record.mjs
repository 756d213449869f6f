// Records the telemetry of one release of shop and inventory under seeded load:
//   npm run record -- [--workspace DIR] [--release VERSION] [--seed 1] [--scale 1] [--mix browse=2,buy=0.5]
//                     [--concurrency 8] [--think 100] [--out DIR] [--name NAME]
// Everything stays on loopback; the result is .telemetry/<NAME>.jsonl.gz, one OTLP/JSON export request per line.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { runLoad } from './record/load.mjs';
import { startReceiver } from './record/receiver.mjs';
import { startService } from './record/service.mjs';
import { summarise } from './record/summary.mjs';

const { values } = parseArgs({
  options: {
    workspace: { type: 'string', default: join(import.meta.dirname, '..') },
    release: { type: 'string' },
    seed: { type: 'string', default: '1' },
    scale: { type: 'string', default: '1' },
    mix: { type: 'string', default: '' },
    concurrency: { type: 'string', default: '8' },
    think: { type: 'string', default: '100' },
    out: { type: 'string' },
    name: { type: 'string' },
  },
});
const workspace = resolve(values.workspace);
const { version } = JSON.parse(await readFile(join(workspace, 'package.json'), 'utf8'));
const release = values.release ?? version;
const mix = Object.fromEntries(
  values.mix
    .split(',')
    .filter(Boolean)
    .map((part) => part.split('='))
    .map(([journey, factor]) => [journey, Number(factor)]),
);

requireNode24();
installDependencies();
const { requests, records } = await record();
const routes = summarise(records);
console.table(routes);
requireCompleteness();
const folder = values.out ?? join(workspace, '.telemetry');
const file = join(folder, `${values.name ?? `shop-${release}`}.jsonl.gz`);
const packed = gzipSync(`${records.join('\n')}\n`, { level: 9 });
await mkdir(folder, { recursive: true });
await writeFile(file, packed);
console.log(`${file}: ${records.length} export requests, ${(packed.length / 1e6).toFixed(2)} MB`);

async function record() {
  // A link in a folder of its own stands for the place of deployment, so that stack traces do not name this checkout.
  const deployment = await mkdtemp(join(tmpdir(), 'shop-release-'));
  const app = join(deployment, 'app');
  await symlink(workspace, app, 'junction');
  const receiver = await startReceiver();
  const services = [];
  let requests;
  const start = async (name, folder, variables) => {
    const service = await startService({ name, folder, release, endpoint: receiver.endpoint, variables });
    services.unshift(service);
    return service;
  };
  try {
    const inventory = await start('inventory', join(app, 'inventory'), { INVENTORY_SEED: values.seed });
    const shop = await start('shop', app, { SHOP_SEED: values.seed, INVENTORY_URL: inventory.url });
    console.log(`Recording release ${release} with seed ${values.seed}; this takes a minute or two.`);
    requests = await runLoad({
      baseUrl: shop.url,
      seed: Number(values.seed),
      scale: Number(values.scale),
      mix,
      concurrency: Number(values.concurrency),
      thinkMs: Number(values.think),
    });
    console.log(`${requests} requests sent; waiting for the last spans.`);
  } finally {
    for (const service of services) await service.stop();
    receiver.close();
    await rm(deployment, { recursive: true });
  }
  return { requests, records: receiver.records };
}

/** A recording that lost spans on the way would look like a healthy one. */
function requireCompleteness() {
  const recorded = routes
    .filter(({ route }) => route.startsWith('shop '))
    .reduce((sum, { calls }) => sum + calls, 0);
  if (recorded === requests) return;
  console.error(`${requests} requests were sent, but ${recorded} were recorded; nothing was written.`);
  process.exit(1);
}

function requireNode24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return;
  console.error(
    `The services need Node 24 or newer; this is ${process.version}. It comes with "npm install" at the root of the repository.`,
  );
  process.exit(2);
}

function installDependencies() {
  if (existsSync(join(workspace, 'node_modules/@opentelemetry/sdk-node/package.json'))) return;
  console.log('Installing the dependencies of the sample services.');
  // What the outer npm says about its own package would lead the inner one to the wrong folder.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config_local|package)/.test(name)),
  );
  const { status } = spawnSync('npm', ['ci'], {
    cwd: workspace,
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
