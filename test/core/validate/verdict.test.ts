import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Fix, Gate, Verdict } from '../../../src/core/model/fix.ts';
import type { RunTestFiles } from '../../../src/core/validate/scratch.ts';
import { judge } from '../../../src/core/validate/verdict.ts';
import { createScratch } from '../../../src/core/validate/workspace/scratch.ts';
import { typeCheck } from '../../../src/core/validate/workspace/type-check.ts';
import { needs } from '../../needs.ts';
import {
  copySample, installedShop, sha256, shopFix, shopIsInstalled, shopNeeds, totalsTest, vitestRuns, type Copy,
} from './shop-copy.ts'; // prettier-ignore

const affected = ['tests/order.test.ts'];

interface Tried {
  readonly verdict: Verdict;
  readonly status: (id: string) => Gate['status'] | undefined;
  readonly evidence: (id: string) => string;
  /** Files of each run of tests. */
  readonly runs: readonly (readonly string[])[];
}

/** Judges a fix in a copy of a workspace, with the real Vitest and tsc; the workspace must be left alone. */
async function tried(
  copy: Copy,
  fix: Fix,
  more: {
    affected?: readonly string[];
    unsaved?: ReadonlyMap<string, string>;
    signal?: AbortSignal;
    onRun?: (n: number) => void;
    /** False where types are not what the test is about: tsc takes seconds. */
    types?: boolean;
  } = {},
): Promise<Tried> {
  const { unsaved = new Map<string, string>(), signal } = more;
  const before = await copy.snapshot();
  const scratch = await createScratch({ root: copy.root, unsaved });
  const runs: (readonly string[])[] = [];
  const real = vitestRuns(scratch);
  const runTests: RunTestFiles = (root, files, options) => {
    runs.push(files);
    more.onRun?.(runs.length);
    return real(root, files, options);
  };
  let now = 0;
  const verdict = await judge({
    fix,
    scratch,
    runTests,
    typeCheck: (files) => typeCheck(scratch, more.types === false ? [] : files, signal),
    affectedTests: more.affected ?? affected,
    hashOf: (file) => {
      const text = unsaved.get(file);
      return text === undefined ? copy.hash(file) : Promise.resolve(sha256(text));
    },
    now: () => (now += 1_000),
    ...(signal && { signal }),
  });
  await scratch.close();
  assert.equal(existsSync(path.dirname(scratch.root)), false);
  assert.deepEqual(await copy.snapshot(), before);
  return {
    verdict,
    runs,
    status: (id) => verdict.gates.find((gate) => gate.id === id)?.status,
    evidence: (id) => verdict.gates.find((gate) => gate.id === id)?.evidence ?? '',
  };
}

const edited = (fix: Fix, file: string, newText: string): Fix => ({
  ...fix,
  edits: fix.edits.map((edit) => (edit.file === file ? { ...edit, newText } : edit)),
});
const withoutMutants = (fix: Fix): Fix => ({ ...fix, proof: { ...fix.proof, mutants: [] } });

