import { lstat, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sha256 } from '../../code/text-hash.ts';
import { HumanError } from '../../model/human-error.ts';
import type { FileEdit } from '../../model/fix.ts';
import type { GitInput, GitResult } from './run-git.ts';
import type { BranchRequest, CreatedBranch, Place } from './repository.ts';
import {
  assertPlainPath,
  blobText,
  entryAt,
  filteredPaths,
  formWithHash,
  storedForm,
  type TreeEntry,
} from './tree-files.ts';

const mostNames = 50;

/** An edit as it goes into the commit. */
interface Staged {
  /** From the workspace. */
  readonly file: string;
  readonly mode: string;
  readonly text: string;
  /** False for a new file: git then converts line ends as it would for `git add`. */
  readonly asStored: boolean;
}

/** See `Repository.createBranch`. Plumbing only: nothing is checked out. */
export async function createBranch(place: Place, request: BranchRequest): Promise<CreatedBranch> {
  const { git } = place;
  const parent = (await git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])).stdout.toString().trim();
  if (parent === '')
    throw new HumanError('This repository has no commit yet: make a first commit, then create the branch.');
  await assertIdentity(place);
  const { edits, leftOut } = await withoutIgnored(place, parent, request.edits);
  const staged: Staged[] = [];
  for (const edit of edits) staged.push(await stage(place, parent, edit));
  const tree = await writeTree(place, parent, staged);
  if (tree === (await text(place, ['rev-parse', `${parent}^{tree}`])))
    throw new HumanError('The last commit holds this fix already: there is nothing to put on a branch.');
  const message = `${request.message.replaceAll('\0', '').trimEnd()}\n`;
  const commit = await text(place, ['commit-tree', tree, '-p', parent, '-F', '-'], { stdin: message });
  return { branch: await nameIt(place, request.branch, commit), commit, leftOut };
}

async function assertIdentity({ git }: Place): Promise<void> {
  for (const who of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT']) {
    if ((await git(['var', who])).code === 0) continue;
    throw new HumanError(
      'git does not know who you are: set user.name and user.email (git config --global user.name "..."), then create the branch.',
    );
  }
}

/** Docs that git ignores here are left out; code or a test that it ignores cannot be delivered. */
async function withoutIgnored(
  { git, prefix }: Place,
  parent: string,
  edits: readonly FileEdit[],
): Promise<{ readonly edits: readonly FileEdit[]; readonly leftOut: readonly string[] }> {
  const seen = new Set<string>();
  for (const { file } of edits) {
    assertPlainPath(file);
    if (seen.has(file)) throw new HumanError(`The fix holds ${file} twice; ask for it again.`);
    seen.add(file);
    assertNotOther(file, await entryAt(git, parent, prefix + file));
  }
  // With `./` before it no name is taken for a pattern.
  const { code, stdout, stderr } = await git(['check-ignore', '-z', '--stdin', '--no-index'], {
    stdin: edits.map(({ file }) => `./${file}\0`).join(''),
  });
  // 1 says that none is ignored.
  if (code !== 0 && code !== 1) throw new HumanError(`git could not read its ignore files: ${stderr.trim()}`);
  const ignored = new Set(stdout.toString('utf8').split('\0'));
  const leftOut: string[] = [];
  for (const { file, part } of edits) {
    if (!ignored.has(`./${file}`) || (await entryAt(git, parent, prefix + file)).k === 'file') continue;
    if (part !== 'docs')
      throw new HumanError(
        `git ignores ${file}, so it cannot go on a branch: apply the fix in place instead.`,
      );
    leftOut.push(file);
  }
  return { edits: edits.filter(({ file }) => !leftOut.includes(file)), leftOut };
}

function assertNotOther(file: string, entry: TreeEntry): void {
  if (entry.k !== 'other') return;
  throw new HumanError(
    entry.what === 'submodule'
      ? `${file} belongs to the submodule ${entry.at}: open that folder as the workspace to put the fix on a branch of it.`
      : `${file} does not fit the last commit, where ${entry.at} is a ${entry.what}: apply the fix in place instead.`,
  );
}

