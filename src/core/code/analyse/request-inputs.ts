import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';

const PARTS = new Map([
  ['params', 'path'],
  ['query', 'query'],
  ['body', 'body'],
]);
const MOST_STEPS = 8;

/** Request inputs that a piece of code is made of: `path.customerId`, `query.sort`, `body.lines`; in order of appearance. */
export function requestInputs(program: SourceProgram, root: ts.Node): readonly string[] {
  const found = new Set<string>();
  const visited = new Set<ts.Node>();
  const visit = (node: ts.Node, steps: number): void => {
    if (steps > MOST_STEPS || visited.has(node)) return;
    visited.add(node);
    const path = isReference(program, node) ? pathOf(program, node, 0) : null;
    const input = path === null ? null : inputOf(path);
    if (input !== null) {
      found.add(input);
      return;
    }
    if (program.ts.isIdentifier(node)) {
      for (const source of sourcesOf(program, node)) visit(source, steps + 1);
      return;
    }
    program.ts.forEachChild(node, (child) => {
      const { parent } = child;
      if (program.ts.isPropertyAccessExpression(parent) && parent.name === child) return;
      if (program.ts.isPropertyAssignment(parent) && parent.name === child) return;
      visit(child, steps);
    });
  };
  visit(root, 0);
  return [...found];
}

const isReference = ({ ts: t }: SourceProgram, node: ts.Node): node is ts.Expression =>
  t.isPropertyAccessExpression(node) || t.isElementAccessExpression(node) || t.isIdentifier(node);

/** `['', 'params', 'id']` of `request.params.id`: names from a parameter (the empty name) inwards; null for anything else. */
function pathOf(program: SourceProgram, node: ts.Expression, steps: number): readonly string[] | null {
  const t = program.ts;
  if (steps > MOST_STEPS) return null;
  if (t.isParenthesizedExpression(node) || t.isAsExpression(node) || t.isNonNullExpression(node))
    return pathOf(program, node.expression, steps);
  if (t.isPropertyAccessExpression(node)) {
    const inner = pathOf(program, node.expression, steps);
    return inner && [...inner, node.name.text];
  }
  if (t.isElementAccessExpression(node)) {
    const inner = pathOf(program, node.expression, steps);
    return inner && t.isStringLiteral(node.argumentExpression)
      ? [...inner, node.argumentExpression.text]
      : null;
  }
  // A schema gives back what it was given: `listing.parse(request.query)`.
  if (t.isCallExpression(node)) {
    const parts = node.arguments
      .map((argument) => pathOf(program, argument, steps + 1))
      .filter((path) => path !== null && PARTS.has(path.at(-1) ?? ''));
    return parts.length === 1 ? (parts[0] ?? null) : null;
  }
  if (t.isAwaitExpression(node)) return pathOf(program, node.expression, steps);
  if (!t.isIdentifier(node)) return null;
  const declaration = program.checker.getSymbolAtLocation(node)?.valueDeclaration;
  if (declaration === undefined) return null;
  if (t.isParameter(declaration)) return [''];
  if (t.isVariableDeclaration(declaration))
    return declaration.initializer === undefined ? null : pathOf(program, declaration.initializer, steps + 1);
  return t.isBindingElement(declaration) ? boundPath(program, declaration, steps + 1) : null;
}

function boundPath(
  program: SourceProgram,
  element: ts.BindingElement,
  steps: number,
): readonly string[] | null {
  const t = program.ts;
  const name = element.propertyName ?? element.name;
  if (!t.isIdentifier(name) || element.dotDotDotToken !== undefined) return null;
  const holder = element.parent.parent;
  const outer = t.isBindingElement(holder)
    ? boundPath(program, holder, steps)
    : t.isParameter(holder)
      ? ['']
      : holder.initializer === undefined
        ? null
        : pathOf(program, holder.initializer, steps);
  return outer && [...outer, name.text];
}

function inputOf(path: readonly string[]): string | null {
  const at = path.findIndex((name, i) => i > 0 && PARTS.has(name));
  const [part, name] = [path[at], path[at + 1]];
  // Deeper than a context's own request it is somebody else's `params`.
  return at < 1 || at > 2 || part === undefined || name === undefined ? null : `${PARTS.get(part)}.${name}`;
}

/** Expressions that a name gets its value from: its initialiser, what is looped over, what callers hand in. */
function sourcesOf(program: SourceProgram, name: ts.Identifier): readonly ts.Node[] {
  const t = program.ts;
  let declaration: ts.Node | undefined = program.checker.getSymbolAtLocation(name)?.valueDeclaration;
  while (declaration !== undefined && t.isBindingElement(declaration))
    declaration = declaration.parent.parent;
  if (declaration === undefined) return [];
  if (t.isVariableDeclaration(declaration)) {
    const holder = declaration.parent.parent;
    if (t.isForOfStatement(holder)) return [holder.expression];
    return declaration.initializer === undefined ? [] : [declaration.initializer];
  }
  if (!t.isParameter(declaration)) return [];
  const fn = declaration.parent;
  const call = fn.parent;
  if (t.isCallExpression(call) && t.isPropertyAccessExpression(call.expression) && isFunction(t, fn))
    return [call.expression.expression];
  return argumentsFor(program, declaration);
}

const isFunction = (t: typeof ts, node: ts.Node): boolean =>
  t.isArrowFunction(node) || t.isFunctionExpression(node);

/** What the only caller in the same file hands in for a parameter; empty where there is not exactly one. */
function argumentsFor(program: SourceProgram, parameter: ts.ParameterDeclaration): readonly ts.Node[] {
  const t = program.ts;
  const fn = parameter.parent;
  const index = fn.parameters.indexOf(parameter);
  const own = fn.name === undefined ? undefined : program.checker.getSymbolAtLocation(fn.name);
  const calls: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (t.isCallExpression(node) && own !== undefined) {
      const { expression } = node;
      const callee = t.isPropertyAccessExpression(expression) ? expression.name : expression;
      if (program.checker.getSymbolAtLocation(callee) === own) calls.push(node);
    }
    t.forEachChild(node, visit);
  };
  visit(fn.getSourceFile());
  const argument = calls.length === 1 ? calls[0]?.arguments[index] : undefined;
  return argument === undefined ? [] : [argument];
}
