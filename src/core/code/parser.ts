import type { FileFacts } from './facts.ts';
import { loadParser } from './parse.ts';

export interface SourceText {
  /** Posix, relative to the workspace. */
  readonly path: string;
  readonly text: string;
}

/** Where source text becomes facts: in this thread, or in one of its own. */
export interface Parser {
  /** Facts in the order of the texts. */
  readonly parse: (texts: readonly SourceText[]) => Promise<readonly FileFacts[]>;
  readonly close: () => Promise<void>;
}

/** A parser in the caller's thread; the parsing library is loaded by the first text. */
export function createParser(): Parser {
  return {
    async parse(texts) {
      const parse = await loadParser();
      return texts.map(({ path, text }) => parse(path, text));
    },
    close: () => Promise.resolve(),
  };
}
