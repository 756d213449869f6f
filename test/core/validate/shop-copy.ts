import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Fix } from '../../../src/core/model/fix.ts';
import { runTests } from '../../../src/core/tests/run.ts';
import { vitest } from '../../../src/core/tests/runners/registry.ts';
import type { RunTestFiles } from '../../../src/core/validate/scratch.ts';
import { readIfThere } from '../../../src/core/validate/workspace/run-files.ts';
import { scratchProcess, type LocalScratch } from '../../../src/core/validate/workspace/scratch.ts';

const workspaces = path.join(import.meta.dirname, '../../workspaces');
const installed = path.join(workspaces, 'shop/node_modules');

/** What the tests of verdicts need and a clone without `npm install` in `shop` lacks. */
export const shopIsInstalled = existsSync(path.join(installed, 'vitest'));
export const shopNeeds = 'the dependencies of test/workspaces/shop';

/** A workspace laid out below the temporary folder, as a person has it. */
export interface Copy {
  readonly root: string;
  readonly write: (file: string, text: string) => Promise<void>;
  readonly read: (file: string) => Promise<string>;
  /** SHA-256 of the present text; null when there is none. */
  readonly hash: (file: string) => Promise<string | null>;
  /** Every file, link and folder with mode, time and content: equal only for a tree that nobody touched. */
  readonly snapshot: () => Promise<ReadonlyMap<string, string>>;
  readonly remove: () => Promise<void>;
}

/** Copies a sample without what it generates; `link` names packages of `shop` to be linked into its `node_modules`. */
export async function copySample(name: 'shop' | 'monorepo'): Promise<Copy> {
  const root = await mkdtemp(path.join(tmpdir(), `suture-test-${name}-`));
  const from = path.join(workspaces, name);
  await cp(from, root, {
    recursive: true,
    filter: (file) => !/[/\\](?:node_modules|\.telemetry|dist|coverage)$/.test(file),
  });
  const full = (file: string): string => path.join(root, file);
  const read = (file: string): Promise<string> => readFile(full(file), 'utf8');
  return {
    root,
    read,
    async write(file, text) {
      await mkdir(path.dirname(full(file)), { recursive: true });
      await writeFile(full(file), text);
    },
    hash: (file) => read(file).then(sha256, () => null),
    snapshot: () => snapshot(root),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Links the installed packages of `shop` into a folder, but for its workspace package. */
export async function linkInstalled(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(installed)) {
    if (name.startsWith('.') && name !== '.bin') continue;
    if (name !== 'inventory') await symlink(path.join(installed, name), path.join(folder, name));
  }
}

/** `shop` with its dependencies laid out as npm does. */
export async function installedShop(): Promise<Copy> {
  const copy = await copySample('shop');
  await linkInstalled(path.join(copy.root, 'node_modules'));
  await symlink('../inventory', path.join(copy.root, 'node_modules/inventory'));
  return copy;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The Vitest of the copy, in its isolation. */
export function vitestRuns(scratch: LocalScratch): RunTestFiles {
  const run = scratchProcess(scratch);
  let started = 0;
  return async (root, files, { signal }) => {
    const lines: string[] = [];
    const command = 'node_modules/.bin/vitest';
    if (!existsSync(path.join(root, command)))
      return { k: 'could-not-run', reason: 'Vitest is not installed.' };
    const outcome = await runTests(
      { runner: vitest, cwd: '', files, command, script: 'node_modules/vitest/vitest.mjs' },
      {
        run: (start) => run({ ...start, onLine: (line) => lines.push(line) }),
        read: readIfThere,
        absolute: (relative) => path.join(root, relative),
        platform: process.platform,
      },
      { reportFile: path.join(scratch.temp, `report-${++started}.json`), ...(signal && { signal }) },
    );
    if (outcome.k === 'cancelled') return { k: 'cancelled' };
    if (outcome.k === 'inconclusive')
      return { k: 'could-not-run', reason: `${outcome.reason}\n${outcome.outputTail}` };
    const local = (file: string): string => path.relative(root, file).replaceAll('\\', '/');
    return {
      k: 'ran',
      tests: outcome.report.tests.map(({ file, titles, state, message }) => ({
        file: local(file),
        title: titles.join(' > '),
        state: state === 'not-run' ? 'skipped' : state,
        ...(message !== undefined && { message }),
      })),
      brokenFiles: outcome.report.brokenFiles.map(({ file, message }) => ({ file: local(file), message })),
      lines,
    };
  };
}

const testFile = 'tests/totals.test.ts';
const domain = 'src/domain/order.ts';
const rule = 'goodsCents >= freeShippingFromCents';

/** Text of a test of `totalsOf` in `shop`. */
export const totalsTest = (expectation: string): string =>
  `import { expect, it } from 'vitest';\nimport { totalsOf } from '../src/domain/order.ts';\n\nit('asks nothing for nothing', () => {\n  ${expectation}\n});\n`;

/** A good fix of `shop`: an empty order is not charged for shipping. `more` replaces parts of it. */
export async function shopFix(copy: Copy, more: Partial<Fix> = {}): Promise<Fix> {
  const code = await copy.read(domain);
  const replaced = (by: string): string => {
    if (!code.includes(rule)) throw new Error(`${domain} has changed: this fix is made for "${rule}".`);
    return code.replace(rule, by);
  };
  const text = totalsTest('expect(totalsOf([])).toEqual({ shippingCents: 0, totalCents: 0 });');
  return {
    id: 'fix-1',
    fingerprint: 'f-1',
    recipe: 'handmade',
    tier: 'suggestion',
    title: 'Ship nothing for nothing',
    summary: '',
    edits: [
      {
        file: domain,
        sha256Before: sha256(code),
        newText: replaced(`goodsCents === 0 || ${rule}`),
        part: 'code',
      },
      { file: testFile, sha256Before: null, newText: text, part: 'test' },
    ],
    proof: {
      test: { file: testFile, title: 'asks nothing for nothing' },
      failsBefore: true,
      mutants: [
        { file: domain, newText: code, what: 'the condition taken away' },
        {
          file: domain,
          newText: replaced('goodsCents === 0 || goodsCents > freeShippingFromCents'),
          what: '>= made >',
        },
      ],
    },
    notes: [],
    ...more,
  };
}

async function snapshot(root: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const { mtimeMs } = await lstat(folder);
    found.set(`${folder}/`, String(mtimeMs));
    for (const name of await readdir(folder)) {
      const full = path.join(folder, name);
      const stats = await lstat(full);
      if (stats.isDirectory()) folders.push(full);
      else {
        const content = stats.isSymbolicLink()
          ? await readlink(full)
          : sha256(await readFile(full, 'latin1'));
        found.set(full, `${stats.mode} ${stats.mtimeMs} ${content}`);
      }
    }
  }
  return found;
}
