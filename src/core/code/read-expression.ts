import type { CallFact, Expr, ObjectEntry } from './facts.ts';
import { readClass, readFunction } from './read-function.ts';
import { readExportAssignment } from './read-module.ts';
import {
  bind,
  declare,
  endOf,
  frameOf,
  nameInScope,
  OTHER,
  positionAt,
  startOf,
  type Hint,
  type Reading,
} from './reading.ts';
import type { ts } from './ts.ts';

/** Reads an expression with everything in it (calls, functions, classes are recorded on the way). */
export function readExpression(r: Reading, node: ts.Node, hint?: Hint): Expr {
  const t = r.ts;
  if (t.isIdentifier(node)) return { k: 'name', name: nameInScope(r, node.text) };
  if (t.isStringLiteral(node) || t.isNoSubstitutionTemplateLiteral(node))
    return { k: 'text', value: node.text };
  if (t.isPropertyAccessExpression(node)) {
    return { k: 'member', object: readExpression(r, node.expression), name: node.name.text };
  }
  if (t.isCallExpression(node)) return readCall(r, node, hint);
  if (t.isNewExpression(node)) return recordCall(r, node, node.expression, node.arguments ?? [], true, hint);
  if (t.isArrowFunction(node) || t.isFunctionExpression(node))
    return { k: 'function', fn: readFunction(r, node, hint) };
  if (t.isObjectLiteralExpression(node)) return readObject(r, node, hint);
  if (t.isArrayLiteralExpression(node))
    return { k: 'array', items: node.elements.map((item) => readExpression(r, item)) };
  if (t.isSpreadElement(node)) return { k: 'spread', value: readExpression(r, node.expression) };
  if (isTransparent(t, node)) return readExpression(r, node.expression, hint);
  if (t.isTemplateExpression(node)) {
    const parts: Expr[] = [{ k: 'text', value: node.head.text }];
    for (const span of node.templateSpans) {
      parts.push(readExpression(r, span.expression), { k: 'text', value: span.literal.text });
    }
    return { k: 'concat', parts };
  }
  if (t.isBinaryExpression(node)) return readBinary(r, node, hint);
  if (t.isConditionalExpression(node)) {
    readExpression(r, node.condition);
    return {
      k: 'either',
      op: 'cond',
      options: [readExpression(r, node.whenTrue, hint), readExpression(r, node.whenFalse, hint)],
    };
  }
  if (t.isElementAccessExpression(node)) {
    const object = readExpression(r, node.expression);
    const index = readExpression(r, node.argumentExpression);
    return index.k === 'text' ? { k: 'member', object, name: index.value } : { k: 'element', object, index };
  }
  if (t.isClassExpression(node)) return { k: 'class', cls: readClass(r, node, hint) };
  if (t.isNumericLiteral(node)) return { k: 'number', value: Number(node.text) };
  if (t.isRegularExpressionLiteral(node)) return { k: 'regexp', source: node.text };
  if (t.isTaggedTemplateExpression(node)) {
    const call = recordCall(r, node, node.tag, [], false, undefined);
    readExpression(r, node.template);
    return call;
  }
  switch (node.kind) {
    case t.SyntaxKind.ThisKeyword:
      return { k: 'this' };
    case t.SyntaxKind.SuperKeyword:
      return { k: 'super' };
    case t.SyntaxKind.TrueKeyword:
      return { k: 'literal', value: true };
    case t.SyntaxKind.FalseKeyword:
      return { k: 'literal', value: false };
    case t.SyntaxKind.NullKeyword:
      return { k: 'literal', value: null };
  }
  if (!t.isTypeNode(node)) t.forEachChild(node, (child) => void readExpression(r, child));
  return OTHER;
}

type Transparent = ts.Node & { readonly expression: ts.Expression };

function isTransparent(t: typeof ts, node: ts.Node): node is Transparent {
  return (
    t.isAwaitExpression(node) ||
    t.isParenthesizedExpression(node) ||
    t.isAsExpression(node) ||
    t.isNonNullExpression(node) ||
    t.isSatisfiesExpression(node) ||
    t.isTypeAssertionExpression(node) ||
    t.isVoidExpression(node) ||
    t.isExpressionWithTypeArguments(node)
  );
}

function readBinary(r: Reading, node: ts.BinaryExpression, hint?: Hint): Expr {
  const { SyntaxKind } = r.ts;
  switch (node.operatorToken.kind) {
    case SyntaxKind.EqualsToken:
    case SyntaxKind.QuestionQuestionEqualsToken:
    case SyntaxKind.BarBarEqualsToken:
      return readAssignment(r, node);
    case SyntaxKind.PlusToken:
      return { k: 'concat', parts: plusOperands(r, node).map((part) => readExpression(r, part)) };
    case SyntaxKind.BarBarToken:
    case SyntaxKind.QuestionQuestionToken:
      return {
        k: 'either',
        op: 'or',
        options: [readExpression(r, node.left, hint), readExpression(r, node.right, hint)],
      };
    case SyntaxKind.AmpersandAmpersandToken:
    case SyntaxKind.CommaToken:
      readExpression(r, node.left);
      return { k: 'either', op: 'and', options: [readExpression(r, node.right, hint)] };
  }
  readExpression(r, node.left);
  readExpression(r, node.right);
  return OTHER;
}