describe('a verdict on a fix of shop', function () {
  this.timeout(120_000);
  let shop: Copy;

  before(async function () {
    needs(this, shopIsInstalled, shopNeeds);
    shop = await installedShop();
  });
  after(() => shop?.remove());

  it('is passed for a good one, with the evidence of every gate', async () => {
    const { verdict, status, evidence } = await tried(shop, await shopFix(shop));
    assert.equal(verdict.status, 'passed', JSON.stringify(verdict.gates, null, 1));
    assert.deepEqual(
      verdict.gates.map((gate) => `${gate.id} ${gate.status}`),
      [
        'applies passed', 'baseline passed', 'fails-before passed', 'passes-after passed', 'kills-mutant passed',
        'affected-tests passed', 'type-check passed', 'replay skipped',
      ], // prettier-ignore
    );
    assert.match(evidence('applies'), /1 of 2 files .* 1 are new/);
    assert.match(evidence('baseline'), /2 tests in 1 files, none/);
    assert.match(evidence('fails-before'), /fails without the fix: .*expected/);
    assert.match(evidence('passes-after'), /3 times of 3/);
    assert.match(
      evidence('kills-mutant'),
      /1 of 2 mutants: the condition taken away. Not noticed: >= made >/,
    );
    assert.match(evidence('affected-tests'), /3 tests in 2 files, none/);
    assert.match(evidence('type-check'), /tsc -p tsconfig.json: no errors/);
    assert.equal(status('replay'), 'skipped');
    assert.equal(verdict.seconds, 1);
    assert.match(verdict.isolation, /^(no network but loopback|none: )/);
  });

  it('counts unsaved texts as what the person has', async () => {
    const file = 'src/domain/order.ts';
    const unsaved = new Map([[file, `${await shop.read(file)}\nexport const unsavedCents = 7;\n`]]);
    const fix = withoutMutants(await shopFix(shop));
    const stale = await tried(shop, fix, { unsaved });
    assert.equal(stale.verdict.status, 'failed');
    assert.match(stale.evidence('applies'), /Changed since the diagnosis: src\/domain\/order.ts/);
    assert.deepEqual(stale.runs, []);
    const test = totalsTest('expect(unsavedCents).toBe(8);').replace('{ totalsOf }', '{ unsavedCents }');
    const fresh = edited(fix, 'tests/totals.test.ts', test);
    const edits = fresh.edits.map((edit) =>
      edit.file === file ? { ...edit, sha256Before: sha256(unsaved.get(file) ?? '') } : edit,
    );
    const { status, evidence } = await tried(shop, { ...fresh, edits }, { unsaved, affected: [] });
    assert.equal(status('applies'), 'passed');
    // The test could only be loaded because the unsaved constant is there.
    assert.match(evidence('fails-before'), /expected 7 to be 8/);
  });

  it('is failed for a file to be created that is there, and for a path outside of the workspace', async () => {
    const fix = await shopFix(shop);
    const there = await tried(shop, {
      ...fix,
      edits: [{ file: 'src/app.ts', sha256Before: null, newText: '', part: 'code' }],
    });
    assert.match(there.evidence('applies'), /there already: src\/app.ts/);
    for (const file of ['../outside.ts', 'node_modules/zod/index.js', '/etc/outside']) {
      const outside = await tried(shop, {
        ...fix,
        edits: [{ file, sha256Before: await shop.hash(file), newText: '', part: 'code' }],
      });
      assert.equal(outside.status('applies'), 'failed', file);
    }
  });

  it('is failed when the new test passes before, or fails only because its file is broken', async () => {
    const fix = withoutMutants(await shopFix(shop));
    const blind = await tried(
      shop,
      edited(fix, 'tests/totals.test.ts', totalsTest('expect(totalsOf([])).toBeDefined();')),
      { affected: [] },
    );
    assert.equal(blind.verdict.status, 'failed');
    assert.match(blind.evidence('fails-before'), /passes without the fix too/);
    assert.equal(blind.status('passes-after'), 'skipped');
    const text = totalsTest('').replace('order.ts', 'new-order.ts');
    const broken = await tried(shop, edited(fix, 'tests/totals.test.ts', text), { affected: [] });
    assert.match(broken.evidence('fails-before'), /says nothing .*cannot be loaded/);
  });

  it('is failed for what breaks an affected test and a type', async () => {
    const fix = withoutMutants(await shopFix(shop));
    const file = 'src/domain/order.ts';
    const text = (await shop.read(file)).replace(
      'goodsCents >= freeShippingFromCents',
      '(freeShippingFromCents > 0) as number',
    );
    const { verdict, status, evidence } = await tried(shop, edited(fix, file, text));
    assert.equal(verdict.status, 'failed');
    assert.equal(status('passes-after'), 'passed');
    assert.match(
      evidence('affected-tests'),
      /1 worse with the fix: tests\/order.test.ts > totalsOf > charges shipping/,
    );
    assert.match(
      evidence('type-check'),
      /0 errors before, 1 with the fix, 1 of them new: src\/domain\/order.ts:\d+ TS2352/,
    );
  });

  it('is failed when the new test is flaky', async () => {
    const text = `import { existsSync, rmSync, writeFileSync } from 'node:fs';\n${totalsTest(`
  const there = existsSync('flag');
  if (there) rmSync('flag');
  else writeFileSync('flag', '');
  expect(there).toBe(true);`)}`;
    const fix = withoutMutants(edited(await shopFix(shop), 'tests/totals.test.ts', text));
    const { verdict, evidence } = await tried(shop, fix, { affected: [] });
    assert.equal(verdict.status, 'failed');
    assert.match(evidence('passes-after'), /run 2 of 3: .*expected false to be true/);
  });

  it('says that tests failed before and does not blame the fix', async () => {
    const red = 'tests/red.test.ts';
    const test = `import { expect, it } from 'vitest';\nit('is red', () => expect(1).toBe(2));\n`;
    await shop.write(red, test);
    const fix = withoutMutants(await shopFix(shop));
    try {
      const { verdict, evidence } = await tried(shop, fix, { affected: [...affected, red], types: false });
      assert.equal(verdict.status, 'passed', JSON.stringify(verdict.gates, null, 1));
      assert.match(
        evidence('baseline'),
        /Before the fix 1 fail, which is not blamed on it: tests\/red.test.ts > is red/,
      );
      assert.match(evidence('affected-tests'), /none fails with the fix beyond the 1 that did before/);
    } finally {
      await rm(path.join(shop.root, red));
    }
  });

  it('is inconclusive when tests cannot run', async () => {
    const bare = await copySample('shop');
    try {
      const { verdict, status, evidence } = await tried(bare, await shopFix(bare));
      assert.equal(verdict.status, 'inconclusive');
      assert.equal(status('baseline'), 'inconclusive');
      assert.match(evidence('baseline'), /not installed/);
      assert.equal(status('passes-after'), 'skipped');
    } finally {
      await bare.remove();
    }
  });

  it('measures a performance fix without and with it', async () => {
    const file = 'src/slow.ts';
    const slow = (ms: number): string =>
      `export const slow = (): Promise<void> => new Promise((done) => setTimeout(done, ${ms}));\n`;
    await shop.write(file, slow(20));
    const title = 'answers';
    const head = `import { it } from 'vitest';\nimport { slow } from '../src/slow.ts';\n`;
    const edit = (ms: number): Fix['edits'] => [
      { file, sha256Before: sha256(slow(20)), newText: slow(ms), part: 'code' },
      {
        file: 'tests/slow.test.ts',
        sha256Before: null,
        newText: `${head}it('${title}', slow);\n`,
        part: 'test',
      },
    ];
    const text = `${head}it('replays', async () => {\n  for (let i = 0; i < 12; i++) {\n    const at = performance.now();\n    await slow();\n    console.log('suture-replay ' + (performance.now() - at).toFixed(2));\n  }\n});\n`;
    const fix = await shopFix(shop, {
      proof: {
        test: { file: 'tests/slow.test.ts', title },
        failsBefore: false,
        mutants: [],
        replay: { file: 'tests/replay.test.ts', text, samples: [] },
      },
    });
    try {
      const good = await tried(shop, { ...fix, edits: edit(4) }, { affected: [], types: false });
      assert.equal(good.verdict.status, 'passed', JSON.stringify(good.verdict.gates, null, 1));
      assert.match(good.evidence('fails-before'), /passes on the code as it is/);
      assert.match(
        good.evidence('replay'),
        /Median 2\d\.\d ms without .* with the fix: 0\.\d\d times, 95 % interval 0\.\d\d to 0\.\d\d \(36 and 36 requests in 3 runs each/,
      );
    } finally {
      await rm(path.join(shop.root, file));
    }
  });

  it('is inconclusive and leaves nothing behind when cancelled', async () => {
    const cancel = new AbortController();
    const onRun = (n: number): void => {
      if (n === 2) setTimeout(() => cancel.abort(), 300);
    };
    const { verdict, evidence, status } = await tried(shop, await shopFix(shop), {
      signal: cancel.signal,
      onRun,
    });
    assert.equal(verdict.status, 'inconclusive');
    assert.equal(evidence('fails-before'), 'Cancelled.');
    assert.equal(status('replay'), 'skipped');
    await assert.rejects(createScratch({ root: shop.root, unsaved: new Map(), signal: cancel.signal }));
  });

  it('leaves the workspace as it is when its process is killed at any moment', async function () {
    needs(this, process.platform === 'linux', 'Linux, to end what a killed process leaves');
    const { killedVerdicts } = await import('./killed-verdicts.ts');
    const folder = path.join(tmpdir(), `suture-test-killed-${process.pid}`);
    await mkdir(folder);
    try {
      const before = await shop.snapshot();
      const states = await killedVerdicts(shop, folder, [400, 900, 1_500, 2_300, 3_200]);
      assert.deepEqual(await shop.snapshot(), before);
      // The moments would prove nothing if every process had been done, or not begun.
      assert.deepEqual(states.map(({ signal }) => signal), Array(5).fill('SIGKILL')); // prettier-ignore
      assert.ok(states.some(({ running }) => running));
      assert.ok((await readdir(folder)).some((name) => name.startsWith('suture-scratch-')));
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
