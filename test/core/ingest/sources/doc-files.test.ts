import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readDocs } from '../../../../src/core/ingest/sources/doc-files.ts';
import { modifiedMs, readReport } from '../../../../src/core/ingest/sources/report-files.ts';

describe('pages and reports on disk', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'suture-docs-'));
    await mkdir(path.join(root, 'docs/deeper'), { recursive: true });
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  it('reads the Markdown of one folder and nothing that a link leads to outside', async () => {
    await writeFile(path.join(root, 'docs/B.md'), 'b');
    await writeFile(path.join(root, 'docs/A.md'), 'a');
    await writeFile(path.join(root, 'docs/image.png'), 'x');
    await writeFile(path.join(root, 'docs/deeper/C.md'), 'c');
    await symlink('/etc/hostname', path.join(root, 'docs/D.md'));
    assert.deepEqual(
      [...(await readDocs(root, 'docs'))],
      [
        ['A.md', 'a'],
        ['B.md', 'b'],
      ],
    );
    assert.equal((await readDocs(root, 'absent')).size, 0);
  });

  it('reads a report with its time, and none where there is none', async () => {
    await writeFile(path.join(root, 'report.json'), '{}');
    const report = await readReport(root, 'report.json');
    assert.deepEqual([report?.text, report?.modifiedMs], ['{}', await modifiedMs(root, 'report.json')]);
    assert.equal(await readReport(root, 'absent.json'), null);
    assert.equal(await readReport(root, 'docs'), null);
    assert.equal(await readReport(root, '../../etc/hostname'), null);
  });
});
