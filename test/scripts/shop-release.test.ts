import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root, shopRecordings, shopReleases, shopWorkspace } from '../../scripts/layout.ts';
import { run } from '../../scripts/processes.ts';
import { materialiseShop, type ShopVersion } from '../../scripts/shop-release.ts';
import { needs } from '../needs.ts';

interface Fault {
  readonly kind: string;
  readonly file: string;
  readonly line: number;
  /** The line itself, without its indentation. */
  readonly text: string;
  readonly page?: string;
}

const { faults } = JSON.parse(readFileSync(join(shopReleases, 'faults.json'), 'utf8')) as {
  readonly faults: readonly Fault[];
};

describe('materialiseShop', function () {
  this.timeout(120_000);
  let scratch: string;
  const at = (version: ShopVersion, ...path: string[]): string => join(scratch, version, ...path);
  const read = (version: ShopVersion, path: string): string => readFileSync(at(version, path), 'utf8');
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'suture-releases-'));
    await materialiseShop('1.0.0', at('1.0.0'));
    await materialiseShop('1.1.0', at('1.1.0'));
    await materialiseShop('1.2.0', at('1.2.0'), { git: true });
  });
  after(() => rm(scratch, { recursive: true, force: true, maxRetries: 5 }));

  it('lays later files over earlier ones and takes away what is gone', () => {
    for (const version of ['1.0.0', '1.1.0', '1.2.0'] as const) {
      for (const path of ['package.json', 'package-lock.json'])
        assert.equal((JSON.parse(read(version, path)) as { version: string }).version, version);
      assert.equal(existsSync(at(version, 'tests/search.test.ts')), version !== '1.1.0');
      assert.ok(existsSync(at(version, 'tests/own-orders.test.ts')));
    }
    assert.deepEqual(readdirSync(at('1.2.0', '.telemetry')).sort(), [
      'shop-1.0.0.jsonl.gz',
      'shop-1.1.0.jsonl.gz',
      'shop-1.2.0.jsonl.gz',
    ]);
    assert.deepEqual(readdirSync(at('1.0.0', '.telemetry')), ['shop-1.0.0.jsonl.gz']);
  });

  it('has one fault of each kind in 1.1.0, at the line that the list names', () => {
    assert.deepEqual(faults.map(({ kind }) => kind).sort(), [
      'behaviour',
      'coverage',
      'dependencies',
      'documentation',
      'errors',
      'performance',
      'state',
    ]);
    for (const { file, line, text } of faults)
      assert.equal(read('1.1.0', file).split('\n')[line - 1]?.trim(), text, `${file}:${line}`);
  });

  it('has a history without changes left over, in which each fault has its commit', () => {
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: at('1.2.0'), encoding: 'utf8' });
    assert.equal(git('status', '--porcelain'), '');
    const commits = git('log', '--reverse', '--format=%H %s').trim().split('\n');
    assert.deepEqual(
      commits.map((commit) => / (\S+):/.exec(commit)?.[1]),
      ['1.0.0', '1.1.0', '1.2.0'],
    );
    const [, second = ''] = commits.map((commit) => commit.split(' ')[0]);
    for (const { kind, file, line } of faults.filter((fault) => fault.kind !== 'coverage')) {
      const blamed = git('blame', '--porcelain', '-L', `${line},${line}`, second, '--', file).split(' ')[0];
      assert.equal(blamed, second, kind);
    }
    assert.match(git('show', '--stat', '--format=', second), /tests\/search\.test\.ts +\| +\d+ -+\n/);
  });

  for (const version of ['1.1.0', '1.2.0'] as const) {
    it(`gives a shop ${version} whose types and tests are fine`, async function () {
      const cwd = at(version);
      needs(this, existsSync(join(shopWorkspace, 'node_modules', 'vitest')), 'the shop installed');
      const [types, tests] = await Promise.all([
        run(process.execPath, [join(cwd, 'node_modules/typescript/bin/tsc'), '-p', '.'], { cwd }),
        run(process.execPath, [join(cwd, 'node_modules/vitest/vitest.mjs'), 'run'], { cwd }),
      ]);
      assert.equal(types.code, 0, types.output);
      assert.equal(tests.code, 0, tests.output);
    });
  }

  it('has pages that are true of 1.0.0 and 1.2.0, and not of 1.1.0', async () => {
    const page = faults.find((fault) => fault.page !== undefined)?.page ?? '';
    const signature = /recommendProducts\( request: (.*?), response/;
    assert.doesNotMatch(signature.exec(read('1.1.0', page))?.[1] ?? '', /limit/);
    assert.match(signature.exec(read('1.2.0', page))?.[1] ?? '', /limit/);
    const cli = join(root, 'src', 'cli', 'suture.ts');
    for (const version of ['1.0.0', '1.1.0', '1.2.0'] as const) {
      const done = await run(process.execPath, [cli, 'docs', '--check', '-w', at(version)]);
      const hint = 'when the pages themselves changed: node scripts/document-releases.ts';
      assert.equal(done.code, version === '1.1.0' ? 1 : 0, `${version}: ${done.output}\n${hint}`);
    }
  });
});

