import type { Position } from '../../model/handler.ts';
import type { ThrowSite } from '../analysis.ts';
import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import { requestInputs } from './request-inputs.ts';
import { nodeAt, offsetAt, siteOf } from './sites.ts';

type Thrower = Pick<ThrowSite, 'kind'> & { readonly node: ts.Node; readonly subject?: ts.Expression };

/**
 * What can throw at a place (line and column from 1) of a stack frame; null where the place is no code. `message` of the
 * exception tells a value that is no function from the lack of the object that should have it.
 */
export function throwSiteAt(
  program: SourceProgram,
  path: string,
  at: Position,
  message = '',
): ThrowSite | null {
  const file = program.fileAt(path);
  const text = file?.text.split('\n')[at.line - 1];
  if (file === undefined || text === undefined || text.trim() === '') return null;
  // Some reporters give the line alone, or the place of a compiled line: then the first thing on the line that fits is taken.
  const blank = at.column < 1 || at.column > text.length || text.slice(0, at.column).trim() === '';
  const column = blank ? text.search(/\S/) + 1 : at.column;
  const node = nodeAt(program, file, offsetAt(file, { line: at.line, column }));
  const found =
    throwerAround(program, node, message) ??
    (blank ? firstOnLine(program, file, at.line, message) : undefined);
  const statement = statementAround(program, found?.node ?? node);
  if (statement === undefined) return null;
  const thrower: Thrower = found ?? { kind: 'other', node };
  const subject = thrower.subject === undefined ? undefined : unwrapped(program, thrower.subject);
  const origin = subject === undefined ? undefined : originOf(program, subject);
  return {
    site: siteOf(program, thrower.node),
    statement: siteOf(program, statement),
    kind: thrower.kind,
    ...(subject === undefined ? {} : { subject: subject.getText(file) }),
    ...(origin === undefined ? {} : { origin: origin.getText(file) }),
    inputs: requestInputs(program, origin ?? subject ?? thrower.node),
  };
}

/** The expression or statement that throws when the engine points at this node. */
function throwerAround(program: SourceProgram, start: ts.Node, message: string): Thrower | undefined {
  const t = program.ts;
  const noFunction = / is not a (function|constructor)|is not iterable/.test(message);
  for (let node: ts.Node = start; ; node = node.parent) {
    const { parent } = node;
    if (parent === undefined || t.isBlock(node) || t.isSourceFile(node)) return undefined;
    if (t.isThrowStatement(node)) return { kind: 'throw', node };
    if (t.isThrowStatement(parent)) return { kind: 'throw', node: parent };
    const access = accessAt(program, node);
    if (access !== undefined) return throughAccess(program, access, noFunction);
    if (t.isObjectBindingPattern(parent) || t.isBindingElement(parent)) {
      const given = destructured(program, parent);
      if (given !== undefined) return given;
    }
    const declares =
      t.isVariableDeclaration(parent) && parent.initializer === node && t.isObjectBindingPattern(parent.name);
    if (declares && (node === start || /destructure/.test(message)))
      return { kind: 'destructured-nothing', node: parent, subject: node as ts.Expression };
    if (t.isCallExpression(parent) && parent.expression === node && t.isIdentifier(node))
      return { kind: 'call-of-no-function', node: parent, subject: node };
    if (t.isForOfStatement(parent) && parent.expression === node && (node === start || noFunction))
      return { kind: 'other', node: parent.expression, subject: parent.expression };
    if (t.isSpreadElement(parent) && noFunction) return { kind: 'other', node, subject: parent.expression };
    if (t.isFunctionLike(node) || t.isStatement(node)) return undefined;
  }
}

/** The member access whose name, index or assignment the node is. */
function accessAt(
  { ts: t }: SourceProgram,
  node: ts.Node,
): ts.PropertyAccessExpression | ts.ElementAccessExpression | undefined {
  const { parent } = node;
  if (t.isPropertyAccessExpression(parent) && parent.name === node) return parent;
  if (t.isElementAccessExpression(parent) && parent.argumentExpression === node) return parent;
  if (t.isElementAccessExpression(node)) return node;
  // A write is reported at its equals sign.
  if (t.isBinaryExpression(node) && node.operatorToken.kind === t.SyntaxKind.EqualsToken) {
    const { left } = node;
    return t.isPropertyAccessExpression(left) || t.isElementAccessExpression(left) ? left : undefined;
  }
  return undefined;
}

