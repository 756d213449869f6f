import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  appendLedger,
  readSutureFile,
  writeSuppressions,
} from '../../../../src/core/deliver/git/suture-files.ts';
import { removeTemporaryFolders, temporaryFolder } from './repository-folder.ts';

describe('files in .suture', () => {
  after(removeTemporaryFolders);
  const human = (message: RegExp) => ({ name: 'HumanError', message });

  it('are absent at first and made when something is written', async () => {
    const root = temporaryFolder();
    assert.equal(await readSutureFile(root, 'ledger.jsonl'), null);
    assert.deepEqual(readdirSync(root), []);
    await appendLedger(root, ['{"a":1}\n']);
    await appendLedger(root, ['{"b":1}\n', '{"c":1}\n']);
    assert.equal(await readSutureFile(root, 'ledger.jsonl'), '{"a":1}\n{"b":1}\n{"c":1}\n');
  });

  it('keep a torn last line apart from the next one', async () => {
    const root = temporaryFolder();
    await appendLedger(root, ['{"a":1}\n']);
    writeFileSync(join(root, '.suture/ledger.jsonl'), '{"a":1}\n{"tor');
    await appendLedger(root, ['{"b":1}\n']);
    assert.equal(await readSutureFile(root, 'ledger.jsonl'), '{"a":1}\n{"tor\n{"b":1}\n');
  });

  it('lose no line when many write at once', async () => {
    const root = temporaryFolder();
    await Promise.all(Array.from({ length: 40 }, (_, i) => appendLedger(root, [`{"i":${i}}\n`])));
    const lines = (await readSutureFile(root, 'ledger.jsonl'))?.trimEnd().split('\n') ?? [];
    const numbers = lines.map((line) => (JSON.parse(line) as { i: number }).i).toSorted((a, b) => a - b);
    assert.deepEqual(
      numbers,
      Array.from({ length: 40 }, (_, i) => i),
    );
  });

  it('take no half lines', async () => {
    for (const line of ['x', 'x\ny\n', '\n', 'x\r\n'])
      await assert.rejects(appendLedger(temporaryFolder(), [line]));
  });

  it('are replaced whole, and not where somebody else was faster', async () => {
    const root = temporaryFolder();
    await writeSuppressions(root, null, 'one');
    await writeSuppressions(root, 'one', 'two');
    await assert.rejects(writeSuppressions(root, 'one', 'three'), human(/changed by someone else/));
    assert.equal(await readSutureFile(root, 'suppressions.json'), 'two');
    assert.deepEqual(readdirSync(join(root, '.suture')), ['suppressions.json']);
  });

  it('are never read or written through a link that leads out of the workspace', async () => {
    const away = temporaryFolder();
    writeFileSync(join(away, 'ledger.jsonl'), 'theirs\n');
    writeFileSync(join(away, 'suppressions.json'), 'theirs');
    const folderLink = temporaryFolder();
    symlinkSync(away, join(folderLink, '.suture'));
    const fileLink = temporaryFolder();
    mkdirSync(join(fileLink, '.suture'));
    for (const name of ['ledger.jsonl', 'suppressions.json'])
      symlinkSync(join(away, name), join(fileLink, '.suture', name));
    const dangling = temporaryFolder();
    symlinkSync(join(away, 'nothing'), join(dangling, '.suture'));
    for (const root of [folderLink, fileLink, dangling]) {
      const refused = human(/link that leads out of the workspace/);
      await assert.rejects(readSutureFile(root, 'ledger.jsonl'), refused);
      await assert.rejects(appendLedger(root, ['x\n']), refused);
      await assert.rejects(writeSuppressions(root, 'theirs', 'mine'), refused);
    }
    assert.equal(readFileSync(join(away, 'ledger.jsonl'), 'utf8'), 'theirs\n');
    assert.deepEqual(readdirSync(away), ['ledger.jsonl', 'suppressions.json']);
  });

  it('may be links inside the workspace, but plain files only', async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'shared'));
    symlinkSync('shared', join(root, '.suture'));
    await appendLedger(root, ['x\n']);
    assert.equal(readFileSync(join(root, 'shared/ledger.jsonl'), 'utf8'), 'x\n');
    mkdirSync(join(root, 'shared/suppressions.json'));
    await assert.rejects(readSutureFile(root, 'suppressions.json'), human(/no plain file/));
    const file = temporaryFolder();
    writeFileSync(join(file, '.suture'), '');
    await assert.rejects(appendLedger(file, ['x\n']), human(/is a file/));
  });
});
