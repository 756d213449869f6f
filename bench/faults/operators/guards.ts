import { Node, SyntaxKind, type Identifier, type IfStatement } from 'ts-morph';
import { ownNodes } from './functions.ts';

interface Guard {
  readonly statement: IfStatement;
  /** The value that has to be there. */
  readonly subject: string;
  /** Uses of a member of it behind the guard, in the same block. */
  readonly uses: readonly Identifier[];
}

/** `if (!x) return ...`, `if (x === undefined || ...) { throw ... }`: what refuses a missing value and has no else. */
export function guardsOf(node: Node): readonly Guard[] {
  return ownNodes(node).flatMap((child): Guard[] => {
    if (!Node.isIfStatement(child) || child.getElseStatement() !== undefined) return [];
    const subject = missing(child.getExpression());
    if (subject === undefined || !leaves(child.getThenStatement())) return [];
    const block = child.getParent();
    if (!Node.isBlock(block)) return [];
    const uses = block.getDescendantsOfKind(SyntaxKind.Identifier).filter((name) => {
      const parent = name.getParent();
      return (
        name.getText() === subject &&
        name.getStart() > child.getEnd() &&
        Node.isPropertyAccessExpression(parent) &&
        parent.getExpression() === name
      );
    });
    return [{ statement: child, subject, uses }];
  });
}

/** The name that a condition finds missing: of `!x`, `x == null`, `x === undefined`, and of an `||` that starts with one. */
function missing(condition: Node): string | undefined {
  if (
    Node.isPrefixUnaryExpression(condition) &&
    condition.getOperatorToken() === SyntaxKind.ExclamationToken
  ) {
    const operand = condition.getOperand();
    return Node.isIdentifier(operand) ? operand.getText() : undefined;
  }
  if (!Node.isBinaryExpression(condition)) return undefined;
  const operator = condition.getOperatorToken().getText();
  if (operator === '||') return missing(condition.getLeft());
  const isNothing = ['null', 'undefined'].includes(condition.getRight().getText());
  const left = condition.getLeft();
  return isNothing && /^={2,3}$/.test(operator) && Node.isIdentifier(left) ? left.getText() : undefined;
}

function leaves(then: Node): boolean {
  const last = Node.isBlock(then) ? then.getStatements().at(-1) : then;
  return Node.isReturnStatement(last) || Node.isThrowStatement(last);
}