function throughAccess(
  { ts: t }: SourceProgram,
  access: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  noFunction: boolean,
): Thrower {
  const { parent } = access;
  const called = (t.isCallExpression(parent) || t.isNewExpression(parent)) && parent.expression === access;
  if (called && noFunction) return { kind: 'call-of-no-function', node: parent, subject: access };
  // Built-in objects are always there: what they were called with is what is wrong.
  if (called && t.isIdentifier(access.expression) && BUILT_IN.has(access.expression.text)) {
    const [argument] = parent.arguments ?? [];
    return { kind: 'other', node: parent, ...(argument === undefined ? {} : { subject: argument }) };
  }
  if (access.questionDotToken !== undefined) return { kind: 'other', node: access };
  return { kind: 'member-of-nothing', node: access, subject: access.expression };
}

const BUILT_IN = new Set([
  'JSON',
  'Object',
  'Array',
  'Number',
  'Math',
  'Date',
  'Buffer',
  'BigInt',
  'Reflect',
  'Intl',
]);

/** `const { a } = subject`; a pattern in a parameter or within another has no subject with a name. */
function destructured({ ts: t }: SourceProgram, from: ts.Node): Thrower | undefined {
  let pattern = from;
  let depth = 0;
  for (; t.isBindingElement(pattern) || t.isObjectBindingPattern(pattern); pattern = pattern.parent)
    if (t.isObjectBindingPattern(pattern)) depth++;
  if (t.isParameter(pattern)) return { kind: 'destructured-nothing', node: pattern };
  if (!t.isVariableDeclaration(pattern) || pattern.initializer === undefined) return undefined;
  return {
    kind: 'destructured-nothing',
    node: pattern,
    ...(depth === 1 ? { subject: pattern.initializer } : {}),
  };
}

/** The outermost access or call that begins on the line. */
function firstOnLine(
  program: SourceProgram,
  file: ts.SourceFile,
  line: number,
  message: string,
): Thrower | undefined {
  const t = program.ts;
  // The engine's message names the member that was read; a masked message does not.
  const wanted = /\((?:reading|setting) '([^']+)'\)/.exec(message)?.[1];
  const candidates: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (t.isThrowStatement(node) || t.isPropertyAccessExpression(node)) {
      const at = t.isThrowStatement(node) ? node : node.name;
      const starts = file.getLineAndCharacterOfPosition(at.getStart(file)).line + 1;
      if (starts === line && (wanted === undefined || at.getText(file) === wanted)) candidates.push(at);
    }
    t.forEachChild(node, visit);
  };
  visit(file);
  const throwing = candidates.find((node) => t.isThrowStatement(node));
  if (throwing !== undefined) return { kind: 'throw', node: throwing };
  // With several there is no telling which one it was.
  const [only] = candidates;
  return only !== undefined && candidates.length === 1 ? throwerAround(program, only, message) : undefined;
}

function statementAround({ ts: t }: SourceProgram, node: ts.Node): ts.Statement | undefined {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent)
    if (t.isStatement(at) && !t.isBlock(at)) return at;
  return undefined;
}

/** Without parentheses, assertions and the exclamation mark, which say nothing at run time. */
function unwrapped({ ts: t }: SourceProgram, node: ts.Expression): ts.Expression {
  let at = node;
  while (
    t.isParenthesizedExpression(at) ||
    t.isNonNullExpression(at) ||
    t.isAsExpression(at) ||
    t.isSatisfiesExpression(at)
  )
    at = at.expression;
  return at;
}

/** What a local constant was made with; of one bound by a pattern, what the pattern takes apart. */
function originOf(program: SourceProgram, subject: ts.Expression): ts.Expression | undefined {
  const t = program.ts;
  if (!t.isIdentifier(subject)) return undefined;
  let declaration: ts.Node | undefined = program.checker.getSymbolAtLocation(subject)?.valueDeclaration;
  while (declaration !== undefined && t.isBindingElement(declaration))
    declaration = declaration.parent.parent;
  return declaration !== undefined && t.isVariableDeclaration(declaration)
    ? declaration.initializer
    : undefined;
}
