import type { ts } from '../ts.ts';

/** A range of a file's text and what it becomes. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text with some of its ranges replaced; they do not overlap. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  let result = text;
  for (const { start, end, text: replacement } of edits.toSorted((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + replacement + result.slice(end);
  }
  return result;
}

/** The first of some names that the file's text does not have. */
export function freeName(loop: ts.Node, names: readonly string[]): string {
  const { text } = loop.getSourceFile();
  const free = names.find((name) => !new RegExp(`\\b${name}\\b`).test(text));
  if (free !== undefined) return free;
  let serial = 2;
  while (text.includes(`${names[0]}${serial}`)) serial++;
  return `${names[0]}${serial}`;
}
