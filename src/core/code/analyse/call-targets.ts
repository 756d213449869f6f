import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';

/**
 * Functions of the workspace that an expression may name when it is called or handed on: functions, methods (of all classes
 * that implement an interface), and what a wrapper such as `asyncHandler(...)` was given. Empty where it leads out of the workspace.
 */
export function targetsOf(program: SourceProgram, expression: ts.Expression): readonly ts.Node[] {
  const t = program.ts;
  const bare = unwrapped(program, expression);
  if (t.isFunctionExpression(bare) || t.isArrowFunction(bare)) return [bare];
  if (t.isPropertyAccessExpression(bare) && /^(bind|call|apply)$/.test(bare.name.text)) {
    return targetsOf(program, bare.expression);
  }
  const name = t.isPropertyAccessExpression(bare) ? bare.name : t.isIdentifier(bare) ? bare : undefined;
  if (name === undefined) return [];
  const symbol = symbolAt(program, name);
  if (symbol === undefined) return t.isPropertyAccessExpression(bare) ? onlyOneNamed(program, name.text) : [];
  return (symbol.declarations ?? []).flatMap((declaration) => bodiesOf(program, declaration));
}

/** Without parentheses, casts and non-null assertions. */
export function unwrapped(program: SourceProgram, expression: ts.Expression): ts.Expression {
  const t = program.ts;
  if (t.isCallExpression(expression) && t.isPropertyAccessExpression(expression.expression)) {
    // `controller.list.bind(controller)` names what it binds.
    return expression.expression.name.text === 'bind' ? expression.expression : expression;
  }
  if (
    t.isParenthesizedExpression(expression) ||
    t.isAsExpression(expression) ||
    t.isNonNullExpression(expression) ||
    t.isSatisfiesExpression(expression)
  ) {
    return unwrapped(program, expression.expression);
  }
  return expression;
}

/** What a name stands for, imports followed. */
export function symbolAt(program: SourceProgram, name: ts.Node): ts.Symbol | undefined {
  const symbol = program.checker.getSymbolAtLocation(name);
  if (symbol === undefined || (symbol.flags & program.ts.SymbolFlags.Alias) === 0) return symbol;
  const target = program.checker.getAliasedSymbol(symbol);
  return target.declarations === undefined ? undefined : target;
}

function bodiesOf(program: SourceProgram, declaration: ts.Declaration): readonly ts.Node[] {
  const t = program.ts;
  if (program.pathOf(declaration.getSourceFile()) === undefined) return [];
  if (t.isFunctionLike(declaration) && 'body' in declaration && declaration.body !== undefined)
    return [declaration];
  if (
    t.isMethodSignature(declaration) ||
    t.isPropertySignature(declaration) ||
    t.isMethodDeclaration(declaration)
  ) {
    return implementationsOf(program, declaration);
  }
  if (t.isShorthandPropertyAssignment(declaration)) {
    const value = program.checker.getShorthandAssignmentValueSymbol(declaration);
    return (value?.declarations ?? []).flatMap((each) =>
      each === declaration ? [] : bodiesOf(program, each),
    );
  }
  if (
    t.isVariableDeclaration(declaration) ||
    t.isPropertyAssignment(declaration) ||
    t.isPropertyDeclaration(declaration)
  ) {
    return declaration.initializer === undefined ? [] : valuesOf(program, declaration.initializer);
  }
  if (t.isExportAssignment(declaration)) return valuesOf(program, declaration.expression);
  // `exports.list = ...` and `Thing.prototype.list = ...`
  if (t.isBinaryExpression(declaration)) return valuesOf(program, declaration.right);
  if (t.isBinaryExpression(declaration.parent)) return valuesOf(program, declaration.parent.right);
  return [];
}

/** Functions in an initial value: itself, or what a call around it was given. */
function valuesOf(program: SourceProgram, value: ts.Expression): readonly ts.Node[] {
  const t = program.ts;
  const bare = unwrapped(program, value);
  if (t.isFunctionExpression(bare) || t.isArrowFunction(bare)) return [bare];
  if (t.isCallExpression(bare)) return bare.arguments.flatMap((argument) => valuesOf(program, argument));
  return t.isPropertyAccessExpression(bare) ? targetsOf(program, bare) : [];
}

/** Methods of the classes of the workspace that implement (or extend) the type which declares this one. */
function implementationsOf(
  program: SourceProgram,
  declaration: ts.SignatureDeclaration | ts.PropertySignature,
): readonly ts.Node[] {
  const t = program.ts;
  const owner = declaration.parent;
  if (!t.isInterfaceDeclaration(owner) && !t.isClassLike(owner)) return [];
  const wanted = owner.name === undefined ? undefined : program.checker.getSymbolAtLocation(owner.name);
  const name = declaration.name?.getText();
  if (wanted === undefined || name === undefined) return [];
  return classesOf(program).flatMap((each) => {
    const bases = each.heritageClauses?.flatMap((clause) => [...clause.types]) ?? [];
    if (!bases.some((base) => symbolAt(program, base.expression) === wanted)) return [];
    const member = each.members.find((one) => one.name?.getText() === name);
    if (member === undefined) return [];
    if (t.isMethodDeclaration(member)) return member.body === undefined ? [] : [member];
    return t.isPropertyDeclaration(member) && member.initializer !== undefined
      ? valuesOf(program, member.initializer)
      : [];
  });
}

const classes = new WeakMap<SourceProgram, readonly ts.ClassDeclaration[]>();

function classesOf(program: SourceProgram): readonly ts.ClassDeclaration[] {
  const known = classes.get(program);
  if (known !== undefined) return known;
  const found = program.files.flatMap((file) => file.statements.filter(program.ts.isClassDeclaration));
  classes.set(program, found);
  return found;
}

const methods = new WeakMap<SourceProgram, Map<string, ts.Node[]>>();

/** Where types are unknown: the one method of the workspace with a name that says something. */
function onlyOneNamed(program: SourceProgram, name: string): readonly ts.Node[] {
  if (name.length < 5) return [];
  const named = methods.get(program) ?? new Map<string, ts.Node[]>();
  if (!methods.has(program)) {
    methods.set(program, named);
    for (const method of methodsOf(program)) {
      const key = method.name.getText();
      named.set(key, [...(named.get(key) ?? []), method]);
    }
  }
  const found = named.get(name) ?? [];
  return found.length === 1 ? found : [];
}

function methodsOf(program: SourceProgram): readonly ts.MethodDeclaration[] {
  return classesOf(program).flatMap((each) =>
    each.members.filter(program.ts.isMethodDeclaration).filter((method) => method.body !== undefined),
  );
}