async function stage({ git, root, prefix }: Place, parent: string, edit: FileEdit): Promise<Staged> {
  const { file, sha256Before: hash, newText } = edit;
  const entry = await entryAt(git, parent, prefix + file);
  if ((await filteredPaths(git, [file])).has(file))
    throw new HumanError(
      `.gitattributes sends ${file} through a filter, which Suture does not run: apply the fix in place and commit it yourself.`,
    );
  if (hash === null) {
    if (entry.k === 'file') throw changed(file);
    if (await lstat(path.join(root, file)).catch(() => null))
      throw new HumanError(
        `${file} exists by now and is not committed: move it away or ask for the fix again.`,
      );
    return { file, mode: '100644', text: newText, asStored: false };
  }
  if (entry.k !== 'file')
    throw new HumanError(`${file} is not in the last commit: commit it first, then create the branch.`);
  const stored = await blobText(git, entry.file.blob);
  const form = stored === null ? null : formWithHash(stored, hash);
  if (form === null) {
    const here = await readFile(path.join(root, file), 'utf8').catch(() => null);
    if (here === null || sha256(here) !== hash) throw changed(file);
    throw new HumanError(
      `${file} has changes that are not committed and the fix builds on them: commit them first, then create the branch.`,
    );
  }
  return { file, mode: entry.file.mode, text: storedForm(newText, form), asStored: true };
}

const changed = (file: string): HumanError =>
  new HumanError(`${file} has changed since the fix was made: ask for the fix again.`);

/** Writes blobs and a tree through an index of our own in a temporary folder. */
async function writeTree(place: Place, parent: string, staged: readonly Staged[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'suture-index-'));
  const indexFile = path.join(folder, 'index');
  try {
    await text(place, ['read-tree', parent], { indexFile });
    const lines: string[] = [];
    for (const { file, mode, text: content, asStored } of staged) {
      const how = asStored ? '--no-filters' : `--path=${file}`;
      const blob = await text(place, ['hash-object', '-w', '--stdin', how], { indexFile, stdin: content });
      lines.push(`${mode} ${blob}\t${place.prefix}${file}\0`);
    }
    await text(place, ['update-index', '-z', '--index-info'], { indexFile, stdin: lines.join('') });
    return await text(place, ['write-tree'], { indexFile });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Gives the commit the first free name; an existing branch is never moved. */
async function nameIt(place: Place, wanted: string, commit: string): Promise<string> {
  const { git } = place;
  if ((await git(['check-ref-format', '--branch', wanted])).code !== 0)
    throw new HumanError(`${JSON.stringify(wanted)} is no name for a branch.`);
  const [first = ''] = wanted.split('/');
  let said = '';
  for (let i = 1; i <= mostNames; i++) {
    const branch = i === 1 ? wanted : `${wanted}-${i}`;
    const ref = `refs/heads/${branch}`;
    const none = '0'.repeat(commit.length);
    const made = await git(['update-ref', '-m', 'suture: a fix', ref, commit, none]);
    if (made.code === 0) return branch;
    said = made.stderr.trim();
    const taken = await git(['for-each-ref', '--format=%(refname)', ref]);
    if (taken.stdout.length > 0) continue;
    if ((await git(['show-ref', '--verify', '--quiet', `refs/heads/${first}`])).code === 0)
      throw new HumanError(`A branch named ${first} stands in the way of ${wanted}: rename it first.`);
    break;
  }
  throw new HumanError(`git could not create the branch ${wanted}: ${said}`);
}

async function text({ git }: Place, args: readonly string[], input?: GitInput): Promise<string> {
  const result: GitResult = await git(args, input);
  if (result.code === 0) return result.stdout.toString('utf8').trim();
  throw new HumanError(`git ${args[0]} failed: ${result.stderr.trim() || 'it was stopped'}`);
}
