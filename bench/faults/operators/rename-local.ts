import { Node, SyntaxKind } from 'ts-morph';
import type { Operator } from '../operator.ts';
import { ownNodes } from './functions.ts';

/** A local constant gets another name. */
export const renameLocal: Operator = {
  id: 'rename-local',
  class: 'no-op',
  sites(node) {
    return ownNodes(node).flatMap((child) => {
      if (!Node.isVariableDeclaration(child)) return [];
      const name = child.getNameNode();
      if (!Node.isIdentifier(name)) return [];
      const uses = node
        .getDescendantsOfKind(SyntaxKind.Identifier)
        .filter((each) => each.getText() === name.getText());
      // Only where every identifier of that text is a plain use of this declaration.
      const isPlain = uses.every((use) => {
        const parent = use.getParent();
        if (use === name) return true;
        if (Node.isPropertyAccessExpression(parent)) return parent.getExpression() === use;
        return !Node.isShorthandPropertyAssignment(parent) && !Node.isPropertyAssignment(parent) && !Node.isBindingElement(parent) && !Node.isParameterDeclaration(parent) && !Node.isVariableDeclaration(parent);
      }); // prettier-ignore
      if (!isPlain || uses.length < 2) return [];
      const edits = uses.map((use) => ({ start: use.getEnd(), end: use.getEnd(), text: 'Renamed' }));
      return [{ line: child.getStartLineNumber(), edits }];
    });
  },
  example: {
    before: 'function f() { const a = 1; return a; }',
    after: 'function f() { const aRenamed = 1; return aRenamed; }',
  },
};
