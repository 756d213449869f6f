import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CodeSite } from '../../model/diagnosis.ts';
import { oldRange, parseHunks, type Hunk, type LineChange } from '../changes.ts';
import type { Place } from './repository.ts';
import { assertPlainPath, blobText, entryAt } from './tree-files.ts';

const mostCommits = 3;
/** A function that was written once makes git walk all of a long history; what it found until then is enough. */
const historyMs = 8_000;

/** Commits that changed the lines of a place last, newest first, after whether they hold changes not committed yet. */
export async function lastChanges(
  place: Place,
  site: Pick<CodeSite, 'file' | 'start' | 'end'>,
): Promise<readonly LineChange[]> {
  const { git, root, prefix } = place;
  assertPlainPath(site.file);
  const text = await readFile(path.join(root, site.file), 'utf8').catch(() => null);
  const entry = await entryAt(git, 'HEAD', prefix + site.file).catch(() => null);
  if (text === null || entry === null || entry.k === 'other') return [];
  if (entry.k === 'none') return [{ k: 'uncommitted' }];
  const stored = await blobText(git, entry.file.blob).catch(() => null);
  if (stored === null) return [];
  const asked = { start: site.start.line, end: Math.max(site.start.line, site.end.line) };
  const { range, touched } = oldRange(await hunksBetween(place, stored, text), asked);
  const here: readonly LineChange[] = touched ? [{ k: 'uncommitted' }] : [];
  const lines = stored.split('\n').length - (stored.endsWith('\n') ? 1 : 0);
  if (range === null || range.start > lines) return here;
  // An argument that begins with a range; the path stands behind its first colon as it is.
  const where = `-L${range.start},${Math.min(range.end, lines)}:${prefix}${site.file}`;
  const { stdout } = await git(
    [
      ...[
        '-C',
        await topOf(place),
        'log',
        `-n${mostCommits}`,
        '--no-patch',
        '--no-ext-diff',
        '--no-textconv',
      ],
      ...['--no-color', '--no-mailmap', '--format=%x00%H%x00%P%x00%an%x00%aI%x00%s%x00', where, 'HEAD'],
    ],
    { timeoutMs: historyMs },
  );
  return [...here, ...commitsOf(stdout.toString('utf8'), await isShallow(place))];
}

/** Records of six fields in NUL characters, none of which can stand in a field; a last one cut short is left out. */
function commitsOf(output: string, shallow: boolean): readonly LineChange[] {
  const records = output.matchAll(/\0([0-9a-f]{40,64})\0([^\0]*)\0([^\0]*)\0([^\0]*)\0([^\0]*)\0/g);
  return [...records].flatMap((record): readonly LineChange[] => {
    const [, commit = '', parents, author = '', date = '', subject = ''] = record;
    // The oldest commit of a shallow clone seems to have written everything.
    if (shallow && parents === '') return [];
    const at = Date.parse(date);
    return [
      {
        k: 'commit',
        commit,
        author,
        date: Number.isNaN(at) ? date : new Date(at).toISOString(),
        subject,
      },
    ];
  });
}

async function topOf({ git, root }: Place): Promise<string> {
  const { stdout } = await git(['rev-parse', '--show-toplevel']);
  return stdout.toString('utf8').replace(/\n$/, '') || root;
}

async function isShallow({ git }: Place): Promise<boolean> {
  const { stdout } = await git(['rev-parse', '--is-shallow-repository']);
  return stdout.toString('utf8').trim() === 'true';
}

/** Compares outside of the repository, where no attribute or setting of it can name a program. */
async function hunksBetween({ git }: Place, stored: string, text: string): Promise<readonly Hunk[]> {
  const [before, after] = [stored, text].map((side) => side.replaceAll('\r\n', '\n').replace(/^\uFEFF/, ''));
  if (before === after) return [];
  const folder = await mkdtemp(path.join(tmpdir(), 'suture-lines-'));
  try {
    await Promise.all([
      writeFile(path.join(folder, 'a'), before ?? ''),
      writeFile(path.join(folder, 'b'), after ?? ''),
    ]);
    const { stdout } = await git([
      ...['-C', folder, 'diff', '--no-index', '--no-ext-diff', '--no-textconv', '--no-color'],
      ...['-U0', '--inter-hunk-context=0', '--', 'a', 'b'],
    ]);
    return parseHunks(stdout.toString('utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
