import type { Operator } from '../operator.ts';
import { guardsOf } from './guards.ts';

/** What was refused with 404 throws. */
export const throwOnMissing: Operator = {
  id: 'throw-on-missing',
  class: 'errors',
  sites(node) {
    return guardsOf(node)
      .map(({ statement, subject }) => ({ branch: statement.getThenStatement(), subject }))
      .filter(({ branch }) => /404|not_?found/i.test(branch.getText()))
      .map(({ branch, subject }) => ({
        line: branch.getStartLineNumber(),
        edits: [
          { start: branch.getStart(), end: branch.getEnd(), text: `throw new TypeError('no ${subject}');` },
        ],
      }));
  },
  example: {
    before: 'function f(a?: number) { if (!a) return 404; return a; }',
    after: "function f(a?: number) { if (!a) throw new TypeError('no a'); return a; }",
  },
};
