import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import { isAssignment, rootOf, symbolOfName } from './writes.ts';

/** Methods and functions that neither wait nor have an effect beyond the collection they belong to. */
const TAME =
  /^(push|set|add|unshift|get|has|at|includes|indexOf|find|findIndex|some|every|filter|map|flatMap|reduce|slice|concat|join|split|trim|toLowerCase|toUpperCase|toString|toFixed|toISOString|getTime|startsWith|endsWith|replace|replaceAll|padStart|padEnd|keys|values|entries|fromEntries|assign|isArray|from|of|max|min|round|floor|ceil|abs|stringify|Number|String|Boolean|BigInt|parseInt|parseFloat|isNaN|isFinite|isInteger)$/;

/** Names made by a round before `tail` that the tail needs beside its `hole`; a sentence where it cannot have them. */
export function carriedNames(
  program: SourceProgram,
  loop: ts.ForOfStatement,
  head: readonly ts.Statement[],
  tail: readonly ts.Statement[],
  hole?: ts.Node,
): readonly string[] | string {
  const t = program.ts;
  const own = new Map<ts.Symbol, string>();
  const declare = (name: ts.BindingName): void => {
    if (!t.isIdentifier(name)) {
      for (const element of name.elements) if (t.isBindingElement(element)) declare(element.name);
      return;
    }
    const symbol = symbolOfName(program, name);
    if (symbol !== undefined) own.set(symbol, name.text);
  };
  if (t.isVariableDeclarationList(loop.initializer))
    loop.initializer.declarations.forEach((each) => declare(each.name));
  for (const statement of head) {
    if (t.isVariableStatement(statement))
      statement.declarationList.declarations.forEach((each) => declare(each.name));
    else if (t.isFunctionDeclaration(statement) || t.isClassDeclaration(statement)) {
      return 'A round declares a function that the rest of it needs.';
    }
  }
  const needed = new Set<string>();
  let assigned: string | undefined;
  const walk = (node: ts.Node): void => {
    if (node === hole) return;
    if (isAssignment(program, node)) {
      const root = rootOf(program, node.left);
      const symbol = root === undefined ? undefined : symbolOfName(program, root);
      if (root !== undefined && root === node.left && symbol !== undefined && own.has(symbol))
        assigned ??= root.text;
    }
    if (t.isIdentifier(node)) {
      const symbol = symbolOfName(program, node);
      const name = symbol === undefined ? undefined : own.get(symbol);
      if (name !== undefined) needed.add(name);
    }
    t.forEachChild(node, walk);
  };
  tail.forEach(walk);
  if (assigned !== undefined) return `${assigned} is assigned again after the await.`;
  return [...new Set(own.values())].filter((name) => needed.has(name));
}

/** Why the rest of a round cannot run after all rounds have waited. */
export function tailProblem(
  program: SourceProgram,
  tail: readonly ts.Statement[],
  hole: ts.AwaitExpression | undefined,
): string | undefined {
  const t = program.ts;
  let problem: string | undefined;
  const walk = (node: ts.Node): void => {
    if (node === hole) return;
    if (t.isThrowStatement(node))
      problem ??= 'A round may throw after its await, after which no further call is made.';
    if (t.isCallExpression(node) && !isTame(program, node)) {
      problem ??= `${node.expression.getText().slice(0, 40)} runs after the await, and its order among the calls may matter.`;
    }
    if (t.isNewExpression(node) && !/^(Date|Map|Set|URL|Array)$/.test(node.expression.getText())) {
      problem ??= `new ${node.expression.getText().slice(0, 40)} runs after the await, and its order among the calls may matter.`;
    }
    t.forEachChild(node, walk);
  };
  tail.forEach(walk);
  return problem;
}

/** True for a call of a method that neither waits nor has an effect beyond the collection it belongs to. */
export function isTame(program: SourceProgram, call: ts.CallExpression): boolean {
  const t = program.ts;
  const callee = call.expression;
  if (t.isPropertyAccessExpression(callee)) return TAME.test(callee.name.text);
  return t.isIdentifier(callee) && TAME.test(callee.text);
}
