import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chmod, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, utimes, writeFile,
} from 'node:fs/promises'; // prettier-ignore
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OutsideScratch } from '../../../../src/core/validate/scratch.ts';
import {
  createScratch,
  scratchProcess,
  type LocalScratch,
} from '../../../../src/core/validate/workspace/scratch.ts';
import { needs } from '../../../needs.ts';

let base: string;
let root: string;
const put = async (file: string, text: string): Promise<void> => {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
};
const git = (...args: readonly string[]): void => {
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: root });
};
/** All files and links of a copy, dependencies apart. */
async function listed(scratch: LocalScratch): Promise<readonly string[]> {
  const entries = await readdir(scratch.root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(scratch.root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('node_modules'))
    .sort();
}
async function withScratch(
  use: (scratch: LocalScratch) => Promise<void>,
  more: { unsaved?: ReadonlyMap<string, string>; telemetry?: readonly string[] } = {},
): Promise<void> {
  const scratch = await createScratch({ root, unsaved: new Map(), ...more });
  try {
    await use(scratch);
  } finally {
    await scratch.close();
  }
  assert.equal(existsSync(path.dirname(scratch.root)), false);
}

describe('a scratch copy', function () {
  this.timeout(30_000);
  beforeEach(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'suture-test-scratch-'));
    root = path.join(base, 'project');
    await mkdir(root);
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  it('holds what git tracks and what it does not know yet, as it is on the disk and in the editor', async () => {
    git('init', '-q');
    await put('.gitignore', 'node_modules\n*.log\n.env*\ngenerated/\n');
    await put('src/a.ts', 'committed');
    await put('src/gone.ts', '');
    await put('.telemetry/spans.jsonl', 'x');
    await put('spans/more.jsonl', 'x');
    git('add', '.');
    git('commit', '-qm', 'x');
    await put('src/a.ts', 'dirty');
    await put('src/new.ts', 'untracked');
    await put('src/unsaved.ts', 'on disk');
    await put('generated/client.ts', 'ignored, but imported');
    await put('coverage/lcov.info', 'tracked by nobody, but not ignored');
    await put('.env', 'PASSWORD=1');
    await put('.env.local', 'PASSWORD=1');
    await put('.env.test', 'PORT=1');
    await put('.suture/ledger.jsonl', 'x');
    await put('big.bin', 'x'.repeat(5 * 1024 * 1024 + 1));
    await put('table.json', `"${'x'.repeat(5 * 1024 * 1024)}"`);
    await put('src/b.ts', "import table from '../table.json' with { type: 'json' };");
    await rm(path.join(root, 'src/gone.ts'));
    const before = execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
    await withScratch(
      async (scratch) => {
        assert.deepEqual(await listed(scratch), [
          '.env.test', '.gitignore', 'coverage/lcov.info', 'generated/client.ts', 'src/a.ts', 'src/b.ts', 'src/new.ts',
          'src/unsaved.ts', 'table.json',
        ]); // prettier-ignore
        const text = (file: string): Promise<string> => readFile(path.join(scratch.root, file), 'utf8');
        assert.equal(await text('src/a.ts'), 'dirty');
        assert.equal(await text('src/unsaved.ts'), 'in the editor');
        const { nlink } = await lstat(path.join(scratch.root, 'src/a.ts'));
        assert.equal(nlink, 1, 'a hard link would be the file of the person');
      },
      {
        unsaved: new Map([['src/unsaved.ts', 'in the editor']]),
        telemetry: [path.join(root, 'spans')],
      },
    );
    assert.equal(execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }), before);
  });

  it('does without git, and follows no link that leads out', async () => {
    await put('src/a.ts', 'a');
    await put('lib/dist/index.js', 'built');
    await put('.cache/x', 'x');
    await put('run.sh', '#!/bin/sh');
    await chmod(path.join(root, 'run.sh'), 0o555);
    await writeFile(path.join(base, 'secret'), 'x');
    await symlink('../secret', path.join(root, 'out'));
    await symlink(base, path.join(root, 'up'));
    await symlink('src', path.join(root, 'in'));
    await withScratch(async (scratch) => {
      assert.deepEqual(await listed(scratch), ['in', 'lib/dist/index.js', 'run.sh', 'src/a.ts']);
      assert.equal(await readlink(path.join(scratch.root, 'in')), path.join(scratch.root, 'src'));
      await scratch.put([{ file: 'run.sh', newText: 'changed' }]);
      assert.equal((await lstat(path.join(scratch.root, 'run.sh'))).mode & 0o111, 0o111);
    });
  });

  it('takes texts back and refuses those that would land elsewhere', async () => {
    await put('src/a.ts', 'a');
    await put('src/b.ts', 'b');
    await put('node_modules/dep/index.js', 'dep');
    await withScratch(async (scratch) => {
      await symlink(path.join(root, 'src'), path.join(scratch.root, 'made-by-a-test'));
      const text = (file: string): Promise<string> => readFile(path.join(scratch.root, file), 'utf8');
      const refused = [
        ...['../x', '/tmp/x', 'a/../../x', '', 'a//b', 'C:\\x', 'node_modules/dep/index.js', 'x\0y'],
        'made-by-a-test/a.ts',
      ];
      for (const file of refused) {
        const edits = [
          { file: 'src/a.ts', newText: 'changed' },
          { file, newText: 'x' },
        ];
        await assert.rejects(scratch.put(edits), OutsideScratch, file);
        assert.equal(await text('src/a.ts'), 'a', 'nothing of a refused change is done');
      }
      await scratch.put([
        { file: 'src/a.ts', newText: 'one' },
        { file: 'src/b.ts', newText: null },
        { file: 'deep/new.ts', newText: 'new' },
      ]);
      await scratch.put([{ file: 'src/a.ts', newText: 'two' }]);
      assert.equal(await text('src/a.ts'), 'two');
      assert.equal(existsSync(path.join(scratch.root, 'src/b.ts')), false);
      await scratch.restore();
      assert.equal(await text('src/a.ts'), 'a');
      assert.equal(await text('src/b.ts'), 'b');
      assert.equal(existsSync(path.join(scratch.root, 'deep/new.ts')), false);
    });
    assert.equal(await readFile(path.join(root, 'src/a.ts'), 'utf8'), 'a');
    assert.equal(await readFile(path.join(root, 'node_modules/dep/index.js'), 'utf8'), 'dep');
  });

  it('runs processes without secrets and network, with a home of their own, and ends them in time', async function () {
    const script = `
      const fs = require('fs'), net = require('net');
      const write = (f) => { try { fs.writeFileSync(f, 'x'); return 'written'; } catch (e) { return e.code; } };
      const dial = (port, host) => new Promise((done) => net.connect({ port, host }).on('connect', () => done('connected')).on('error', (e) => done(e.code)));
      const server = net.createServer().listen(0, '127.0.0.1', async () => {
        const { SUTURE_TEST_TOKEN, SUTURE_TEST_URL, HOME, TMPDIR, GIVEN } = process.env;
        console.log(JSON.stringify({
          token: SUTURE_TEST_TOKEN, url: SUTURE_TEST_URL, HOME, TMPDIR, GIVEN, user: write(process.argv[1]),
          loopback: await dial(server.address().port, '127.0.0.1'), outside: await dial(9, '192.0.2.1'),
        }));
        process.exit();
      });`;
    process.env['SUTURE_TEST_TOKEN'] = 'secret';
    process.env['SUTURE_TEST_URL'] = 'postgres://user:secret@host/db';
    try {
      await put('src/a.ts', 'a');
      await withScratch(async (scratch) => {
        needs(this, scratch.isolation.includes('read-only'), 'Linux with user namespaces');
        const run = scratchProcess(scratch);
        const target = path.join(root, 'src/a.ts');
        const end = await run({
          command: process.execPath,
          args: ['-e', script, target],
          cwd: scratch.root,
          env: { GIVEN: 'kept' },
        });
        assert.deepEqual(JSON.parse(end.outputTail), {
          HOME: scratch.home,
          TMPDIR: scratch.temp,
          GIVEN: 'kept',
          user: 'EROFS',
          loopback: 'connected',
          outside: 'ENETUNREACH',
        });
        const absent = await run({
          command: path.join(scratch.root, 'absent'),
          args: [],
          cwd: scratch.root,
        });
        assert.match(absent.failure ?? '', /ENOENT/);
        const limited = scratchProcess(scratch, 300);
        const endless = await limited({
          command: process.execPath,
          args: ['-e', 'setInterval(() => {}, 1000)'],
          cwd: scratch.root,
        });
        assert.equal(endless.cancelled, true);
      });
    } finally {
      delete process.env['SUTURE_TEST_TOKEN'];
      delete process.env['SUTURE_TEST_URL'];
    }
  });

  it('sweeps what killed processes left an hour ago, and nothing that is in use', async () => {
    const ended = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
    const temp = path.dirname(base);
    const leave = async (name: string, owner: string, ageMs: number): Promise<string> => {
      const folder = path.join(temp, `suture-scratch-test-${process.pid}-${name}`);
      await mkdir(path.join(folder, 'tree'), { recursive: true });
      await symlink(root, path.join(folder, 'tree/link'));
      await writeFile(path.join(folder, 'owner'), owner);
      const then = new Date(Date.now() - ageMs);
      await utimes(folder, then, then);
      return folder;
    };
    await put('src/a.ts', 'a');
    const hourMs = 3_600_000;
    const left = await leave('left', ended, hourMs + 60_000);
    const kept = [
      await leave('young', ended, hourMs - 60_000),
      await leave('used', String(process.pid), hourMs + 60_000),
    ];
    try {
      await withScratch(async () => {
        assert.equal(existsSync(left), false);
        assert.ok(kept.every((folder) => existsSync(folder)));
      });
    } finally {
      for (const folder of kept) await rm(folder, { recursive: true });
    }
    assert.equal(await readFile(path.join(root, 'src/a.ts'), 'utf8'), 'a');
  });
});
