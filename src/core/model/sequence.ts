import type { Position } from './handler.ts';

/** One step of a sequence. */
export interface Beat {
  /** As written; not unique (two beats of one movement may carry the same number), absent in some dialects. */
  readonly number?: number;
  /** Absent where the beat raises none: it is called by its name alone. */
  readonly event?: string;
  readonly title?: string;
  /** Name as written; absent where the beat names none. */
  readonly handler?: string;
  readonly kind?: string;
  readonly timing?: string;
  /** Start and end of the beat's object in its file. */
  readonly at: Position;
  readonly end: Position;
  /** Id of the handler that it calls. */
  readonly handlerId?: string;
  /** Why it has none; set exactly when `handlerId` is absent. */
  readonly reason?: string;
}

export interface Movement {
  readonly id: string;
  readonly name: string;
  readonly beats: readonly Beat[];
}

/** A declared order of handlers. */
export interface Sequence {
  readonly id: string;
  readonly name: string;
  readonly dialect: string;
  readonly pluginId?: string;
  /** Package, or subpath of one, that an index beside the sequence names for its handlers; untrusted. */
  readonly handlersPath?: string;
  /** Posix, relative to the workspace. */
  readonly file: string;
  readonly movements: readonly Movement[];
  /** Further files that declare the same id. */
  readonly copies: readonly string[];
}
