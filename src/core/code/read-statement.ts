import type { Expr } from './facts.ts';
import { bindHidden, propertyKey, readExpression } from './read-expression.ts';
import { bindDeclared, hintOfReturn, readClass, readFunction } from './read-function.ts';
import { exportLocal, hasModifier, readModuleStatement } from './read-module.ts';
import {
  bind,
  collectSteps,
  declare,
  declareVar,
  inBlock,
  OTHER,
  typeNameOf,
  type Reading,
} from './reading.ts';
import type { ts } from './ts.ts';

/** Reads the statements of one block; names that it declares are known from its start. */
export function readStatements(r: Reading, statements: readonly ts.Statement[]): void {
  for (const statement of statements) predeclare(r, statement);
  for (const statement of statements) readStatement(r, statement);
}

function predeclare(r: Reading, statement: ts.Statement): void {
  const t = r.ts;
  if (t.isVariableStatement(statement)) {
    if ((statement.declarationList.flags & t.NodeFlags.BlockScoped) === 0) return;
    for (const declaration of statement.declarationList.declarations) predeclareName(r, declaration.name);
  } else if (
    t.isFunctionDeclaration(statement) ||
    t.isClassDeclaration(statement) ||
    t.isEnumDeclaration(statement)
  ) {
    if (statement.name !== undefined) declare(r, statement.name.text);
  }
}

function predeclareName(r: Reading, name: ts.BindingName): void {
  if (r.ts.isIdentifier(name)) {
    declare(r, name.text);
    return;
  }
  for (const element of name.elements) if (r.ts.isBindingElement(element)) predeclareName(r, element.name);
}

function readStatement(r: Reading, node: ts.Statement): void {
  const t = r.ts;
  if (t.isExpressionStatement(node)) {
    r.steps.push({ k: 'do', value: readExpression(r, node.expression) });
  } else if (t.isVariableStatement(node)) {
    readDeclarations(r, node.declarationList, hasModifier(r, node, t.SyntaxKind.ExportKeyword));
  } else if (t.isReturnStatement(node)) {
    if (node.expression !== undefined)
      r.steps.push({ k: 'return', value: readExpression(r, node.expression, hintOfReturn(r)) });
  } else if (t.isFunctionDeclaration(node)) readFunctionDeclaration(r, node);
  else if (t.isClassDeclaration(node)) {
    const name = declare(r, node.name?.text ?? '~default');
    bindDeclared(r, { k: 'class', name, cls: readClass(r, node) });
    exportLocal(r, node, name, node.name?.text);
  } else if (t.isBlock(node)) inBlock(r, () => readStatements(r, node.statements));
  else if (t.isIfStatement(node)) {
    readExpression(r, node.expression);
    readNested(r, node.thenStatement);
    if (node.elseStatement !== undefined) readNested(r, node.elseStatement);
  } else if (t.isForOfStatement(node) || t.isForInStatement(node)) readForEach(r, node);
  else if (t.isForStatement(node)) {
    inBlock(r, () => {
      if (node.initializer !== undefined) readInitializer(r, node.initializer);
      if (node.condition !== undefined) readExpression(r, node.condition);
      if (node.incrementor !== undefined) readExpression(r, node.incrementor);
      readNested(r, node.statement);
    });
  } else if (t.isWhileStatement(node) || t.isDoStatement(node)) {
    readExpression(r, node.expression);
    readNested(r, node.statement);
  } else if (t.isTryStatement(node)) {
    readNested(r, node.tryBlock);
    if (node.catchClause !== undefined) readNested(r, node.catchClause.block);
    if (node.finallyBlock !== undefined) readNested(r, node.finallyBlock);
  } else if (t.isSwitchStatement(node)) {
    readExpression(r, node.expression);
    inBlock(r, () => {
      for (const clause of node.caseBlock.clauses) readStatements(r, clause.statements);
    });
  } else if (t.isLabeledStatement(node)) readNested(r, node.statement);
  else if (t.isThrowStatement(node)) readExpression(r, node.expression);
  else if (t.isEnumDeclaration(node)) readEnum(r, node);
  else if (t.isModuleDeclaration(node)) {
    const { body } = node;
    if (body !== undefined && t.isModuleBlock(body)) inBlock(r, () => readStatements(r, body.statements));
  } else readModuleStatement(r, node);
}

function readNested(r: Reading, node: ts.Statement): void {
  if (r.ts.isBlock(node)) inBlock(r, () => readStatements(r, node.statements));
  else readStatement(r, node);
}