interface ServerCalls {
  calls: number;
  errors: number;
}

describe('recordings of the sample shop', () => {
  const committed = [
    ...readdirSync(shopRecordings).map((name) => join(shopRecordings, name)),
    join(shopWorkspace, '.telemetry', 'shop-1.0.0.jsonl.gz'),
  ];

  it('stay below 4 MB together', () => {
    const bytes = committed.reduce((sum, path) => sum + statSync(path).size, 0);
    assert.ok(committed.length === 5 && bytes < 4e6, `${committed.length} files, ${bytes} bytes`);
  });

  it('show the faults of 1.1.0 and none of them in 1.2.0 and 1.0.0', () => {
    const addresses = 'shop GET /api/customers/:customerId/addresses';
    const list = 'shop GET /api/catalog/products';
    const level = 'inventory GET /stock/:sku';
    for (const name of ['shop-1.0.0-evening', 'shop-1.0.0-sale', 'shop-1.1.0', 'shop-1.2.0']) {
      const routes = serverCalls(join(shopRecordings, `${name}.jsonl.gz`));
      const of = (route: string): ServerCalls => routes.get(route) ?? { calls: 0, errors: 0 };
      const faulty = name === 'shop-1.1.0';
      assert.ok(of(list).calls >= 60 && of('shop GET /api/catalog/search').calls >= 60, name);
      assert.equal(of(addresses).errors >= 25, faulty, `${name}: ${of(addresses).errors} errors`);
      assert.equal(of(level).calls > 6 * of(list).calls, faulty, `${name}: ${of(level).calls} levels`);
    }
  });

  it('come one after the other', () => {
    const names = ['shop-1.0.0-evening', 'shop-1.0.0-sale', 'shop-1.1.0', 'shop-1.2.0'];
    const times = names.flatMap((name) => {
      const all = spansOf(join(shopRecordings, `${name}.jsonl.gz`)).map(({ span }) => span.startTimeUnixNano);
      return [all.toSorted(byText)[0] ?? '', all.toSorted(byText).at(-1) ?? ''];
    });
    assert.deepEqual(times, times.toSorted(byText));
  });
});

interface RecordedSpan {
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly attributes: readonly {
    readonly key: string;
    readonly value: { readonly stringValue?: string; readonly intValue?: number };
  }[];
}

interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: Pick<RecordedSpan, 'attributes'>;
    readonly scopeSpans: readonly { readonly spans: readonly RecordedSpan[] }[];
  }[];
}

/** Times of equal length compare as texts, without losing nanoseconds. */
function byText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

function spansOf(path: string): readonly { readonly service: string; readonly span: RecordedSpan }[] {
  return gunzipSync(readFileSync(path))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .flatMap((line) => (JSON.parse(line) as ExportRequest).resourceSpans)
    .flatMap(({ resource, scopeSpans }) => {
      const service = String(attribute(resource, 'service.name'));
      return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ service, span })));
    });
}

/** By service, method and route; errors are answers of 500 only. */
function serverCalls(path: string): ReadonlyMap<string, ServerCalls> {
  const routes = new Map<string, ServerCalls>();
  for (const { service, span } of spansOf(path)) {
    if (span.kind !== 2) continue;
    const key = `${service} ${attribute(span, 'http.request.method')} ${attribute(span, 'http.route')}`;
    const row = routes.get(key) ?? { calls: 0, errors: 0 };
    routes.set(key, row);
    row.calls++;
    if (attribute(span, 'http.response.status_code') === 500) row.errors++;
  }
  return routes;
}

function attribute(of: Pick<RecordedSpan, 'attributes'>, key: string): string | number | undefined {
  const value = of.attributes.find((candidate) => candidate.key === key)?.value;
  return value?.stringValue ?? value?.intValue;
}
