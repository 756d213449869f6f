import { sha256 } from '../code/text-hash.ts';
import { conflictLine, generatedRange } from './conflict.ts';
import type { RenderedDocument } from './documents.ts';

/** `edited-inside`, `conflict-markers` and `broken-markers` are only written over when forced. */
export type MergeState =
  'created' | 'unchanged' | 'updated' | 'edited-inside' | 'conflict-markers' | 'broken-markers';

export interface Merged {
  readonly state: MergeState;
  /** What the file should hold; the existing text where it must not be written over. */
  readonly text: string;
  /** True when `text` is to be written. */
  readonly write: boolean;
  /** One sentence for a person. */
  readonly message: string;
}

const ID = '([A-Z][A-Z_]*)';
const BEGIN = new RegExp(`^<!-- suture:begin ${ID}\\b(?: sha256=([0-9a-f]{64}))?.*-->\\s*$`);
const END = new RegExp(`^<!-- suture:end ${ID} -->\\s*$`);

function block({ id, body }: RenderedDocument): string {
  return `<!-- suture:begin ${id} sha256=${sha256(body)} -->\n${body}<!-- suture:end ${id} -->`;
}

interface Marker {
  readonly line: number;
  readonly side: 'begin' | 'end';
  readonly hash: string | undefined;
}

/** Markers of one page (of any page without an id), which stand at the start of a line; generated text never does. */
function markersOf(lines: readonly string[], id?: string): readonly Marker[] {
  return lines.flatMap((line, i): Marker[] => {
    const begin = BEGIN.exec(line);
    const end = begin ? null : END.exec(line);
    const found = (begin ?? end)?.[1];
    if (found === undefined || (id !== undefined && found !== id)) return [];
    return [{ line: i, side: begin ? 'begin' : 'end', hash: begin?.[2] }];
  });
}

/** An existing file without what its editor chose: byte order mark and line ends. */
interface Plain {
  readonly lines: readonly string[];
  restore(text: string): string;
}

function plainOf(existing: string): Plain {
  const bom = existing.startsWith('\uFEFF') ? '\uFEFF' : '';
  const crlf = existing.split('\r\n').length - 1;
  const lf = existing.split('\n').length - 1 - crlf;
  const text = existing.slice(bom.length).replace(/\r\n/g, '\n');
  return {
    lines: text.split('\n'),
    restore: (changed) => bom + (crlf > lf ? changed.replace(/\n/g, '\r\n') : changed),
  };
}

/** True when the file carries a marker of Suture, whole or broken. */
export function isGenerated(existing: string): boolean {
  return markersOf(plainOf(existing).lines).length > 0;
}

/**
 * Puts the generated body between the markers of an existing file (null: there is none) and leaves all prose before
 * and after them as it is. What someone changed between the markers is only lost with `force`.
 */
export function mergePage(
  existing: string | null,
  generated: RenderedDocument,
  options: { readonly force?: boolean } = {},
): Merged {
  const fresh = block(generated);
  const plain = existing === null ? null : plainOf(existing);
  if (existing === null || plain === null || plain.lines.join('').trim() === '') {
    const text = plain ? plain.restore(`${fresh}\n`) : `${fresh}\n`;
    return { state: 'created', text, write: true, message: 'The page is new.' };
  }
  const { lines } = plain;
  const markers = markersOf(lines, generated.id);
  const replaced = (from: number, to: number) =>
    plain.restore([...lines.slice(0, from), fresh, ...lines.slice(to + 1)].join('\n'));
  const refused = (state: MergeState, message: string, forced: string): Merged => {
    const text = options.force ? forced : existing;
    return { state, text, write: text !== existing, message };
  };

  const conflict = conflictLine(existing);
  if (conflict !== undefined) {
    const message = `A merge left conflict markers at line ${conflict}.`;
    const range = generatedRange(lines, (line) => markersOf([line], generated.id)[0]?.side);
    // A conflict that reaches into the prose is for a person, whatever the force.
    return refused('conflict-markers', message, range ? replaced(range.from, range.to) : existing);
  }
  const [begin, end] = markers;
  if (markers.length !== 2 || begin?.side !== 'begin' || end?.side !== 'end') {
    const none = markers.length === 0;
    const message = none
      ? 'The file has no Suture markers: it is not ours to replace.'
      : `The Suture markers from line ${(begin?.line ?? 0) + 1} on are not one begin and one end.`;
    const from = begin?.side === 'begin' ? begin.line : 0;
    const last = markers.at(-1);
    const to = last?.side === 'end' ? last.line : lines.length - 1;
    const appended = plain.restore(`${lines.join('\n').trimEnd()}\n\n${fresh}\n`);
    return refused('broken-markers', message, none ? appended : replaced(from, to));
  }
  const inside = lines
    .slice(begin.line + 1, end.line)
    .map((line) => `${line}\n`)
    .join('');
  const text = replaced(begin.line, end.line);
  if (text === existing)
    return { state: 'unchanged', text, write: false, message: 'The page is up to date.' };
  if (inside !== generated.body && sha256(inside) !== begin.hash) {
    return refused('edited-inside', 'The page was edited by hand between its markers.', text);
  }
  return { state: 'updated', text, write: true, message: 'The page no longer tells what the code says.' };
}
