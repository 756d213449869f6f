import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '../../code/text-hash.ts';
import type { CodeSite } from '../../model/diagnosis.ts';
import type { FileEdit } from '../../model/fix.ts';
import type { LineChange } from '../changes.ts';
import { createBranch } from './branch.ts';
import { lastChanges } from './line-history.ts';
import { findGit, gitIn, standsInside, type RunGit } from './run-git.ts';
import { assertPlainPath, blobText, entryAt, formWithHash } from './tree-files.ts';

export interface BranchRequest {
  readonly edits: readonly FileEdit[];
  /** As `branchName` makes it; `-2` and so on is added where it is taken. */
  readonly branch: string;
  readonly message: string;
}

export interface CreatedBranch {
  /** The name that it got, without `refs/heads/`. */
  readonly branch: string;
  readonly commit: string;
  /** Docs that git ignores in this repository and that are therefore not in the commit. */
  readonly leftOut: readonly string[];
}

/** The git repository around a workspace; files are posix and relative to the workspace, which may be a folder of it. */
export interface Repository {
  /** `commit` is null before the first one, `branch` when HEAD is detached. */
  readonly head: () => Promise<{ readonly commit: string | null; readonly branch: string | null }>;
  /** Those of the files that differ from the last commit or are not in it; line ends aside. */
  readonly dirtyFiles: (files: readonly string[]) => Promise<readonly string[]>;
  /** Who changed these lines of the work tree last, newest first; at most 3 commits; empty where nothing is known. */
  readonly lastChanges: (site: Pick<CodeSite, 'file' | 'start' | 'end'>) => Promise<readonly LineChange[]>;
  /**
   * A branch of one commit on HEAD that holds the edits and nothing else. Work tree, index, HEAD and stash stay as they
   * are; no hook runs and `commit.gpgsign` is not honoured (a signature may have to ask). Throws a HumanError where the
   * edits do not fit the last commit.
   */
  readonly createBranch: (request: BranchRequest) => Promise<CreatedBranch>;
}

export type OpenedRepository =
  | { readonly k: 'open'; readonly repository: Repository }
  /** One sentence for a person. */
  | { readonly k: 'none'; readonly reason: string };

/** Where a workspace stands in its repository. */
export interface Place {
  readonly git: RunGit;
  /** Absolute, of the workspace. */
  readonly root: string;
  /** Posix path of the workspace from the top of the repository, with `/` at its end; empty for the top. */
  readonly prefix: string;
}

/** Opens the repository that holds a folder (absolute); `executable` (absolute) instead of the git of the search path. */
export async function openRepository(root: string, executable?: string): Promise<OpenedRepository> {
  const none = (reason: string): OpenedRepository => ({ k: 'none', reason });
  const program = executable ?? (await findGit());
  if (program === null) return none('git was not found on the search path.');
  const folder = await realpath(root).catch(() => null);
  if (folder === null) return none('The workspace folder is not there.');
  if (await standsInside(program, folder).catch(() => true))
    return none('The only git found lies inside the workspace; it is not run.');
  const git = gitIn(program, folder);
  const asked = await git(['rev-parse', '--is-bare-repository', '--is-inside-work-tree', '--show-prefix']);
  if (asked.code !== 0) return none(whyNot(asked.code, asked.stderr));
  const [bare, inside, prefix = ''] = asked.stdout.toString('utf8').split('\n');
  if (bare === 'true' || inside !== 'true')
    return none('This is a repository without a work tree; a branch is made from a work tree.');
  const place: Place = { git, root: folder, prefix };
  return {
    k: 'open',
    repository: {
      head: () => headOf(place),
      dirtyFiles: (files) => dirtyFiles(place, files),
      lastChanges: (site) => lastChanges(place, site),
      createBranch: (request) => createBranch(place, request),
    },
  };
}

function whyNot(code: number | null, stderr: string): string {
  if (/not a git repository/.test(stderr)) return 'The workspace is in no git repository.';
  if (/dubious ownership/.test(stderr))
    return 'The repository belongs to another user; git reads it only after you trust it (git config --global --add safe.directory).';
  if (/bareRepository|must be run in a work tree/.test(stderr))
    return 'This is a repository without a work tree; a branch is made from a work tree.';
  if (code === null) return `git could not be started: ${firstLine(stderr)}`;
  return `The git repository cannot be read: ${firstLine(stderr)}`;
}

const firstLine = (text: string): string => text.trim().split('\n', 1)[0] ?? '';

async function headOf({ git }: Place): Promise<{ commit: string | null; branch: string | null }> {
  const [commit, branch] = await Promise.all([
    git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']),
    git(['symbolic-ref', '--quiet', '--short', 'HEAD']),
  ]);
  return {
    commit: commit.code === 0 ? commit.stdout.toString('utf8').trim() : null,
    branch: branch.code === 0 ? branch.stdout.toString('utf8').trim() : null,
  };
}

async function dirtyFiles(place: Place, files: readonly string[]): Promise<readonly string[]> {
  const { commit } = await headOf(place);
  const dirty: string[] = [];
  for (const file of files) {
    assertPlainPath(file);
    const text = await readFile(path.join(place.root, file), 'utf8').catch(() => null);
    const entry =
      commit === null ? ({ k: 'none' } as const) : await entryAt(place.git, commit, place.prefix + file);
    const stored = entry.k === 'file' ? await blobText(place.git, entry.file.blob) : null;
    const clean =
      entry.k === 'file'
        ? text !== null && stored !== null && formWithHash(stored, sha256(text)) !== null
        : entry.k === 'none' && text === null;
    if (!clean) dirty.push(file);
  }
  return dirty;
}
