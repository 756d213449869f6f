import type { HandlerIndex, Position } from '../../model/handler.ts';
import type { Sequence } from '../../model/sequence.ts';

/** The sequences with what the index says of their beats: the handler of each, or the reason why it has none. */
export function resolvedBeats(sequences: readonly Sequence[], index: HandlerIndex): readonly Sequence[] {
  const place = (file: string, { line, column }: Position): string => `${file}:${line}:${column}`;
  const ids = new Map(
    index.handlers.map(({ id, registration }) => [place(registration.file, registration.start), id]),
  );
  const reasons = new Map(index.unresolved.map(({ file, start, reason }) => [place(file, start), reason]));
  return sequences.map((sequence) => ({
    ...sequence,
    movements: sequence.movements.map((movement) => ({
      ...movement,
      beats: movement.beats.map((beat) => {
        const key = place(sequence.file, beat.at);
        const handlerId = ids.get(key);
        return handlerId === undefined
          ? { ...beat, reason: reasons.get(key) ?? 'No framework knows beats of this dialect.' }
          : { ...beat, handlerId };
      }),
    })),
  }));
}
