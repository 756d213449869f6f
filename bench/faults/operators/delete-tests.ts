import { Node } from 'ts-morph';
import type { Operator } from '../operator.ts';

/** A test is gone; the node is its `it(...)` or `test(...)`. */
export const deleteTests: Operator = {
  id: 'delete-tests',
  class: 'coverage',
  sites(node) {
    const whole = node.getParent();
    if (!Node.isExpressionStatement(whole)) return [];
    return [
      {
        line: whole.getStartLineNumber(),
        edits: [{ start: whole.getFullStart(), end: whole.getEnd(), text: '' }],
      },
    ];
  },
  example: { before: "it('answers', () => { load(); });", after: '' },
};
