import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { materialiseShop } from '../../scripts/shop-release.ts';

/**
 * A service that somebody prepared: `service.json` in its folder says where its clean git work tree is (`workspace`), its
 * name as telemetry gives it, two releases, `tsconfig` if it is not the one at the top, and the command that builds, starts, loads, records and stops it. The command runs
 * in the folder with `FAULTS_RELEASE`, `FAULTS_SEED`, `FAULTS_REQUESTS` (per target), `FAULTS_OUT` (OTLP/JSON lines to be
 * written) and `FAULTS_ANSWERS` (a JSON object to be written: request -> its distinct answers).
 */
export interface Service {
  readonly name: string;
  /** Absolute. */
  readonly workspace: string;
  /** Of the service's package, relative to the workspace; absent: the one at its top. */
  readonly tsconfig?: string;
  /** Absolute folder for recordings and results. */
  readonly out: string;
  readonly releases: readonly [healthy: string, faulty: string];
  readonly record: (options: Recording) => void;
}

interface Recording {
  readonly release: string;
  readonly seed: number;
  readonly requests: number;
  /** Absolute path without an extension: `.jsonl` and `.answers.json` are added. */
  readonly to: string;
}

interface Manifest {
  readonly name: string;
  readonly workspace: string;
  readonly releases: readonly [string, string];
  readonly record: readonly [string, ...string[]];
  readonly tsconfig?: string;
}

export function preparedService(folder: string): Service {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'service.json'), 'utf8')) as Manifest;
  const out = path.join(folder, 'out');
  mkdirSync(out, { recursive: true });
  return {
    name: manifest.name,
    workspace: path.join(folder, manifest.workspace),
    out,
    releases: manifest.releases,
    ...(manifest.tsconfig === undefined ? {} : { tsconfig: manifest.tsconfig }),
    record({ release, seed, requests, to }) {
      const [command, ...args] = manifest.record;
      const done = spawnSync(command, args, {
        cwd: folder,
        encoding: 'utf8',
        env: {
          ...process.env,
          FAULTS_RELEASE: release,
          FAULTS_SEED: String(seed),
          FAULTS_REQUESTS: String(requests),
          FAULTS_OUT: `${to}.jsonl`,
          FAULTS_ANSWERS: `${to}.answers.json`,
        },
      });
      if (done.status !== 0)
        throw new Error(`Recording ${manifest.name} failed: ${done.stdout}${done.stderr}`);
    },
  };
}

/** Our sample shop in a folder below the system's temporary one; its load is scaled by `requests`, answers are not kept. */
export async function shopService(): Promise<Service> {
  const folder = await mkdtemp(path.join(tmpdir(), 'suture-faults-'));
  const workspace = path.join(folder, 'app');
  await materialiseShop('1.0.0', workspace, { git: true });
  const healthy = path.join(workspace, '.telemetry', 'shop-1.0.0.jsonl.gz');
  await copyFile(healthy, path.join(folder, 'A.jsonl.gz'));
  const script = path.join(import.meta.dirname, '../../test/workspaces/shop/scripts/record.mjs');
  return {
    name: 'shop',
    workspace,
    out: folder,
    releases: ['1.0.0', '1.1.0'],
    record({ release, seed, requests, to }) {
      const scale = String(requests / 310);
      const args = [script, '--workspace', workspace, '--release', release, '--seed', String(seed), '--scale', scale];
      const done = spawnSync(process.execPath, [...args, '--out', path.dirname(to), '--name', path.basename(to)], { encoding: 'utf8' });
      if (done.status !== 0) throw new Error(`Recording shop failed: ${done.stdout}${done.stderr}`);
    },
  }; // prettier-ignore
}

/** The recording at a path without extension, packed or not. */
export function recordingAt(to: string): string | undefined {
  return [`${to}.jsonl`, `${to}.jsonl.gz`].find((file) => existsSync(file));
}

/** Text of a recording. */
export function recordingText(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** Removes what an earlier run of the same seed left. */
export function forget(to: string): void {
  for (const end of ['.jsonl', '.jsonl.gz', '.answers.json']) rmSync(`${to}${end}`, { force: true });
}
