import { failedFrom } from './spans.ts';
import type { Failed } from './spans.ts';

/** Gathers the bare lines below an error's line: they belong to it until the next line with an envelope. */
export interface Failures {
  readonly begin: (said: string, timeMs: number, done: (failure: Failed) => void) => void;
  /** A bare line; ignored where no error is open. */
  readonly add: (text: string) => void;
  /** The open error, if any, is complete. */
  readonly settle: () => void;
}

const maxLines = 60;

export function createFailures(): Failures {
  let open:
    | {
        readonly said: string;
        readonly timeMs: number;
        readonly below: string[];
        readonly done: (failure: Failed) => void;
      }
    | undefined;
  const settle = (): void => {
    const failure = open;
    open = undefined;
    failure?.done(failedFrom(failure.said, failure.below, failure.timeMs));
  };
  return {
    begin(said, timeMs, done) {
      settle();
      open = { said, timeMs, below: [], done };
    },
    add(text) {
      if (open && text.trim() !== '' && open.below.length < maxLines) open.below.push(text);
    },
    settle,
  };
}
