import { Node } from 'ts-morph';
import type { Operator } from '../operator.ts';
import { ownNodes } from './functions.ts';

/** `await Promise.all([a(), b()])` becomes `[await a(), await b()]`. */
export const promiseAllInSequence: Operator = {
  id: 'promise-all-in-sequence',
  class: 'latency',
  sites(node) {
    return ownNodes(node).flatMap((child) => {
      const call = Node.isAwaitExpression(child) ? child.getExpression() : undefined;
      if (!Node.isCallExpression(call) || call.getExpression().getText() !== 'Promise.all') return [];
      const [list] = call.getArguments();
      if (!Node.isArrayLiteralExpression(list) || list.getElements().some((each) => Node.isSpreadElement(each))) return [];
      const text = `[${list.getElements().map((each) => `await ${each.getText()}`).join(', ')}]`;
      return [{ line: child.getStartLineNumber(), edits: [{ start: child.getStart(), end: child.getEnd(), text }] }];
    }); // prettier-ignore
  },
  example: {
    before: 'async function f() { return await Promise.all([a(), b()]); }',
    after: 'async function f() { return [await a(), await b()]; }',
  },
};
