import type { Operator } from '../operator.ts';
import { guardsOf } from './guards.ts';

/** The guard of a missing value is gone, and its uses are asserted: what was refused throws. */
export const removeGuard: Operator = {
  id: 'remove-guard',
  class: 'errors',
  sites(node, language) {
    return guardsOf(node)
      .filter(({ uses }) => uses.length > 0)
      .map(({ statement, uses }) => {
        const lines = statement.getEndLineNumber() - statement.getStartLineNumber();
        const first = uses[0]?.getStartLineNumber() ?? 0;
        const assert = language === 'typescript' ? uses.map((use) => ({ start: use.getEnd(), end: use.getEnd(), text: '!' })) : [];
        return { line: first - lines, edits: [{ start: statement.getStart(), end: statement.getEnd(), text: '' }, ...assert] };
      }); // prettier-ignore
  },
  example: {
    before: 'function f(a?: { b: number }) { if (!a) return 0; return a.b; }',
    after: 'function f(a?: { b: number }) {  return a!.b; }',
  },
};
