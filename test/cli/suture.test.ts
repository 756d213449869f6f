import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore } from '../../src/core/measure/store/open.ts';

const entry = path.join(import.meta.dirname, '../../src/cli/suture.ts');

interface Answer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function suture(...args: readonly string[]): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

interface Document {
  readonly schema: string;
  readonly workspace: string;
  readonly data: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly problems: readonly {
    readonly file: string;
    readonly line?: number;
    readonly code: string;
    readonly count: number;
  }[];
}

function span(index: number, route: string, ms: number, status = 200): unknown {
  const id = (index + 1).toString(16).padStart(16, '0');
  const start = BigInt(Date.UTC(2026, 10, 20)) * 1_000_000n + BigInt(index) * 1_000_000_000n;
  const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
  return {
    traceId: id.padStart(32, 'b'),
    spanId: id,
    name: `GET ${route}`,
    kind: 2,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + BigInt(ms) * 1_000_000n),
    attributes: [
      attribute('http.request.method', 'GET'),
      attribute('http.route', route),
      { key: 'http.response.status_code', value: { intValue: status } },
    ],
    status: {},
  };
}

function request(spans: readonly unknown[]): string {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'app' } }] };
  return `${JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: {}, spans }] }] })}\n`;
}

describe('suture on the command line', function () {
  this.timeout(60_000);
  let root: string;

  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'suture-cli-'));
    await writeFile(path.join(root, 'package.json'), '{"name":"app","dependencies":{"express":"5"}}');
    await writeFile(
      path.join(root, 'app.js'),
      `const express = require('express');
const app = express();
app.get('/a', function showA(req, res) { res.end(); });
app.get('/b', (req, res) => res.end());
app.listen(1);
`,
    );
    await mkdir(path.join(root, '.telemetry'));
    const spans = [10, 20, 30, 40, 50, 60].map((ms, i) =>
      span(i, '/a', ms, i === 0 ? 404 : i === 1 ? 500 : 200),
    );
    const few = [span(10, '/b', 5), span(11, '/gone\u001b[31m', 5)];
    await writeFile(path.join(root, '.telemetry/a.jsonl'), request([...spans, ...few]) + '{"torn":\n');
  });

  after(() => rm(root, { recursive: true, force: true }));

  const json = (...args: readonly string[]): Document => {
    const { out, code } = suture(...args, '--workspace', root, '--json');
    assert.equal(code, 0);
    return JSON.parse(out) as Document;
  };

  it('lists handlers with every field of the contract', () => {
    const document = json('handlers');
    assert.equal(document.schema, 'suture.handlers/1');
    assert.equal(document.workspace, root.replaceAll('\\', '/'));
    const [first] = document.data['handlers']!;
    assert.deepEqual(first, {
      id: 'app.js#showA@GET /a',
      function: 'app.js#showA',
      kind: 'route',
      framework: 'express',
      method: 'GET',
      route: '/a',
      event: null,
      file: 'app.js',
      line: 3,
      column: 24,
      symbol: 'showA',
      plugin: 'app',
      package: 'app',
      resolved: true,
      registration: { file: 'app.js', line: 3, column: 1 },
    });
  });

  it('gives figures, null percentiles under five calls, and the reason where there is no handler', () => {
    const document = json('metrics');
    const byName = new Map(document.data['operations']!.map((row) => [row['name'], row]));
    const a = byName.get('GET /a')!;
    assert.deepEqual(
      [
        a['calls'],
        a['errors'],
        a['clientErrors'],
        a['errorRate'],
        a['release'],
        a['handlerId'],
        a['rung'],
        a['reason'],
      ],
      [6, 1, 1, 1 / 6, 'unversioned', 'app.js#showA@GET /a', 2, null],
    );
    assert.ok(Math.abs(Number(a['p50Ms']) / 30 - 1) < 0.006 && Math.abs(Number(a['p95Ms']) / 60 - 1) < 0.006);
    assert.equal(a['from'], '2026-11-20T00:00:00.000Z');
    const b = byName.get('GET /b')!;
    assert.deepEqual([b['calls'], b['p50Ms'], b['p95Ms'], b['p99Ms']], [1, null, null, null]);
    const gone = byName.get('GET /gone\u001b[31m')!;
    assert.deepEqual([gone['handlerId'], gone['rung'], gone['reason']], [null, null, 'route-not-found']);
    assert.deepEqual(
      document.problems.map(({ file, line, code, count }) => ({ file, line, code, count })),
      [{ file: '.telemetry/a.jsonl', line: 2, code: 'torn-line', count: 1 }],
    );
  });

  it('writes no control character of telemetry to a terminal', () => {
    const { out, err, code } = suture('metrics', '-w', root);
    assert.equal(code, 0);
    assert.ok(!`${out}${err}`.includes('\u001b'));
    assert.match(out, /GET \/gone\?\[31m/);
    assert.match(err, /\.telemetry\/a\.jsonl:2: .*\[torn-line\]/);
  });

  it('reads the telemetry that is named instead of the default', async () => {
    const other = path.join(root, 'other.jsonl');
    await writeFile(other, request([span(20, '/b', 7)]));
    const document = json('metrics', '--telemetry', other);
    assert.deepEqual(
      document.data['operations']!.map((row) => row['name']),
      ['GET /b'],
    );
  });

  it('says when the store is in the hands of another process', () => {
    const file = path.join(root, 'shared.sqlite');
    const other = openStore(file, { now: Date.now });
    const codes = (): readonly string[] => {
      const { out } = suture('metrics', '--workspace', root, '--store', file, '--json');
      return (JSON.parse(out) as Document).problems.map(({ code }) => code);
    };
    assert.ok(codes().includes('store-in-use'));
    other.close();
    assert.ok(!codes().includes('store-in-use'));
  });

  it('refuses an option without a value instead of reading the current folder', () => {
    for (const option of ['--workspace', '--telemetry', '--store']) {
      const { code, err } = suture('metrics', option, '');
      assert.equal(code, 2, option);
      assert.match(err, /needs a value/);
    }
  });

  it('explains with doctor', () => {
    const document = json('doctor');
    assert.deepEqual(
      document.data['findings']!.map((finding) => finding['code']),
      ['handlers', 'telemetry', 'mapped', 'unversioned', 'problems'],
    );
  });

  it('exits with 2 and a sentence where it cannot run', () => {
    for (const args of [
      ['nonsense'],
      ['metrics', '--nonsense'],
      ['metrics', '-w', path.join(root, 'absent')],
      ['metrics', 'extra'],
      [],
    ]) {
      const { code, err, out } = suture(...args);
      assert.equal(code, 2, args.join(' '));
      assert.ok(!err.includes('    at '), err);
      assert.ok(`${err}${out}`.length > 10);
    }
  });

  it('refuses a store that is somebody else\u2019s file, and leaves it as it is', async () => {
    const notes = path.join(root, 'notes.txt');
    await writeFile(notes, 'my notes, not a database');
    const { code, err } = suture('metrics', '-w', root, '--store', notes);
    assert.equal(code, 2);
    assert.match(err, /holds something else/);
    assert.equal(await readFile(notes, 'utf8'), 'my notes, not a database');
    await rm(notes);
  });

  it('ends in silence when its reader has seen enough', () => {
    const command = `exec 3>&1; { "$0" "$1" handlers --json -w "$2"; echo "ended with $?" >&3; } | true`;
    const workspace = path.join(import.meta.dirname, '../workspaces/shop');
    const { stdout, stderr } = spawnSync('sh', ['-c', command, process.execPath, entry, workspace], {
      encoding: 'utf8',
    });
    assert.deepEqual([stdout, stderr], ['ended with 0\n', '']);
  });

  it('tells its version', () => {
    assert.match(suture('--version').out, /^\d+\.\d+\.\d+\n$/);
  });

  it('helps, for all and for each command', () => {
    assert.match(suture('--help').out, /handlers[^\n]*\n[^]*metrics/);
    assert.match(suture('docs', '--help').out, /--check/);
  });

  it('writes pages and evidence, finds them true, and finds them untrue after a change', async () => {
    const docs = (...args: readonly string[]): Answer => suture('docs', '-w', root, ...args);
    assert.equal(docs('--check').code, 1);
    assert.equal(docs().code, 0);
    const specs = path.join(root, 'docs/suture/HANDLER_SPECS.md');
    const before = await readFile(specs, 'utf8');
    assert.equal(docs('--check').code, 0);
    assert.equal(docs().code, 0);
    assert.equal(await readFile(specs, 'utf8'), before);

    await writeFile(specs, before.replace('showA', 'changed by hand'));
    assert.equal(docs('--check').code, 1);
    const refused = docs();
    assert.equal(refused.code, 1);
    assert.match(refused.out, /kept as it is.*HANDLER_SPECS/);
    assert.match(await readFile(specs, 'utf8'), /changed by hand/);
    assert.equal(docs('--force').code, 0);
    assert.equal(await readFile(specs, 'utf8'), before);

    const source = path.join(root, 'app.js');
    const code = await readFile(source, 'utf8');
    await writeFile(source, `// moved down\n\n${code}`);
    assert.equal(docs('--check').code, 0, 'moved lines are no drift');
    await writeFile(source, code.replace("'/b'", "'/c'"));
    const stale = docs('--check');
    assert.equal(stale.code, 1);
    assert.match(stale.out, /stale.*HANDLER_SPECS/);
    await writeFile(source, code);
  });

  it('reports drift of behaviour only against telemetry, and not for more of the same', async () => {
    const docs = (...args: readonly string[]): Answer => suture('docs', '--check', '-w', root, ...args);
    suture('docs', '-w', root);
    const slow = path.join(root, 'slow.jsonl');
    await writeFile(slow, request(Array.from({ length: 50 }, (_, i) => span(100 + i, '/a', 900))));
    assert.equal(docs().code, 0);
    assert.equal(docs('-t', path.join(root, '.telemetry')).code, 0);
    const drifted = docs('-t', slow);
    assert.equal(drifted.code, 1);
    assert.match(drifted.out, /latency-bucket {2}app\.js#showA@GET \/a/);
  });

  it('writes nothing through a link that leads out of the workspace', async () => {
    const outside = await mkdtemp(path.join(tmpdir(), 'suture-outside-'));
    await writeFile(path.join(root, 'suture.json'), '{"docs":"linked"}');
    await symlink(outside, path.join(root, 'linked'), 'junction');
    const { code, err } = suture('docs', '-w', root);
    assert.equal(code, 2);
    assert.match(err, /leads out of the workspace/);
    assert.deepEqual(await readdir(outside), []);
    await rm(path.join(root, 'suture.json'));
    await rm(outside, { recursive: true });
  });
});
