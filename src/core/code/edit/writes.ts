import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';

/** A change to something that lives longer than the round that makes it. */
export interface Write {
  /** The assignment or call. */
  readonly node: ts.Node;
  /** What is changed: `rows`, `product.stock`. */
  readonly target: ts.Expression;
  /** `item`: a property of the loop's own item. */
  readonly on: 'outer' | 'item';
}

const MUTATORS =
  /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear|append|write|end|emit|assign|defineProperty)$/;

/** All changes that code of a loop's body makes to what stands outside of it. */
export function writesIn(program: SourceProgram, loop: ts.ForOfStatement): readonly Write[] {
  const t = program.ts;
  const found: Write[] = [];
  const add = (node: ts.Node, target: ts.Expression): void => {
    const root = rootOf(program, target);
    if (root === undefined || !declaredWithin(program, root, loop)) found.push({ node, target, on: 'outer' });
    else if (root === target) return;
    else if (declaredWithin(program, root, loop.initializer)) found.push({ node, target, on: 'item' });
    else if (!isFresh(program, root)) found.push({ node, target, on: 'outer' });
  };
  const walk = (node: ts.Node): void => {
    if (isAssignment(program, node)) add(node, node.left);
    else if (t.isDeleteExpression(node)) add(node, node.expression);
    else if (t.isPrefixUnaryExpression(node) || t.isPostfixUnaryExpression(node)) {
      const { operator } = node;
      if (operator === t.SyntaxKind.PlusPlusToken || operator === t.SyntaxKind.MinusMinusToken) {
        // `++n` of a local identifier is the round's own; of a property it changes what the property belongs to.
        add(node, node.operand);
      }
    } else if (t.isCallExpression(node) && t.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression;
      if (MUTATORS.test(name.text) && !t.isAwaitExpression(node.parent)) addCall(node, expression, name.text);
    }
    t.forEachChild(node, walk);
  };
  const addCall = (call: ts.CallExpression, receiver: ts.Expression, method: string): void => {
    if (receiver.getText() === 'Object') {
      const [first] = call.arguments;
      if (method === 'assign' && first !== undefined && !t.isObjectLiteralExpression(first)) add(call, first);
      return;
    }
    const root = rootOf(program, receiver);
    if (root !== undefined && root === receiver && declaredWithin(program, root, loop)) {
      if (!declaredWithin(program, root, loop.initializer) && isFresh(program, root)) return;
      found.push({ node: call, target: receiver, on: 'outer' });
      return;
    }
    // A value made on the spot (`[...rows].sort()`) belongs to nobody else.
    if (root === undefined && !hasThis(program, receiver)) return;
    add(call, receiver);
  };
  walk(loop.statement);
  return found;
}

/** The identifier that a chain of members and elements starts with; undefined for `this`, calls and literals. */
export function rootOf(program: SourceProgram, expression: ts.Expression): ts.Identifier | undefined {
  const t = program.ts;
  let at = expression;
  while (
    t.isPropertyAccessExpression(at) ||
    t.isElementAccessExpression(at) ||
    t.isNonNullExpression(at) ||
    t.isParenthesizedExpression(at) ||
    t.isAsExpression(at)
  ) {
    at = at.expression;
  }
  return t.isIdentifier(at) ? at : undefined;
}

function hasThis(program: SourceProgram, expression: ts.Expression): boolean {
  const t = program.ts;
  let at = expression;
  while (t.isPropertyAccessExpression(at) || t.isElementAccessExpression(at)) at = at.expression;
  return at.kind === t.SyntaxKind.ThisKeyword;
}

/** True for a name whose declaration stands within a node. */
export function declaredWithin(program: SourceProgram, name: ts.Identifier, node: ts.Node): boolean {
  const declaration = symbolOfName(program, name)?.declarations?.[0];
  for (let at: ts.Node | undefined = declaration; at !== undefined; at = at.parent)
    if (at === node) return true;
  return false;
}

/** What a name stands for, also in `{ name }`. */
export function symbolOfName(program: SourceProgram, name: ts.Identifier): ts.Symbol | undefined {
  return program.ts.isShorthandPropertyAssignment(name.parent)
    ? program.checker.getShorthandAssignmentValueSymbol(name.parent)
    : program.checker.getSymbolAtLocation(name);
}

/** A local that holds what this round made or fetched itself, not a part of something shared. */
function isFresh(program: SourceProgram, name: ts.Identifier): boolean {
  const t = program.ts;
  const declaration = symbolOfName(program, name)?.valueDeclaration;
  if (declaration === undefined) return false;
  // A parameter of a function in the body: what it is given was looked at where it is made.
  if (t.isParameter(declaration)) return true;
  if (!t.isVariableDeclaration(declaration)) return false;
  const { initializer } = declaration;
  return (
    initializer !== undefined &&
    (t.isAwaitExpression(initializer) ||
      t.isObjectLiteralExpression(initializer) ||
      t.isArrayLiteralExpression(initializer) ||
      t.isNewExpression(initializer))
  );
}

/** Identifiers in a node that stand for one of these symbols. */
export function mentions(program: SourceProgram, node: ts.Node, symbols: ReadonlySet<ts.Symbol>): boolean {
  const t = program.ts;
  let found = false;
  const walk = (at: ts.Node): void => {
    if (found) return;
    if (t.isIdentifier(at)) {
      const symbol = symbolOfName(program, at);
      found = symbol !== undefined && symbols.has(symbol);
    }
    t.forEachChild(at, walk);
  };
  walk(node);
  return found;
}

export function isAssignment(program: SourceProgram, node: ts.Node): node is ts.BinaryExpression {
  const t = program.ts;
  if (!t.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind >= t.SyntaxKind.FirstAssignment && kind <= t.SyntaxKind.LastAssignment;
}
