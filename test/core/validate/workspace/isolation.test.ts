import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { probeIsolation } from '../../../../src/core/validate/workspace/isolation.ts';
import { runProcess } from '../../../../src/core/validate/workspace/process.ts';

describe('the isolation of runs', () => {
  let base: string;
  beforeEach(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'suture-test-isolation-'));
    await mkdir(path.join(base, 'scratch'));
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  it('is none, with the reason, where the system offers none', async () => {
    for (const platform of ['darwin', 'win32'] as const) {
      const { text, wrap } = await probeIsolation('/project', base, platform);
      assert.match(text, new RegExp(`^none: ${platform} offers none`));
      assert.deepEqual(wrap('/bin/x', ['a']), { command: '/bin/x', args: ['a'] });
    }
  });

  it('is none, with what the system said, where it refuses', async () => {
    const before = process.env['PATH'];
    const unshare = path.join(base, 'unshare');
    await writeFile(unshare, '#!/bin/sh\necho "unshare failed: Operation not permitted" >&2\nexit 1\n');
    await chmod(unshare, 0o755);
    try {
      process.env['PATH'] = `${base}${path.delimiter}${before ?? ''}`;
      const { text } = await probeIsolation('/project', base, 'linux');
      assert.equal(text, 'none: this system refuses it (unshare failed: Operation not permitted)');
      process.env['PATH'] = path.join(base, 'nothing');
      const absent = await probeIsolation('/project', base, 'linux');
      assert.equal(absent.text, 'none: no unshare on the PATH');
    } finally {
      process.env['PATH'] = before;
    }
  });

  it('never makes the copy read-only, also not when it lies inside of the workspace', async () => {
    const scratch = path.join(base, 'scratch');
    const { text, wrap } = await probeIsolation(base, scratch);
    assert.doesNotMatch(text, /read-only/);
    const write = wrap(process.execPath, [
      '-e',
      `require('fs').writeFileSync('a b', process.argv[1])`,
      "it's $HOME",
    ]);
    const end = await runProcess({ ...write, cwd: scratch });
    assert.equal(end.code, 0, end.outputTail);
  });
});
