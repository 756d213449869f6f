import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { openRepository, type Repository } from '../../../../src/core/deliver/git/repository.ts';
import { HumanError } from '../../../../src/core/model/human-error.ts';
import type { FileEdit } from '../../../../src/core/model/fix.ts';
import {
  makeRepository,
  removeTemporaryFolders,
  temporaryFolder,
  withoutUserSettings,
} from './repository-folder.ts';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const edit = (
  file: string,
  before: string | null,
  newText: string,
  part: FileEdit['part'] = 'code',
): FileEdit => ({
  file,
  sha256Before: before === null ? null : sha(before),
  newText,
  part,
});
const old = 'export const a = 1;\n';
const mended = 'export const a = 2;\n';
const branch = 'suture/0123abcd-mend-it';

async function open(root: string): Promise<Repository> {
  const opened = await openRepository(root);
  assert.equal(opened.k, 'open', JSON.stringify(opened));
  return opened.k === 'open' ? opened.repository : assert.fail();
}

/** Bytes and modes of all files below a folder, but new objects and the log and name of the new branch. */
function snapshot(root: string): ReadonlyMap<string, string> {
  const all = readdirSync(root, { recursive: true, withFileTypes: true });
  return new Map(
    all
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !/\.git\/(objects|(logs\/)?refs\/heads\/suture)\//.test(file))
      .map((file) => [
        file,
        `${statSync(file).mode} ${statSync(file).mtimeMs} ${sha(readFileSync(file, 'latin1'))}`,
      ]),
  );
}

async function refused(root: string, edits: readonly FileEdit[], why: RegExp, name = branch): Promise<void> {
  const repository = await open(root);
  const before = snapshot(root);
  await assert.rejects(
    repository.createBranch({ edits, branch: name, message: 'Mend it' }),
    (error: unknown) => {
      assert.ok(error instanceof HumanError, String(error));
      assert.match(error.message, why);
      return true;
    },
  );
  assert.deepEqual(snapshot(root), before);
}

