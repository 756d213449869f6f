import type { FileModel, HandlerModel } from '../core/model/read-model.ts';

/** A place in a text; line and character from 0, in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

/** One replacement in a text; ranges of one edit refer to the text before it and do not overlap. */
export interface TextChange {
  readonly start: Place;
  readonly end: Place;
  readonly text: string;
}

/** Where a handler stands in the text as it is now. */
export interface Anchor {
  /** Handler id and role; stable while the handler keeps its id. */
  readonly key: string;
  readonly role: 'definition' | 'registration';
  readonly model: HandlerModel;
  readonly place: Place;
  /** True for a handler of an earlier model that a text which does not parse has lost for now. */
  readonly ghost: boolean;
}

const isBefore = (left: Place, right: Place): boolean =>
  left.line < right.line || (left.line === right.line && left.character < right.character);

const isEqual = (left: Place, right: Place): boolean =>
  left.line === right.line && left.character === right.character;

/** The place after one change; null when the text it stood in was deleted. */
export function movePlace(place: Place, { start, end, text }: TextChange): Place | null {
  if (isBefore(place, start)) return place;
  const lines = text.split('\n');
  const last = lines.at(-1) ?? '';
  if (!isBefore(place, end)) {
    // At or after the end of the change: an insertion exactly at the place pushes it on.
    const line = place.line + start.line - end.line + lines.length - 1;
    if (place.line !== end.line) return { line, character: place.character };
    const from = lines.length === 1 ? start.character : 0;
    return { line, character: from + last.length + place.character - end.character };
  }
  if (isEqual(place, start)) return text === '' ? null : start;
  if (text === '') return null;
  // Inside replaced text (a formatter, an undo): the same line of the replacement, until the next model says better.
  const line = start.line + Math.min(place.line - start.line, lines.length - 1);
  return { line, character: line === place.line ? place.character : 0 };
}

/** The place after all changes of one edit. */
export function movePlaceBy(place: Place, changes: readonly TextChange[]): Place | null {
  const bottomUp = [...changes].sort((left, right) => (isBefore(left.start, right.start) ? 1 : -1));
  return bottomUp.reduce<Place | null>((at, change) => (at === null ? null : movePlace(at, change)), place);
}

const placeOf = (position: { readonly line: number; readonly column: number }): Place => ({
  line: Math.max(0, position.line - 1),
  character: Math.max(0, position.column - 1),
});

/**
 * Places of a model in the text it was made of: the definition, and the registration where that is another
 * line or file. An inline function has one place only, the line that says its route.
 */
export function anchorsOf(model: FileModel): readonly Anchor[] {
  return model.handlers.flatMap((entry) => {
    const { id, file, symbol, start, registration } = entry.handler;
    const at = (role: Anchor['role'], position: typeof start): Anchor => ({
      key: `${id}|${role}`,
      role,
      model: entry,
      place: placeOf(position),
      ghost: false,
    });
    const defined = file === model.path;
    const registered = registration.file === model.path;
    const together = file === registration.file;
    if (defined && together && symbol.startsWith('<')) return [at('definition', registration.start)];
    const apart = !together || registration.start.line !== start.line;
    return [
      ...(defined ? [at('definition', start)] : []),
      ...(registered && apart ? [at('registration', registration.start)] : []),
    ];
  });
}

/** The anchors of one open document through edits and the models that arrive late for them. */
export interface DocumentAnchors {
  /** A model of the text of `version` (the version last settled, if absent). */
  readonly setModel: (model: FileModel, version?: number) => void;
  /** The engine has taken in the text of `version`; its last model is of that text. */
  readonly settled: (version: number) => void;
  /** The document became `version` by these changes. */
  readonly edited: (version: number, changes: readonly TextChange[]) => void;
  /** The text is what is on disk: a handler still missing from the model of this text is gone. */
  readonly saved: (version: number) => void;
  readonly current: () => readonly Anchor[];
}

export function createDocumentAnchors(initialVersion: number): DocumentAnchors {
  let raw: FileModel | undefined;
  let base = initialVersion;
  let savedAt = initialVersion;
  let edits: { readonly version: number; readonly changes: readonly TextChange[] }[] = [];
  let anchors: readonly Anchor[] = [];

  const through = (anchor: Anchor, changes: readonly TextChange[]): readonly Anchor[] => {
    const place = movePlaceBy(anchor.place, changes);
    return place === null ? [] : [place === anchor.place ? anchor : { ...anchor, place }];
  };

  const rebuild = (): void => {
    if (raw === undefined) return;
    let next = anchorsOf(raw);
    for (const edit of edits) next = next.flatMap((anchor) => through(anchor, edit.changes));
    const mayMiss = raw.broken ?? base > savedAt;
    if (mayMiss) {
      const keys = new Set(next.map((anchor) => anchor.key));
      const taken = new Set(next.map((anchor) => `${anchor.role}:${String(anchor.place.line)}`));
      const ghosts = anchors.filter(
        (old) => !keys.has(old.key) && !taken.has(`${old.role}:${String(old.place.line)}`),
      );
      next = [...next, ...ghosts.map((ghost) => ({ ...ghost, ghost: true }))];
    }
    anchors = next;
  };

  const settle = (version: number): void => {
    if (version < base) return;
    base = version;
    edits = edits.filter((edit) => edit.version > version);
  };

  return {
    setModel: (model, version) => {
      raw = model;
      if (version !== undefined) settle(version);
      rebuild();
    },
    settled: (version) => {
      settle(version);
      rebuild();
    },
    edited: (version, changes) => {
      edits.push({ version, changes });
      anchors = anchors.flatMap((anchor) => through(anchor, changes));
    },
    saved: (version) => {
      savedAt = version;
      if (base >= savedAt) rebuild();
    },
    current: () => anchors,
  };
}
