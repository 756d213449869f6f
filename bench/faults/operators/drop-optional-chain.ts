import { Node } from 'ts-morph';
import type { Operator } from '../operator.ts';
import { ownNodes } from './functions.ts';

/** `a?.b` becomes `a!.b`: a missing value throws. */
export const dropOptionalChain: Operator = {
  id: 'drop-optional-chain',
  class: 'errors',
  sites(node, language) {
    return ownNodes(node).flatMap((child) => {
      if (!Node.isPropertyAccessExpression(child)) return [];
      const question = child.getQuestionDotTokenNode();
      if (question === undefined) return [];
      const text = language === 'typescript' ? '!.' : '.';
      return [
        {
          line: child.getEndLineNumber(),
          edits: [{ start: question.getStart(), end: question.getEnd(), text }],
        },
      ];
    });
  },
  example: {
    before: 'function f(a?: { b: number }) { return a?.b; }',
    after: 'function f(a?: { b: number }) { return a!.b; }',
  },
};
