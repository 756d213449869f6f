// Real repositories in temporary folders, with no configuration but their own.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface RepositoryFolder {
  readonly root: string;
  /** Runs git as the user would; gives what it printed, trimmed. */
  readonly git: (...args: readonly string[]) => string;
  readonly write: (file: string, text: string) => void;
  /** Adds everything and commits. */
  readonly commit: (subject: string, author?: string) => string;
}

const folders: string[] = [];
const identity = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.test' };

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'suture-deliver-')));
  folders.push(folder);
  return folder;
}

export function removeTemporaryFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Git's own settings of whoever runs the tests must not matter; gives back what was set. */
export function withoutUserSettings(): () => void {
  const set = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const before = Object.keys(set).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, set);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

export function makeRepository(files: Readonly<Record<string, string>> = {}): RepositoryFolder {
  const root = temporaryFolder();
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const commit = (subject: string, author = 'Ada'): string => {
    git('add', '-A');
    git(
      'commit',
      '-q',
      '--no-verify',
      '--author',
      `${author} <${author.toLowerCase()}@example.test>`,
      '-m',
      subject,
    );
    return git('rev-parse', 'HEAD');
  };
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', identity.GIT_AUTHOR_NAME);
  git('config', 'user.email', identity.GIT_AUTHOR_EMAIL);
  for (const [file, text] of Object.entries(files)) write(file, text);
  if (Object.keys(files).length > 0) commit('Begin');
  return { root, git, write, commit };
}
