import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { changeEvidence, type LineChange } from '../../../../src/core/deliver/changes.ts';
import { openRepository } from '../../../../src/core/deliver/git/repository.ts';
import {
  makeRepository,
  removeTemporaryFolders,
  temporaryFolder,
  withoutUserSettings,
} from './repository-folder.ts';

async function changesOf(
  root: string,
  file: string,
  start: number,
  end: number,
): Promise<readonly LineChange[]> {
  const opened = await openRepository(root);
  assert.equal(opened.k, 'open');
  if (opened.k !== 'open') return [];
  const at = (line: number) => ({ line, column: 1 });
  return opened.repository.lastChanges({ file, start: at(start), end: at(end) });
}

const subjects = (changes: readonly LineChange[]): readonly string[] =>
  changes.map((change) => (change.k === 'commit' ? change.subject : '(uncommitted)'));

describe('who changed some lines', () => {
  let giveBack: () => void;
  before(() => (giveBack = withoutUserSettings()));
  after(() => {
    giveBack();
    removeTemporaryFolders();
  });

  const first = 'function a() {\n  return 1;\n}\n\nfunction b() {\n  return 2;\n}\n';

  it('names the commits that changed them, newest first, at most three, and no others', async () => {
    const { root, write, commit } = makeRepository({ 'src/x.ts': first });
    for (const [i, author] of ['Bob', 'Eve', 'Mal', 'Zoe'].entries()) {
      write('src/x.ts', first.replace('return 2', `return ${i + 3}`));
      commit(`b is ${i + 3}`, author);
    }
    const changes = await changesOf(root, 'src/x.ts', 5, 7);
    assert.deepEqual(subjects(changes), ['b is 6', 'b is 5', 'b is 4']);
    const [newest] = changes;
    assert.ok(newest?.k === 'commit' && newest.author === 'Zoe' && /^\d{4}-.*Z$/.test(newest.date));
    assert.deepEqual(subjects(await changesOf(root, 'src/x.ts', 1, 3)), ['Begin']);
    assert.deepEqual(subjects(await changesOf(join(root, 'src'), 'x.ts', 1, 3)), ['Begin']);
  });

  it('finds them below edits that are not committed, and says which lines are edited', async () => {
    const { root, write, commit } = makeRepository({ 'x.ts': first });
    write('x.ts', first.replace('return 2', 'return 3'));
    commit('b is 3');
    const moved = `// one\n// two\n${first.replace('return 2', 'return 3')}// end\n`;
    write('x.ts', moved.replaceAll('\n', '\r\n'));
    assert.deepEqual(subjects(await changesOf(root, 'x.ts', 7, 9)), ['b is 3', 'Begin']);
    assert.deepEqual(subjects(await changesOf(root, 'x.ts', 3, 5)), ['Begin']);
    assert.deepEqual(subjects(await changesOf(root, 'x.ts', 1, 2)), ['(uncommitted)']);
    write('x.ts', moved.replace('return 3', 'return 4'));
    assert.deepEqual(subjects(await changesOf(root, 'x.ts', 7, 9)), ['(uncommitted)', 'b is 3', 'Begin']);
  });

  it('knows nothing of what is not there, and does not blame the end of a shallow history', async () => {
    const { root, write, commit } = makeRepository({ 'x.ts': first });
    write('new.ts', 'x\n');
    assert.deepEqual(subjects(await changesOf(root, 'new.ts', 1, 1)), ['(uncommitted)']);
    assert.deepEqual(await changesOf(root, 'gone.ts', 1, 1), []);
    assert.deepEqual(await changesOf(root, 'x.ts', 90, 99), []);
    commit('more');
    const shallow = join(temporaryFolder(), 'shallow');
    execFileSync('git', ['clone', '-q', '--depth', '1', `file://${root}`, shallow]);
    assert.deepEqual(await changesOf(shallow, 'x.ts', 1, 3), []);
  });

  it('gives them as evidence, names without addresses', async () => {
    const { root } = makeRepository({ 'x.ts': first });
    const [evidence] = changeEvidence(await changesOf(root, 'x.ts', 1, 3), {
      file: 'x.ts',
      start: { line: 1, column: 1 },
    });
    assert.match(evidence?.label ?? '', /^Changed by [0-9a-f]{10}: Begin$/);
    assert.match(evidence?.detail ?? '', /^Ada, \d{4}-\d\d-\d\d$/);
    assert.deepEqual([evidence?.file, evidence?.line], ['x.ts', 1]);
  });
});
