import { sha256 } from '../../code/text-hash.ts';
import { HumanError } from '../../model/human-error.ts';
import type { RunGit } from './run-git.ts';

/** A file of a commit. */
export interface TreeFile {
  /** `100644` or `100755`. */
  readonly mode: string;
  readonly blob: string;
}

/** What stands in a commit at one path. */
export type TreeEntry =
  | { readonly k: 'file'; readonly file: TreeFile }
  | { readonly k: 'none' }
  /** A link, folder or submodule at the path or above it, or a file above it. */
  | { readonly k: 'other'; readonly at: string; readonly what: 'link' | 'folder' | 'submodule' | 'file' };

/** How a file in the work tree differs from its blob although git sees no change. */
export interface TextForm {
  readonly crlf: boolean;
  readonly bomLeftOut: boolean;
}

/** Throws when a path (posix, relative) could name anything but a plain file below its folder. */
export function assertPlainPath(file: string): void {
  const odd = file
    .split('/')
    .some((part) => part === '' || part === '.' || part === '..' || /^(\.git|git~\d+)[. ]*$/i.test(part));
  if (odd || /[\0\\]/.test(file) || /^[A-Za-z]:/.test(file))
    throw new HumanError(`${JSON.stringify(file)} is no path that a fix may write to.`);
}

/** Looks a path (posix, from the top of the repository) up in a commit. */
export async function entryAt(git: RunGit, commit: string, file: string): Promise<TreeEntry> {
  const parts = file.split('/');
  for (const depth of parts.keys()) {
    const at = parts.slice(0, depth + 1).join('/');
    const { code, stdout, stderr } = await git([
      '--literal-pathspecs',
      'ls-tree',
      '-z',
      '--full-tree',
      commit,
      '--',
      at,
    ]);
    if (code !== 0) throw new HumanError(`git could not read the last commit: ${stderr.trim()}`);
    const entry = /^(\d{6}) (\w+) ([0-9a-f]+)\t/.exec(stdout.toString('utf8'));
    if (entry === null) return { k: 'none' };
    const [, mode = '', type, blob = ''] = entry;
    const last = depth === parts.length - 1;
    if (type === 'commit') return { k: 'other', at, what: 'submodule' };
    if (mode === '120000') return { k: 'other', at, what: 'link' };
    if (last)
      return type === 'blob' ? { k: 'file', file: { mode, blob } } : { k: 'other', at, what: 'folder' };
    if (type === 'blob') return { k: 'other', at, what: 'file' };
  }
  return { k: 'none' };
}

/** Text of a blob as it is stored, without filters and line-end conversion; null for what is not UTF-8. */
export async function blobText(git: RunGit, blob: string): Promise<string | null> {
  const { code, stdout, stderr } = await git(['cat-file', 'blob', blob]);
  if (code !== 0) throw new HumanError(`git could not read ${blob}: ${stderr.trim()}`);
  const text = stdout.toString('utf8');
  return Buffer.from(text, 'utf8').equals(stdout) ? text : null;
}

const withCrlf = (text: string): string => text.replace(/\r?\n/g, '\r\n');
const withoutBom = (text: string): string => text.replace(/^\uFEFF/, '');

/** The form in which a stored text has this hash, the stored one first; null when it is another text. */
export function formWithHash(stored: string, hash: string): TextForm | null {
  for (const crlf of [false, true]) {
    const text = crlf ? withCrlf(stored) : stored;
    if (sha256(text) === hash) return { crlf, bomLeftOut: false };
    if (text.startsWith('\uFEFF') && sha256(withoutBom(text)) === hash) return { crlf, bomLeftOut: true };
  }
  return null;
}

/** A changed text as it has to be stored beside a text of which the user's copy has this form. */
export function storedForm(text: string, form: TextForm): string {
  const ends = form.crlf ? text.replaceAll('\r\n', '\n') : text;
  return form.bomLeftOut && !ends.startsWith('\uFEFF') ? `\uFEFF${ends}` : ends;
}

/** Paths whose content git would send through a program or recode on its way into a commit. */
export async function filteredPaths(git: RunGit, files: readonly string[]): Promise<ReadonlySet<string>> {
  const { code, stdout, stderr } = await git(
    ['check-attr', '-z', '--stdin', 'filter', 'working-tree-encoding', 'ident'],
    { stdin: files.map((file) => `${file}\0`).join('') },
  );
  if (code !== 0) throw new HumanError(`git could not read its attributes: ${stderr.trim()}`);
  const fields = stdout.toString('utf8').split('\0');
  const filtered = new Set<string>();
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [file = '', , value = ''] = fields.slice(i, i + 3);
    if (value !== 'unspecified' && value !== 'unset') filtered.add(file);
  }
  return filtered;
}
