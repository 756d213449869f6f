import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import type { TextEdit } from './text-edit.ts';

/**
 * The name or pattern that the body's first statement gives to the item (`const row = rows[i];`), with the statement taken
 * out. None where that would lose a comment or a type, or where the item is asked for again under its index.
 */
export function foldedBinding(
  program: SourceProgram,
  loop: ts.ForStatement,
  reads: readonly ts.Expression[],
): { readonly binding: string; readonly read: ts.Expression; readonly removed: TextEdit } | undefined {
  const t = program.ts;
  if (!t.isBlock(loop.statement)) return undefined;
  const [first] = loop.statement.statements;
  if (first === undefined || !t.isVariableStatement(first)) return undefined;
  const { declarations, flags } = first.declarationList;
  const [declaration, ...more] = declarations;
  const read = reads.find((each) => each === declaration?.initializer);
  if (declaration === undefined || more.length > 0 || read === undefined) return undefined;
  if ((flags & t.NodeFlags.Const) === 0 || declaration.type !== undefined) return undefined;
  if (!t.isIdentifier(declaration.name) && reads.length > 1) return undefined;
  const { text } = loop.getSourceFile();
  const lineEnd = text.indexOf('\n', first.getEnd());
  if (lineEnd === -1 || text.slice(first.getEnd(), lineEnd).trim() !== '') return undefined;
  const lineStart = text.lastIndexOf('\n', first.getStart()) + 1;
  if (text.slice(lineStart, first.getStart()).trim() !== '') return undefined;
  // A comment above it speaks of the statement that goes.
  if (text.slice(loop.statement.getStart() + 1, lineStart).trim() !== '') return undefined;
  const blank = /^(?:[\t ]*\r?\n)*/.exec(text.slice(lineEnd + 1))?.[0].length ?? 0;
  return {
    binding: declaration.name.getText(),
    read,
    removed: { start: lineStart, end: lineEnd + 1 + blank, text: '' },
  };
}

const RESERVED =
  /^(break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|type|typeof|undefined|var|void|while|with|yield|await|async|of)$/;

/** A name for one of the items that nothing else in the file has: `row` of `rows`, else `item`. */
export function itemName(program: SourceProgram, loop: ts.Node, items: ts.Expression): string {
  const t = program.ts;
  const taken = namesIn(program, loop.getSourceFile());
  const bare = t.isNonNullExpression(items) ? items.expression : items;
  const many = t.isPropertyAccessExpression(bare) ? bare.name.text : bare.getText();
  const one = singular(many);
  for (const name of [one, 'item', 'each']) if (name !== undefined && !taken.has(name)) return name;
  let serial = 2;
  while (taken.has(`item${serial}`)) serial++;
  return `item${serial}`;
}

function singular(many: string): string | undefined {
  if (!/^[a-z][A-Za-z]{2,}s$/.test(many) || /(ss|us|is|News|Series)$/i.test(many)) return undefined;
  const one = many.endsWith('ies')
    ? many.replace(/ies$/, 'y')
    : many.replace(/(ss|sh|ch|x|us)es$/, '$1').replace(/(?<!s)s$/, '');
  return one === many || one.length < 3 || RESERVED.test(one) ? undefined : one;
}

/** Names that stand for something by themselves, not as members or keys. */
function namesIn(program: SourceProgram, file: ts.SourceFile): ReadonlySet<string> {
  const t = program.ts;
  const names = new Set<string>();
  const walk = (node: ts.Node): void => {
    if (t.isIdentifier(node)) {
      const { parent } = node;
      const member =
        (t.isPropertyAccessExpression(parent) && parent.name === node) ||
        (t.isPropertyAssignment(parent) && parent.name === node) ||
        t.isPropertySignature(parent) ||
        t.isPropertyDeclaration(parent) ||
        t.isMethodDeclaration(parent) ||
        t.isMethodSignature(parent);
      if (!member) names.add(node.text);
    }
    t.forEachChild(node, walk);
  };
  walk(file);
  return names;
}
