import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { shopFix, type Copy } from './shop-copy.ts';

const script = `
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
const [root, fixFile, source, test] = process.argv.slice(1);
const { judge } = await import(source + '/core/validate/verdict.ts');
const { createScratch } = await import(source + '/core/validate/workspace/scratch.ts');
const { typeCheck } = await import(source + '/core/validate/workspace/type-check.ts');
const { vitestRuns } = await import(test + '/core/validate/shop-copy.ts');
const fix = JSON.parse(await readFile(fixFile, 'utf8'));
console.log('begun');
for (;;) {
  const scratch = await createScratch({ root, unsaved: new Map() });
  console.log('running');
  await judge({
    fix, scratch, runTests: vitestRuns(scratch), typeCheck: (files) => typeCheck(scratch, files),
    affectedTests: ['tests/order.test.ts'], now: Date.now,
    hashOf: (file) => readFile(root + '/' + file, 'utf8').then((text) => createHash('sha256').update(text).digest('hex'), () => null),
  });
}
`;

/** Judges a fix in as many processes as there are moments (milliseconds from their start), each killed at its own. */
export async function killedVerdicts(
  copy: Copy,
  folder: string,
  momentsMs: readonly number[],
): Promise<readonly { readonly signal: string | null; readonly running: boolean }[]> {
  const repository = path.join(import.meta.dirname, '../../..');
  const fixFile = path.join(folder, 'fix.json');
  await writeFile(fixFile, JSON.stringify(await shopFix(copy)));
  const places = [copy.root, fixFile, path.join(repository, 'src'), path.join(repository, 'test')];
  const states = await Promise.all(
    momentsMs.map(async (ms) => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...places], {
        env: { ...process.env, TMPDIR: folder },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.on('data', (chunk) => (said += String(chunk)));
      await once(child.stdout, 'data');
      setTimeout(() => child.kill('SIGKILL'), ms);
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
      return { signal, running: said.includes('running') };
    }),
  );
  await endOrphans(folder);
  return states;
}

/** Ends the runs that killed processes started: those that work in a folder of ours. */
async function endOrphans(folder: string): Promise<void> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const cwd = await readlink(`/proc/${name}/cwd`).catch(() => '');
    if (!cwd.startsWith(`${folder}${path.sep}`)) continue;
    try {
      process.kill(Number(name), 'SIGKILL');
    } catch {
      // Ended by itself.
    }
  }
}
