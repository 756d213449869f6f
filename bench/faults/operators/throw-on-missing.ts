import type { Operator } from '../operator.ts';
import { guardsOf } from './guards.ts';

/** What was refused with 404 throws. */
export const throwOnMissing: Operator = {
  id: 'throw-on-missing',
  class: 'errors',
  sites(node) {
    return guardsOf(node)
      .map(({ statement, subject }) => ({ then: statement.getThenStatement(), subject }))
      .filter(({ then }) => /404|not_?found/i.test(then.getText()))
      .map(({ then, subject }) => ({
        line: then.getStartLineNumber(),
        edits: [
          { start: then.getStart(), end: then.getEnd(), text: `throw new TypeError('no ${subject}');` },
        ],
      }));
  },
  example: {
    before: 'function f(a?: number) { if (!a) return 404; return a; }',
    after: "function f(a?: number) { if (!a) throw new TypeError('no a'); return a; }",
  },
};