/** Operands of a chain of `+`, without recursion: generated code has thousands. */
function plusOperands(r: Reading, node: ts.BinaryExpression): ts.Expression[] {
  const operands: ts.Expression[] = [];
  let left: ts.Expression = node;
  while (r.ts.isBinaryExpression(left) && left.operatorToken.kind === r.ts.SyntaxKind.PlusToken) {
    operands.push(left.right);
    left = left.left;
  }
  operands.push(left);
  return operands.reverse();
}

function readAssignment(r: Reading, node: ts.BinaryExpression): Expr {
  const exported = readExportAssignment(r, node);
  if (exported !== undefined) return exported;
  const target = readExpression(r, node.left);
  const name = target.k === 'name' ? target.name : target.k === 'member' ? target.name : '';
  const value = readExpression(
    r,
    node.right,
    name === '' ? undefined : { name, naming: 'own', at: node.left },
  );
  return { k: 'assign', target, value };
}

function readObject(r: Reading, node: ts.ObjectLiteralExpression, hint?: Hint): Expr {
  const t = r.ts;
  const base = hint?.naming === 'own' && hint.name !== 'default' ? `${hint.name}.` : '';
  const entries: ObjectEntry[] = [];
  for (const property of node.properties) {
    if (t.isSpreadAssignment(property)) {
      entries.push({ key: null, value: readExpression(r, property.expression) });
      continue;
    }
    if (t.isShorthandPropertyAssignment(property)) {
      entries.push({ key: property.name.text, value: readExpression(r, property.name) });
      continue;
    }
    const key = propertyKey(r, property.name);
    const own: Hint | undefined =
      typeof key === 'string' && hint?.naming !== 'wrapped'
        ? { name: base + key, naming: 'own', at: property.name }
        : undefined;
    const value: Expr = t.isPropertyAssignment(property)
      ? readExpression(r, property.initializer, own)
      : { k: 'function', fn: readFunction(r, property, own) };
    entries.push({ key, value: t.isGetAccessor(property) || t.isSetAccessor(property) ? OTHER : value });
  }
  return { k: 'object', entries };
}

/** Text of a property name, or the expression of a computed one. */
export function propertyKey(r: Reading, name: ts.PropertyName): string | Expr {
  if (r.ts.isComputedPropertyName(name)) {
    const key = readExpression(r, name.expression);
    return key.k === 'text' ? key.value : key;
  }
  return name.text;
}

function readCall(r: Reading, node: ts.CallExpression, hint?: Hint): Expr {
  const t = r.ts;
  const [first] = node.arguments;
  const dynamic = node.expression.kind === t.SyntaxKind.ImportKeyword;
  const required = t.isIdentifier(node.expression) && node.expression.text === 'require';
  if ((dynamic || required) && first !== undefined && t.isStringLiteralLike(first)) {
    r.imports.push({ source: first.text, kind: dynamic ? 'dynamic' : 'require', at: startOf(r, node) });
    return { k: 'import', source: first.text, dynamic };
  }
  return recordCall(r, node, node.expression, node.arguments, false, hint);
}

function recordCall(
  r: Reading,
  node: ts.Node,
  calleeNode: ts.Expression,
  argNodes: readonly ts.Expression[],
  isNew: boolean,
  hint: Hint | undefined,
): Expr {
  const t = r.ts;
  const index = r.calls.length;
  const nameNode = t.isPropertyAccessExpression(calleeNode) ? calleeNode.name : calleeNode;
  const fact: { -readonly [K in keyof CallFact]: CallFact[K] } = {
    callee: OTHER,
    args: [],
    isNew,
    at: startOf(r, node),
    nameAt: positionAt(r, nameNode.getStart(r.file)),
    end: endOf(r, node),
    fn: frameOf(r).index,
  };
  r.calls.push(fact);
  fact.callee = readExpression(r, calleeNode);
  const inner = isNew ? undefined : wrapHint(t, calleeNode, argNodes, hint);
  fact.args = argNodes.map((arg) => readExpression(r, arg, inner));
  return { k: 'call', call: index };
}

/** `const x = wrap(async (req, res) => {})` names the inner function x; a chain (`Router().get('/', fn)`) names nothing. */
function wrapHint(
  t: typeof ts,
  callee: ts.Expression,
  args: readonly ts.Expression[],
  hint: Hint | undefined,
): Hint | undefined {
  if (hint === undefined || hint.naming === 'returned') return undefined;
  if (t.isPropertyAccessExpression(callee) && t.isCallExpression(callee.expression)) return undefined;
  if (args.some((arg) => t.isStringLiteralLike(arg) || t.isRegularExpressionLiteral(arg))) return undefined;
  return { ...hint, naming: 'wrapped' };
}

/** A binding that no source can name, holding the value of an expression. */
export function bindHidden(r: Reading, value: Expr): Expr {
  const name = declare(r, `~${++r.serial}`);
  bind(r, { k: 'value', name, init: value });
  r.steps.push({ k: 'bind', name, value });
  return { k: 'name', name };
}
