import { Node, SyntaxKind, type VariableStatement } from 'ts-morph';
import type { Operator } from '../operator.ts';
import { ownNodes } from './functions.ts';

/** Two neighbouring constants, of which at most one calls anything and neither reads the other, change places. */
export const swapIndependent: Operator = {
  id: 'swap-independent',
  class: 'no-op',
  sites(node) {
    return ownNodes(node).flatMap((child) => {
      const next = Node.isVariableStatement(child) ? child.getNextSibling() : undefined;
      if (!Node.isVariableStatement(child) || !Node.isVariableStatement(next)) return [];
      if (reads(next, namesOf(child)) || reads(child, namesOf(next)) || (acts(child) && acts(next)))
        return [];
      return [
        {
          line: child.getStartLineNumber(),
          edits: [
            { start: child.getStart(), end: child.getEnd(), text: next.getText() },
            { start: next.getStart(), end: next.getEnd(), text: child.getText() },
          ],
        },
      ];
    });
  },
  example: {
    before: 'function f() { const a = 1; const b = 2; return a + b; }',
    after: 'function f() { const b = 2; const a = 1; return a + b; }',
  },
};

/** Names that a statement declares, destructured ones too. */
function namesOf(statement: VariableStatement): ReadonlySet<string> {
  const names = statement.getDeclarations().map((each) => each.getNameNode());
  const identifiers = names.flatMap((name) =>
    Node.isIdentifier(name) ? [name] : name.getDescendantsOfKind(SyntaxKind.Identifier),
  );
  return new Set(identifiers.map((each) => each.getText()));
}

const reads = (node: Node, names: ReadonlySet<string>): boolean =>
  node.getDescendantsOfKind(SyntaxKind.Identifier).some((each) => names.has(each.getText()));

const acts = (node: Node): boolean =>
  node
    .getDescendants()
    .some((each) => Node.isCallExpression(each) || Node.isNewExpression(each) || Node.isAwaitExpression(each) || Node.isTaggedTemplateExpression(each)); // prettier-ignore
