import { parsePlaces } from '../code/json-places.ts';
import type { Position } from '../model/handler.ts';
import type { Problem } from '../model/problem.ts';
import type { Sequence } from '../model/sequence.ts';
import type { Dialect, Reading } from './dialect.ts';
import * as registry from './dialects/registry.ts';

const dialects: readonly Dialect[] = Object.values(registry);

/** What the JSON files of a workspace declare. */
export interface Declared {
  /** One of each id, sorted by file; its other files are its `copies`. */
  readonly sequences: readonly Sequence[];
  readonly problems: readonly Problem[];
  /** Files that declare no sequence and are no index, with what they are. */
  readonly others: readonly { readonly file: string; readonly what: string }[];
}

/** The packages of a workspace by name and folder (posix, empty for the root). */
export type Packages = readonly { readonly name: string; readonly dir: string }[];

/** Folders whose files are made of others. */
const generated = /(^|\/)(public|dist|build|out|catalog)\//;

/** Reads all sequence files of a workspace (path -> text); pure, and never throws. */
export function readSequences(texts: ReadonlyMap<string, string>, packages: Packages): Declared {
  const problems: Problem[] = [];
  const others: Declared['others'][number][] = [];
  const found: Sequence[] = [];
  const handlersPaths = new Map<string, string>();
  for (const [file, text] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const reading = readFile(file, text, problems);
    if (reading === undefined) continue;
    if (reading.k === 'other') others.push({ file, what: reading.what });
    else if (reading.k === 'sequence') {
      found.push(reading.sequence);
      problems.push(...reading.problems);
    } else for (const entry of reading.entries) handlersPaths.set(entry.file, entry.handlersPath);
  }
  const byId = new Map<string, Sequence[]>();
  for (const bare of found) {
    const handlersPath = handlersPaths.get(bare.file);
    const sequence = handlersPath === undefined ? bare : { ...bare, handlersPath };
    const same = byId.get(sequence.id);
    if (same === undefined) byId.set(sequence.id, [sequence]);
    else same.push(sequence);
  }
  const sequences = [...byId.values()].flatMap((same) => {
    const [first, ...copies] = same.toSorted((a, b) => rankOf(a, packages) - rankOf(b, packages));
    return first === undefined ? [] : [{ ...first, copies: copies.map(({ file }) => file).sort() }];
  });
  return { sequences: sequences.sort((a, b) => (a.file < b.file ? -1 : 1)), problems, others };
}

function readFile(file: string, text: string, problems: Problem[]): Reading | undefined {
  // A byte-order mark counts as a character of the first line in no editor.
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const parsed = parsePlaces(json);
  const at = createPlaces(json);
  if (parsed.k === 'broken') {
    const { line, column } = at(parsed.at);
    const message = `Not valid JSON from line ${line}, column ${column} on: what it declares is left out.`;
    problems.push({ file, line, code: 'broken-sequence', message, count: 1 });
    return undefined;
  }
  for (const dialect of dialects) {
    const reading = dialect.read({ path: file, root: parsed.root, at });
    if (reading !== undefined) return reading;
  }
  return { k: 'other', what: 'JSON without movements' };
}

/** Of several files with one id the one that its handlers' package holds leads, then one of any package, generated ones last. */
function rankOf({ file, handlersPath = '' }: Sequence, packages: Packages): number {
  if (generated.test(file)) return 3;
  const within = packages.filter(({ dir }) => dir !== '' && file.startsWith(`${dir}/`));
  const isOwn = within.some(({ name }) => handlersPath === name || handlersPath.startsWith(`${name}/`));
  return isOwn ? 0 : within.length > 0 ? 1 : 2;
}

/** Line and column of offsets in a text. */
function createPlaces(text: string): (offset: number) => Position {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
