import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shopRecordings, shopReleases, shopWorkspace } from './layout.ts';
import { run } from './processes.ts';
import { copyShop } from './shop-copy.ts';

export type ShopVersion = '1.0.0' | '1.1.0' | '1.2.0';

interface Release {
  readonly version: ShopVersion;
  /** Of the commit, before the release was recorded. */
  readonly date: string;
  readonly author: string;
  readonly message: string;
  /** Files that are gone since the release before. */
  readonly removed: readonly string[];
  /** Files that are again as they were in the first release. */
  readonly restored: readonly string[];
}

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Makes `target` (not there yet, or empty) the sample shop as of that release, with links to what is installed in the
 * shop, and in `.telemetry` one recording of each release so far. With `git` it is a clean repository with one commit
 * per release on the branch `main`.
 */
export async function materialiseShop(
  version: ShopVersion,
  target: string,
  options: { readonly git?: boolean } = {},
): Promise<void> {
  const releases = JSON.parse(await readFile(join(shopReleases, 'releases.json'), 'utf8')) as Release[];
  const last = releases.findIndex((release) => release.version === version);
  if (last < 0) throw new Error(`There is no release ${version} of the sample shop.`);
  await copyShop(target);
  if (options.git === true) await git(target, ['init', '--quiet', '--initial-branch=main']);
  for (const release of releases.slice(0, last + 1)) {
    await cp(join(shopReleases, release.version), target, { recursive: true });
    for (const path of release.removed) await rm(join(target, path));
    for (const path of release.restored) await copyFile(inFirstRelease(path), join(target, path));
    await updateLock(target);
    await addRecording(release.version, target);
    if (options.git === true) await commit(release, target);
  }
}

function inFirstRelease(path: string): string {
  const changed = join(shopReleases, '1.0.0', path);
  return existsSync(changed) ? changed : join(shopWorkspace, path);
}

/** The lock file says of the shop's own package what its manifest says; overlays hold no second lock file. */
async function updateLock(target: string): Promise<void> {
  const path = join(target, 'package-lock.json');
  const { version, dependencies } = JSON.parse(
    await readFile(join(target, 'package.json'), 'utf8'),
  ) as Manifest;
  const lock = JSON.parse(await readFile(path, 'utf8')) as {
    version: string;
    packages: Record<string, { version?: string; dependencies?: object; dev?: boolean }>;
  };
  lock.version = version;
  Object.assign(lock.packages[''] ?? {}, { version, dependencies });
  for (const name of Object.keys(dependencies)) delete lock.packages[`node_modules/${name}`]?.dev;
  await writeFile(path, `${JSON.stringify(lock, null, 2)}\n`);
}

/** A release that is being recorded for the first time has none yet; that of 1.0.0 came with the shop. */
async function addRecording(version: ShopVersion, target: string): Promise<void> {
  const name = `shop-${version}.jsonl.gz`;
  if (!existsSync(join(shopRecordings, name))) return;
  await mkdir(join(target, '.telemetry'), { recursive: true });
  await copyFile(join(shopRecordings, name), join(target, '.telemetry', name));
}

async function commit({ version, date, author, message }: Release, target: string): Promise<void> {
  await git(target, ['add', '--all']);
  const email = `${author.toLowerCase().replaceAll(' ', '.')}@example.com`;
  const identity = ['-c', `user.name=${author}`, '-c', `user.email=${email}`, '-c', 'commit.gpgsign=false'];
  await git(target, [...identity, 'commit', '--quiet', '--no-verify', '-m', `${version}: ${message}`], date);
}

async function git(cwd: string, args: readonly string[], date?: string): Promise<void> {
  const dates = date === undefined ? {} : { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  // Neither the configuration of this machine nor a repository around the target has a say.
  const env = { ...process.env, ...dates, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE']) delete (env as NodeJS.ProcessEnv)[name];
  const done = await run('git', args, { cwd, env });
  if (done.code !== 0) throw new Error(`git ${args.join(' ')} failed in ${cwd}\n${done.output}`);
}
