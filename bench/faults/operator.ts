import type { Node } from 'ts-morph';

export type FaultClass = 'latency' | 'errors' | 'coverage' | 'no-op';

export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A place where an operator can be applied. */
export interface Site {
  /** From 1: the line that a diagnosis should name. */
  readonly line: number;
  /** Of one file, not overlapping. */
  readonly edits: readonly TextEdit[];
}

/** Changes the text of one function (of one test block for `coverage`); every place it could change is a site. */
export interface Operator {
  readonly id: string;
  readonly class: FaultClass;
  /** `typescript`: the text may carry type syntax. */
  readonly sites: (node: Node, language: 'typescript' | 'javascript') => readonly Site[];
  readonly example: { readonly before: string; readonly after: string };
}

/** The text with all edits made. */
export function applied(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((all, { start, end, text: into }) => all.slice(0, start) + into + all.slice(end), text);
}