function readFunctionDeclaration(r: Reading, node: ts.FunctionDeclaration): void {
  if (node.body === undefined) return;
  const name = declare(r, node.name?.text ?? '~default');
  const fn = readFunction(r, node, node.name === undefined ? { name: 'default', naming: 'own' } : undefined);
  bindDeclared(r, { k: 'function', name, fn });
  exportLocal(r, node, name, node.name?.text);
}

function readInitializer(r: Reading, node: ts.ForInitializer): void {
  if (r.ts.isVariableDeclarationList(node)) readDeclarations(r, node, false);
  else readExpression(r, node);
}

function readDeclarations(r: Reading, list: ts.VariableDeclarationList, exported: boolean): void {
  const t = r.ts;
  const isVar = (list.flags & t.NodeFlags.BlockScoped) === 0;
  for (const declaration of list.declarations) {
    if (!t.isIdentifier(declaration.name)) {
      const value =
        declaration.initializer === undefined ? OTHER : readExpression(r, declaration.initializer);
      readPattern(
        r,
        declaration.name,
        value.k === 'name' || value.k === 'import' ? value : bindHidden(r, value),
        exported,
      );
      continue;
    }
    const { text } = declaration.name;
    const name = isVar ? declareVar(r, text) : declare(r, text);
    const type = typeNameOf(r, declaration.type);
    const init =
      declaration.initializer === undefined
        ? undefined
        : readExpression(r, declaration.initializer, { name: text, naming: 'own', at: declaration.name });
    bind(r, { k: 'value', name, ...(init !== undefined && { init }), ...(type !== undefined && { type }) });
    if (init !== undefined) r.steps.push({ k: 'bind', name, value: init });
    if (exported) r.exports.push({ name: text, value: { k: 'name', name } });
  }
}

/** Binds every name of a destructuring pattern to the part of `source` that it takes. */
export function readPattern(r: Reading, pattern: ts.BindingPattern, source: Expr, exported = false): void {
  const t = r.ts;
  pattern.elements.forEach((element, index) => {
    if (!t.isBindingElement(element)) return;
    const key = element.propertyName ?? (t.isIdentifier(element.name) ? element.name : undefined);
    const part = t.isArrayBindingPattern(pattern)
      ? ({ k: 'element', object: source, index: { k: 'number', value: index } } as const)
      : element.dotDotDotToken !== undefined
        ? source
        : member(source, key === undefined ? OTHER : propertyKey(r, key));
    const fallback = element.initializer === undefined ? undefined : readExpression(r, element.initializer);
    const value: Expr = fallback === undefined ? part : { k: 'either', op: 'or', options: [part, fallback] };
    if (!t.isIdentifier(element.name)) {
      readPattern(r, element.name, value, exported);
      return;
    }
    const name = declare(r, element.name.text);
    bind(r, { k: 'value', name, init: value });
    r.steps.push({ k: 'bind', name, value });
    if (exported) r.exports.push({ name: element.name.text, value: { k: 'name', name } });
  });
}

const member = (object: Expr, key: string | Expr): Expr =>
  typeof key === 'string' ? { k: 'member', object, name: key } : { k: 'element', object, index: key };

function readForEach(r: Reading, node: ts.ForOfStatement | ts.ForInStatement): void {
  const t = r.ts;
  const of = readExpression(r, node.expression);
  inBlock(r, () => {
    const variable = t.isVariableDeclarationList(node.initializer)
      ? node.initializer.declarations[0]?.name
      : undefined;
    const plain = variable !== undefined && t.isIdentifier(variable) ? variable.text : `~${++r.serial}`;
    const name = declare(r, plain);
    bind(r, { k: 'value', name });
    const body = collectSteps(r, () => {
      if (variable !== undefined && !t.isIdentifier(variable)) readPattern(r, variable, { k: 'name', name });
      readNested(r, node.statement);
    });
    r.steps.push({ k: 'each', name, keys: t.isForInStatement(node), of, body });
  });
}

function readEnum(r: Reading, node: ts.EnumDeclaration): void {
  const t = r.ts;
  const name = declare(r, node.name.text);
  const entries = node.members.map((m, index) => ({
    key: propertyKey(r, m.name),
    value:
      m.initializer === undefined
        ? ({ k: 'number', value: index } as const)
        : readExpression(r, m.initializer),
  }));
  const init: Expr = { k: 'object', entries };
  bind(r, { k: 'value', name, init });
  r.steps.push({ k: 'bind', name, value: init });
  if (hasModifier(r, node, t.SyntaxKind.ExportKeyword)) {
    r.exports.push({ name: node.name.text, value: { k: 'name', name } });
  }
}
