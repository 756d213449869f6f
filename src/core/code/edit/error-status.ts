import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';

const NAMED: readonly (readonly [RegExp, number])[] = [
  [/not_?found/i, 404],
  [/bad_?request|invalid_?(argument|input|param|quer)/i, 400],
  [/unprocessable|validation/i, 422],
];
const isStatus = (status: number): boolean => Number.isInteger(status) && status >= 400 && status < 500;

/** Client-error status that an error or an answer carries, as far as its source says; null where it does not. */
export function statusOf(program: SourceProgram, node: ts.NewExpression | ts.CallExpression): number | null {
  const t = program.ts;
  const texts = (node.arguments ?? []).map((argument) => argument.getText());
  const given = texts.map(statusIn).find((status) => status !== null);
  if (t.isCallExpression(node))
    return answerStatus(program, node) ?? (/error/i.test(node.expression.getText()) ? (given ?? null) : null);
  return declaredStatus(program, node.expression, 0) ?? given ?? named(node.expression.getText());
}

function statusIn(text: string): number | null {
  if (/^\d{3}$/.test(text)) return isStatus(Number(text)) ? Number(text) : null;
  return /^[\w.]+\.[A-Z_]+$/i.test(text) ? named(text.split('.').at(-1) ?? '') : null;
}

const named = (name: string): number | null => NAMED.find(([pattern]) => pattern.test(name))?.[1] ?? null;

/** `404` of `response.status(404).json(...)` and `response.sendStatus(404)`. */
function answerStatus({ ts: t }: SourceProgram, node: ts.CallExpression): number | null {
  for (let at: ts.Expression = node; t.isCallExpression(at);) {
    if (!t.isPropertyAccessExpression(at.expression)) return null;
    const [argument] = at.arguments;
    if (/^(status|sendStatus|code)$/.test(at.expression.name.text) && argument !== undefined)
      return statusIn(argument.getText());
    at = at.expression.expression;
  }
  return null;
}

/** What the class (or one that it extends) hands to `super` or keeps as its status. */
function declaredStatus(program: SourceProgram, expression: ts.Expression, depth: number): number | null {
  const { ts: t, checker } = program;
  let symbol = checker.getSymbolAtLocation(expression);
  if (symbol !== undefined && (symbol.flags & t.SymbolFlags.Alias) !== 0)
    symbol = checker.getAliasedSymbol(symbol);
  const declaration = symbol?.valueDeclaration;
  if (declaration === undefined || !t.isClassLike(declaration) || depth > 4) return null;
  let found: number | null = null;
  const visit = (node: ts.Node): void => {
    const value =
      t.isCallExpression(node) && node.expression.kind === t.SyntaxKind.SuperKeyword
        ? node.arguments[0]
        : t.isPropertyDeclaration(node) && /^status(Code)?$/.test(node.name.getText())
          ? node.initializer
          : t.isBinaryExpression(node) && /^this\.status(Code)?$/.test(node.left.getText())
            ? node.right
            : undefined;
    if (value !== undefined) found ??= statusIn(value.getText());
    t.forEachChild(node, visit);
  };
  visit(declaration);
  const parent = declaration.heritageClauses?.[0]?.types[0]?.expression;
  return found ?? (parent === undefined ? null : declaredStatus(program, parent, depth + 1));
}
