import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import { mentions, symbolOfName } from './writes.ts';

/** An empty collection declared right before the loop that fills it: both become one declaration. */
export interface Merged {
  readonly start: number;
  /** `const rows: Row[]`. */
  readonly declaration: string;
  /** What it is made by: `new Map<string, number>`; empty for an array literal. */
  readonly made: string;
}

export function mergeable(
  program: SourceProgram,
  loop: ts.ForOfStatement,
  target: ts.Identifier,
): Merged | undefined {
  const t = program.ts;
  const declaration = symbolOfName(program, target)?.valueDeclaration;
  if (declaration === undefined || !t.isVariableDeclaration(declaration)) return undefined;
  const { initializer, parent: list } = declaration;
  if (initializer === undefined || !t.isVariableDeclarationList(list) || list.declarations.length !== 1)
    return undefined;
  const statement = list.parent;
  if (!t.isVariableStatement(statement) || statement.parent !== loop.parent) return undefined;
  const { text } = loop.getSourceFile();
  if (text.slice(statement.getEnd(), loop.getStart()).trim() !== '') return undefined;
  const symbol = symbolOfName(program, target);
  if (symbol === undefined || mentions(program, loop.expression, new Set([symbol]))) return undefined;
  const made = emptyCollection(program, initializer);
  if (made === undefined) return undefined;
  return {
    start: statement.getStart(),
    declaration: text.slice(statement.getStart(), declaration.type?.getEnd() ?? declaration.name.getEnd()),
    made,
  };
}

function emptyCollection(program: SourceProgram, value: ts.Expression): string | undefined {
  const t = program.ts;
  if (t.isArrayLiteralExpression(value)) return value.elements.length === 0 ? '' : undefined;
  if (!t.isNewExpression(value) || (value.arguments?.length ?? 0) > 0) return undefined;
  const types = value.typeArguments?.map((type) => type.getText()).join(', ');
  const name = value.expression.getText();
  if (name !== 'Map' && name !== 'Set') return undefined;
  return `new ${name}${types === undefined ? '' : `<${types}>`}`;
}
