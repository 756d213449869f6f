import type { Operator } from '../operator.ts';
import { bodyOf } from './functions.ts';

/** Blank lines and indentation; nothing else. */
export const reformat: Operator = {
  id: 'reformat',
  class: 'no-op',
  sites(node) {
    const body = bodyOf(node);
    if (body === undefined || body.getStatements().length === 0) return [];
    const edits = body
      .getStatements()
      .map((each) => ({ start: each.getStart(), end: each.getStart(), text: '\n\n  ' }));
    return [{ line: body.getStartLineNumber(), edits }];
  },
  example: { before: 'function f() { return 1; }', after: 'function f() { \n\n  return 1; }' },
};
