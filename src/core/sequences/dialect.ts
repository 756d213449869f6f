import type { PlacedValue } from '../code/json-places.ts';
import type { Position } from '../model/handler.ts';
import type { Problem } from '../model/problem.ts';
import type { Sequence } from '../model/sequence.ts';

/** A JSON file with the places of its values. */
export interface SequenceFile {
  /** Posix, relative to the workspace. */
  readonly path: string;
  readonly root: PlacedValue;
  /** Line and column of an offset. */
  readonly at: (offset: number) => Position;
}

/** What an index says of a sequence file beside or below it. */
export interface IndexEntry {
  /** Posix, relative to the workspace. */
  readonly file: string;
  readonly handlersPath: string;
}

/** What one file is: `other` is a file that only lies in the same folder. */
export type Reading =
  | { readonly k: 'sequence'; readonly sequence: Sequence; readonly problems: readonly Problem[] }
  | { readonly k: 'index'; readonly entries: readonly IndexEntry[] }
  | { readonly k: 'other'; readonly what: string };

/** A way to declare sequences in JSON: pure; never throws, whatever the file holds. */
export interface Dialect {
  readonly id: string;
  readonly title: string;
  /** Undefined where the file is of another dialect. */
  readonly read: (file: SequenceFile) => Reading | undefined;
  readonly example: {
    /** Path -> text. */
    readonly files: Readonly<Record<string, string>>;
    /** `sequence id: event -> handler` of every beat, in order. */
    readonly beats: readonly string[];
  };
}