describe('a branch for a fix', () => {
  let giveBack: () => void;
  before(() => (giveBack = withoutUserSettings()));
  after(() => {
    giveBack();
    removeTemporaryFolders();
  });

  it('is one commit on HEAD with the edits alone, and leaves tree, index, HEAD, stash and config as they are', async () => {
    const { root, git, write } = makeRepository({
      'src/a.ts': old,
      'src/b.ts': 'b\n',
      'run.sh': '#!/bin/sh\n',
    });
    write('src/b.ts', 'stashed\n');
    git('stash');
    write('src/b.ts', 'staged\n');
    git('add', 'src/b.ts');
    write('src/b.ts', 'and changed again\n');
    write('untracked.txt', 'mine\n');
    const head = git('rev-parse', 'HEAD');
    const before = snapshot(root);
    const made = await (
      await open(root)
    ).createBranch({
      edits: [edit('src/a.ts', old, mended), edit('test/a.test.ts', null, 'test\n', 'test')],
      branch,
      message: 'Mend it\n\nFor a reason.',
    });
    assert.deepEqual(snapshot(root), before);
    assert.deepEqual(made, { branch, commit: git('rev-parse', branch), leftOut: [] });
    assert.equal(git('rev-list', '--count', `${head}..${branch}`), '1');
    assert.equal(git('rev-parse', `${branch}^`), head);
    assert.equal(git('diff', '--name-status', head, branch), 'M\tsrc/a.ts\nA\ttest/a.test.ts');
    assert.equal(git('show', `${branch}:src/a.ts`), mended.trim());
    assert.equal(
      git('log', '-1', '--format=%an <%ae>|%B', branch),
      'Ada <ada@example.test>|Mend it\n\nFor a reason.',
    );
    assert.equal(git('symbolic-ref', 'HEAD'), 'refs/heads/main');
    git('fsck', '--strict');
  });

  it('runs no hook, no monitor and no signing program of the repository', async () => {
    const { root, git } = makeRepository({ 'a.ts': old });
    const mark = join(temporaryFolder(), 'ran');
    const program = join(root, '.git', 'evil.sh');
    writeFileSync(program, `#!/bin/sh\necho ran >> ${mark}\n`, { mode: 0o755 });
    const hooks = ['reference-transaction', 'post-commit', 'pre-commit', 'post-index-change', 'commit-msg'];
    for (const hook of hooks)
      writeFileSync(join(root, '.git/hooks', hook), readFileSync(program), { mode: 0o755 });
    for (const key of ['core.fsmonitor', 'gpg.program', 'diff.external', 'core.pager', 'core.editor'])
      git('config', key, program);
    git('config', 'commit.gpgsign', 'true');
    git('config', 'log.showSignature', 'true');
    git('config', 'diff.evil.textconv', program);
    git('config', 'filter.evil.clean', program);
    rmSync(mark, { force: true });
    writeFileSync(join(root, '.gitattributes'), '*.ts diff=evil\n');
    const repository = await open(root);
    await repository.createBranch({ edits: [edit('a.ts', old, mended)], branch, message: 'm' });
    writeFileSync(join(root, 'a.ts'), `// new\n${old}`);
    await repository.dirtyFiles(['a.ts']);
    const site = { file: 'a.ts', start: { line: 2, column: 1 }, end: { line: 2, column: 1 } };
    assert.equal((await repository.lastChanges(site)).length, 1);
    await repository.head();
    assert.equal(existsSync(mark), false);
    writeFileSync(join(root, '.gitattributes'), '*.ts filter=evil\n');
    await refused(root, [edit('a.ts', old, 'other\n')], /filter/);
    await repository.dirtyFiles(['a.ts']);
    await repository.lastChanges(site);
    assert.equal(existsSync(mark), false);
  });

  it('takes the next name where one is taken, and never moves a branch', async () => {
    const { root, git } = makeRepository({ 'a.ts': old });
    const repository = await open(root);
    const request = { edits: [edit('a.ts', old, mended)], branch, message: 'm' };
    const first = await repository.createBranch(request);
    const second = await repository.createBranch({ ...request, message: 'n' });
    const third = await repository.createBranch(request);
    assert.deepEqual([first.branch, second.branch, third.branch], [branch, `${branch}-2`, `${branch}-3`]);
    assert.equal(git('rev-parse', branch), first.commit);
  });

  it('keeps the executable bit and the line ends that the repository stores', async () => {
    const { root, git } = makeRepository({ 'run.sh': 'echo 1\n', 'crlf.ts': 'a\r\nb\r\n' });
    chmodSync(join(root, 'run.sh'), 0o755);
    git('add', '-A');
    git('commit', '-qm', 'x');
    const made = await (
      await open(root)
    ).createBranch({
      edits: [edit('run.sh', 'echo 1\n', 'echo 2\n'), edit('crlf.ts', 'a\r\nb\r\n', 'a\r\nc\r\n')],
      branch,
      message: 'm',
    });
    assert.match(git('ls-tree', made.commit, 'run.sh'), /^100755/);
    assert.equal(git('diff', '--stat', 'HEAD', made.commit).includes('4 '), false);
    assert.equal(git('diff', '--numstat', 'HEAD', made.commit), '1\t1\tcrlf.ts\n1\t1\trun.sh');
  });

  it('stores line feeds where autocrlf shows carriage returns', async () => {
    const { root, git } = makeRepository({ 'a.ts': 'one\ntwo\n' });
    git('config', 'core.autocrlf', 'true');
    const repository = await open(root);
    writeFileSync(join(root, 'a.ts'), 'one\r\ntwo\r\n');
    assert.deepEqual(await repository.dirtyFiles(['a.ts']), []);
    const made = await repository.createBranch({
      edits: [edit('a.ts', 'one\r\ntwo\r\n', 'one\r\nthree\r\n'), edit('new.ts', null, 'x\r\ny\r\n')],
      branch,
      message: 'm',
    });
    assert.equal(git('cat-file', '-p', `${made.commit}:a.ts`), 'one\nthree');
    assert.equal(git('cat-file', '-s', `${made.commit}:new.ts`), '4');
  });

  it('keeps a byte-order mark that the reader of the text left out', async () => {
    const { root, git } = makeRepository({ 'a.ts': `\uFEFF${old}` });
    const made = await (
      await open(root)
    ).createBranch({ edits: [edit('a.ts', old, mended)], branch, message: 'm' });
    assert.equal(git('cat-file', '-s', `${made.commit}:a.ts`), String(Buffer.byteLength(`\uFEFF${mended}`)));
  });

  it('works from a folder of the repository, and from a second work tree with a detached HEAD', async () => {
    const { root, git } = makeRepository({
      'packages/shop/a.ts': old,
      'a.ts': 'top\n',
      '.gitattributes': '*.md text\n',
    });
    const inFolder = await open(join(root, 'packages/shop'));
    const edits = [edit('a.ts', old, mended), edit('n.md', null, 'x\r\n')];
    const made = await inFolder.createBranch({ edits, branch, message: 'm' });
    assert.equal(git('diff', '--name-only', 'HEAD', made.commit), 'packages/shop/a.ts\npackages/shop/n.md');
    assert.equal(git('cat-file', '-s', `${made.commit}:packages/shop/n.md`), '2');
    const other = join(temporaryFolder(), 'tree');
    git('worktree', 'add', '-q', '--detach', other);
    const repository = await open(join(other, 'packages/shop'));
    assert.deepEqual(await repository.head(), { commit: git('rev-parse', 'HEAD'), branch: null });
    const second = await repository.createBranch({ edits, branch, message: 'm' });
    assert.equal(git('rev-parse', `${branch}-2`), second.commit);
  });

  it('works in a sparse checkout without losing what is not checked out', async () => {
    const { root, git } = makeRepository({ 'in/a.ts': old, 'out/b.ts': 'b\n' });
    git('sparse-checkout', 'set', '--cone', '--sparse-index', 'in');
    const made = await (
      await open(root)
    ).createBranch({ edits: [edit('in/a.ts', old, mended)], branch, message: 'm' });
    assert.equal(git('ls-tree', '-r', '--name-only', made.commit), 'in/a.ts\nout/b.ts');
  });

  it('writes hostile names as they are', async () => {
    const name = '-x "y"\n$(touch z); [a-b]*.ts';
    const { root, git } = makeRepository({ [name]: old, 'src/x.ts': 'x\n' });
    const edits = [edit(name, old, mended), edit(':(glob)*.ts', null, 'n\n'), edit('--help', null, 'h\n')];
    const made = await (await open(root)).createBranch({ edits, branch, message: 'm\0\n--amend' });
    const names = git('ls-tree', '-rz', '--name-only', made.commit).split('\0').filter(Boolean);
    assert.deepEqual(names.toSorted(), ['--help', name, ':(glob)*.ts', 'src/x.ts'].toSorted());
    assert.equal(existsSync(join(root, 'z')), false);
  });

  it('leaves out docs that git ignores, but not code', async () => {
    const { root } = makeRepository({ 'a.ts': old, '.gitignore': 'docs/\ngen/\n' });
    const edits = [edit('a.ts', old, mended), edit('docs/a.md', null, 'd\n', 'docs')];
    const made = await (await open(root)).createBranch({ edits, branch, message: 'm' });
    assert.deepEqual(made.leftOut, ['docs/a.md']);
    await refused(root, [edit('gen/a.ts', null, 'x\n')], /git ignores gen\/a\.ts/);
  });

  it('refuses what does not fit the last commit, and says what to do', async () => {
    const { root, write } = makeRepository({ 'a.ts': old, 'b.ts': 'b\n' });
    write('a.ts', 'dirty\n');
    await refused(root, [edit('a.ts', 'dirty\n', mended)], /not committed.*commit them first/);
    await refused(root, [edit('a.ts', 'something else\n', mended)], /changed since the fix was made/);
    await refused(root, [edit('b.ts', null, 'x\n')], /changed since the fix was made/);
    write('c.ts', 'untracked\n');
    await refused(root, [edit('c.ts', 'untracked\n', 'x\n')], /not in the last commit: commit it first/);
    await refused(root, [edit('c.ts', null, 'x\n')], /exists by now/);
    await refused(root, [edit('b.ts', 'b\n', 'b\n')], /holds this fix already/);
    await refused(root, [edit('b.ts', 'b\n', 'x\n'), edit('b.ts', 'b\n', 'y\n')], /twice/);
    await refused(root, [edit('b.ts', 'b\n', 'x\n')], /no name for a branch/, 'suture/..');
    await refused(root, [edit('a.ts/below.ts', null, 'x\n')], /a\.ts is a file/);
  });

  it('refuses paths that lead anywhere but to a plain file', async () => {
    const { root, git, write } = makeRepository({ 'a.ts': old, 'folder/x.ts': 'x\n' });
    for (const file of [
      '../a.ts',
      '/etc/passwd',
      '.git/config',
      'x/.GIT/hooks/pre-commit',
      'a\\b.ts',
      'C:/x',
      'git~1/x',
      '',
    ])
      await refused(root, [edit(file, null, 'x\n')], /no path that a fix may write to/);
    symlinkSync('a.ts', join(root, 'link.ts'));
    symlinkSync(temporaryFolder(), join(root, 'away'));
    write('other.ts', 'o\n');
    git('add', '-A');
    git('commit', '-qm', 'links');
    await refused(root, [edit('link.ts', old, mended)], /link\.ts is a link: apply/);
    await refused(root, [edit('away/x.ts', null, mended)], /where away is a link/);
    await refused(root, [edit('folder', null, mended)], /folder is a folder/);
  });

  it('refuses a file of a submodule', async () => {
    const inner = makeRepository({ 'a.ts': old });
    const { root, git } = makeRepository({ 'b.ts': 'b\n' });
    git('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner.root, 'sub');
    git('commit', '-qm', 'sub');
    for (const [key, value] of Object.entries({ name: 'Ada', email: 'ada@example.test' }))
      git('-C', 'sub', 'config', `user.${key}`, value);
    await refused(root, [edit('sub/a.ts', old, mended)], /submodule sub: open that folder/);
    const made = await (
      await open(join(root, 'sub'))
    ).createBranch({ edits: [edit('a.ts', old, mended)], branch, message: 'm' });
    assert.equal(made.branch, branch);
  });

  it('refuses before the first commit, without an identity, and behind a branch in the way', async () => {
    const empty = makeRepository();
    await refused(empty.root, [edit('a.ts', null, 'x\n')], /no commit yet/);
    const named = makeRepository({ 'a.ts': old });
    named.git('branch', 'suture');
    await refused(named.root, [edit('a.ts', old, mended)], /branch named suture stands in the way/);
    named.git('config', '--unset', 'user.email');
    await refused(named.root, [edit('a.ts', old, mended)], /user\.name and user\.email/);
  });
});

describe('opening a repository', () => {
  let giveBack: () => void;
  before(() => (giveBack = withoutUserSettings()));
  after(() => {
    giveBack();
    removeTemporaryFolders();
  });
  const reason = async (root: string, executable?: string): Promise<string> => {
    const opened = await openRepository(root, executable);
    return opened.k === 'none' ? opened.reason : 'open';
  };

  it('says why there is none', async () => {
    const plain = temporaryFolder();
    assert.match(await reason(plain), /in no git repository/);
    assert.match(await reason(join(plain, 'gone')), /not there/);
    const { root, git } = makeRepository({ 'a.ts': old });
    git('clone', '-q', '--bare', '.', join(plain, 'bare.git'));
    assert.match(await reason(join(plain, 'bare.git')), /without a work tree/);
    assert.match(await reason(join(root, '.git')), /without a work tree/);
    assert.match(await reason(root, join(plain, 'no-git')), /no-git|could not be started|inside/);
    writeFileSync(join(root, '.git/config'), '[core\nbroken');
    assert.match(await reason(root), /cannot be read: .*config/);
    writeFileSync(join(root, '.git/config'), '');
    writeFileSync(join(root, '.git/HEAD'), 'nonsense');
    assert.match(await reason(root), /in no git repository/);
  });

  it('does not run a git that the workspace brings', async () => {
    const { root } = makeRepository({ 'a.ts': old });
    mkdirSync(join(root, 'bin'));
    writeFileSync(join(root, 'bin/git'), '#!/bin/sh\ntouch ran\n', { mode: 0o755 });
    assert.match(await reason(root, join(root, 'bin/git')), /inside the workspace/);
    assert.equal(existsSync(join(root, 'ran')), false);
  });

  it('names files that differ from the last commit', async () => {
    const { root, write } = makeRepository({ 'a.ts': old, 'b.ts': 'b\n', 'c.ts': 'c\n' });
    write('b.ts', 'changed\n');
    write('new.ts', 'n\n');
    rmSync(join(root, 'c.ts'));
    const dirty = await (await open(root)).dirtyFiles(['a.ts', 'b.ts', 'c.ts', 'new.ts', 'never.ts']);
    assert.deepEqual(dirty, ['b.ts', 'c.ts', 'new.ts']);
    const empty = makeRepository();
    assert.deepEqual(await (await open(empty.root)).head(), { commit: null, branch: 'main' });
  });
});
