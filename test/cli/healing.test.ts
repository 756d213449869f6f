// The closed loop on the command line, over the sample shop whose release 1.1.0 holds the planted faults.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { materialiseShop } from '../../scripts/shop-release.ts';

const entry = path.join(import.meta.dirname, '../../src/cli/suture.ts');
const recordings = path.join(import.meta.dirname, '../fixtures/telemetry/shop');

interface Row {
  readonly fingerprint: string;
  readonly detector: string;
  readonly state: string;
  readonly operation: string;
  readonly handlerId: string;
  readonly evidence: readonly { readonly file?: string; readonly line?: number }[];
}

interface Fixed {
  readonly fix: { readonly recipe: string } | null;
  readonly reasons?: readonly string[];
  readonly edits: readonly {
    readonly file: string;
    readonly sha256Before: string | null;
    readonly newText: string;
    readonly part: string;
  }[];
  readonly delivery?: { readonly branch: string; readonly commit: string };
  readonly gates: readonly { readonly id: string; readonly status: string; readonly evidence: string }[];
}

function suture(...args: readonly string[]): {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

function data(...args: readonly string[]): unknown {
  const { out, err } = suture(...args, '--json');
  assert.notEqual(out, '', err);
  return (JSON.parse(out) as { data: unknown }).data;
}

/** The faulty traffic of 1.1.0 once more, ten minutes later and under another release. */
async function replayAs(release: string, root: string): Promise<void> {
  const recorded = gunzipSync(await readFile(path.join(recordings, 'shop-1.1.0.jsonl.gz'))).toString();
  const laterNs = 600_000_000_000n;
  const later = recorded
    .replaceAll('"1.1.0"', `"${release}"`)
    .replace(
      /"((?:start|end)?[tT]imeUnixNano)":"?(\d+)"?/g,
      (_, key: string, time: string) => `"${key}":"${BigInt(time) + laterNs}"`,
    )
    .replace(
      /"(traceId|spanId|parentSpanId)":"(.)/g,
      (_, key: string, first: string) => `"${key}":"${first === 'f' ? '0' : 'f'}`,
    );
  await writeFile(path.join(root, `.telemetry/shop-${release}.jsonl.gz`), gzipSync(later));
}

function assertProven(fixed: Fixed, recipe: string): void {
  assert.equal(fixed.fix?.recipe, recipe, fixed.reasons?.join('\n'));
  const failed = fixed.gates.filter(({ status }) => status !== 'passed' && status !== 'skipped');
  assert.deepEqual(failed, []);
  assert.ok(fixed.gates.some(({ id, status }) => id === 'passes-after' && status === 'passed'));
}

describe('the closed loop on the command line', function () {
  this.timeout(180_000);
  let folder: string;
  let root: string;
  let found: readonly Row[];
  const anomalies = (...args: readonly string[]): readonly Row[] =>
    (data('anomalies', '-w', root, ...args) as { anomalies: readonly Row[] }).anomalies;
  const by = (detector: string): string => found.find((row) => row.detector === detector)?.fingerprint ?? '';
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim();
  /** Everything but the ledger, in which every offer is noted. */
  const changes = (): string => git('status', '--porcelain', '--', '.', ':!.suture/ledger.jsonl');
  const addRecording = (name: string): Promise<void> =>
    cp(path.join(recordings, name), path.join(root, '.telemetry', name));

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'suture-healing-'));
    root = path.join(folder, 'shop');
    await materialiseShop('1.1.0', root, { git: true });
    found = anomalies();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('finds the performance, error and coverage faults of 1.1.0, once each, and ends with 1', () => {
    assert.deepEqual(
      found.map(({ detector, operation, state }) => `${detector} ${operation} ${state}`).toSorted(),
      [
        'error-burst GET /api/customers/:customerId/addresses new',
        'n-plus-one-call GET /api/catalog/products new',
        'untested-handler GET /api/catalog/search new',
      ],
    );
    assert.equal(suture('anomalies', '-w', root).code, 1);
  });

  it('gives the same fingerprints against a baseline and after lines moved', async () => {
    const current = path.join(recordings, 'shop-1.1.0.jsonl.gz');
    const baseline = path.join(recordings, 'shop-1.0.0-sale.jsonl.gz');
    const file = path.join(root, 'src/controllers/products.ts');
    const text = await readFile(file, 'utf8');
    await writeFile(file, `// A line more.\n\n${text}`);
    try {
      const against = anomalies('-t', current, '--baseline', baseline);
      assert.deepEqual(
        against.map(({ fingerprint }) => fingerprint),
        found.map(({ fingerprint }) => fingerprint),
      );
    } finally {
      await writeFile(file, text);
    }
  });

  it('explains: the loop and the throwing line with their places, the input, and the commit', () => {
    const loop = suture('explain', by('n-plus-one-call'), '-w', root);
    assert.match(loop.out, /src\/controllers\/products\.ts:25/);
    assert.match(loop.out, /Changed by [0-9a-f]{10}: 1\.1\.0/);
    const thrown = suture('explain', by('error-burst'), '-w', root);
    assert.match(thrown.out, /src\/routes\/addresses\.ts:24/);
    assert.match(thrown.out, /path\.customerId/);
    assert.match(thrown.out, /cus-231/);
  });

  for (const [detector, recipe] of [
    ['error-burst', 'guard-throwing-line'],
    ['untested-handler', 'generate-test'],
  ] as const) {
    it(`mends ${detector} with code, test and docs that pass every gate, and leaves the tree alone`, () => {
      const before = changes();
      const fixed = data('fix', by(detector), '-w', root, '--validate') as Fixed;
      assertProven(fixed, recipe);
      const parts = new Set(fixed.edits.map(({ part }) => part));
      assert.ok(parts.has('test') && parts.has('docs'), [...parts].join());
      assert.equal(parts.has('code'), detector !== 'untested-handler');
      for (const { file, sha256Before } of fixed.edits) {
        if (sha256Before === null) continue;
        const text = execFileSync('cat', [path.join(root, file)]);
        assert.equal(createHash('sha256').update(text).digest('hex'), sha256Before);
      }
      assert.equal(changes(), before);
    });
  }

  it('puts a proven fix on a branch of one commit, and a later release decides whether it worked', async () => {
    const head = git('rev-parse', 'HEAD');
    const before = changes();
    const fixed = data('fix', by('n-plus-one-call'), '-w', root, '--branch') as Fixed;
    assertProven(fixed, 'bound-concurrency');
    const replay = fixed.gates.find(({ id }) => id === 'replay');
    assert.equal(replay?.status, 'passed');
    assert.equal(git('rev-parse', `${fixed.delivery?.branch}^`), head);
    assert.equal(git('rev-parse', fixed.delivery?.branch ?? ''), fixed.delivery?.commit);
    assert.equal(changes(), before);
    assert.equal(git('rev-parse', 'HEAD'), head);
    await addRecording('shop-1.2.0.jsonl.gz');
    assert.deepEqual(anomalies().map(({ detector }) => detector), ['untested-handler']); // prettier-ignore
    const learned = data('learn', '-w', root) as {
      fixes: readonly { outcome: string; n: number; ratio: number }[];
    };
    const [fix] = learned.fixes;
    assert.equal(fix?.outcome, 'fixed');
    assert.ok(fix.n >= 30 && fix.ratio < 0.2, JSON.stringify(fix));

    await replayAs('1.3.0', root);
    const again = anomalies().find(({ detector }) => detector === 'n-plus-one-call');
    assert.deepEqual([again?.fingerprint, again?.state], [by('n-plus-one-call'), 'reopened']);
    const reopened = data('learn', '-w', root) as { fixes: readonly { outcome: string }[] };
    assert.equal(reopened.fixes[0]?.outcome, 'reopened');
  });

  it('knows a fix without effect: 1.1.0 replayed as 1.2.0', async () => {
    const other = path.join(folder, 'no-effect');
    await materialiseShop('1.1.0', other);
    const decided = (await readFile(path.join(root, '.suture/ledger.jsonl'), 'utf8')).split('\n').filter((line) => line.includes('"branched"')); // prettier-ignore
    assert.equal(decided.length, 1);
    await writeFile(path.join(other, '.suture/ledger.jsonl'), `${decided[0]}\n`);
    await replayAs('1.2.0', other);
    const learned = data('learn', '-w', other) as { fixes: readonly { outcome: string; ratio: number }[] };
    assert.equal(learned.fixes[0]?.outcome, 'no-effect');
    assert.ok(Math.abs((learned.fixes[0]?.ratio ?? 0) - 1) < 0.1);
  });

  it('says what it cannot do: an unknown fingerprint, two ways at once, no git', async () => {
    assert.match(suture('explain', '0000000000000000', '-w', root).err, /There is no anomaly/);
    assert.match(suture('fix', by('error-burst'), '-w', root, '--write', '--branch').err, /Either/);
    const bare = path.join(folder, 'bare');
    await materialiseShop('1.1.0', bare);
    const refused = suture('fix', by('error-burst'), '-w', bare, '--branch');
    assert.equal(refused.code, 2);
    assert.match(refused.err, /needs git/);
  });
});
