import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import { walkOwn } from './loop-flow.ts';
import { symbolOfName, type Write } from './writes.ts';

/** What rounds add to one array, wherever in them, and look at nowhere: each can add it to an array of its own. */
export interface Gathered {
  readonly k: 'gather';
  readonly target: ts.Identifier;
  /** Statements' calls such as `rows.push(row)`. */
  readonly pushes: readonly ts.CallExpression[];
  /** Type of an array of the round's own, as it is written; empty where the file has none for this array. */
  readonly type: string;
}

/** The form of a loop whose changes to what outlives a round are these alone; undefined for other changes. */
export function gatheredBy(
  program: SourceProgram,
  loop: ts.ForOfStatement,
  changes: readonly Write[],
): Gathered | undefined {
  const t = program.ts;
  const [first] = changes;
  if (first === undefined || !t.isIdentifier(first.target)) return undefined;
  const { target } = first;
  const symbol = symbolOfName(program, target);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || !t.isVariableDeclaration(declaration))
    return undefined;
  const changed = new Set(changes.map(({ node }) => node));
  const pushes: ts.CallExpression[] = [];
  // What a function within the round adds may come when the round is over.
  walkOwn(program, loop.statement, (node) => {
    if (!changed.has(node) || !t.isCallExpression(node) || !t.isExpressionStatement(node.parent)) return;
    const { expression } = node;
    const isPush = t.isPropertyAccessExpression(expression) && expression.name.text === 'push';
    if (
      isPush &&
      t.isIdentifier(expression.expression) &&
      symbolOfName(program, expression.expression) === symbol
    )
      pushes.push(node);
  });
  if (pushes.length !== changes.length || pushes.length !== usesOf(program, loop.statement, symbol))
    return undefined;
  const type = program.checker.getTypeAtLocation(target);
  if (!program.checker.isArrayType(type) && (type.flags & t.TypeFlags.Any) === 0) return undefined;
  return { k: 'gather', target, pushes, type: typeOf(program, declaration) };
}

function usesOf(program: SourceProgram, within: ts.Node, symbol: ts.Symbol): number {
  let uses = 0;
  const walk = (node: ts.Node): void => {
    if (program.ts.isIdentifier(node) && symbolOfName(program, node) === symbol) uses++;
    program.ts.forEachChild(node, walk);
  };
  walk(within);
  return uses;
}

function typeOf({ ts: t }: SourceProgram, { name, type, initializer }: ts.VariableDeclaration): string {
  if (/\.[cm]?jsx?$/.test(name.getSourceFile().fileName)) return '';
  if (type !== undefined) return type.getText();
  const empty =
    initializer !== undefined && t.isArrayLiteralExpression(initializer) && initializer.elements.length === 0;
  // An empty array without a type gets one from what is added, and so does the round's.
  return empty ? '' : `typeof ${name.getText()}`;
}
