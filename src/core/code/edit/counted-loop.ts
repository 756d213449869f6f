import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import { foldedBinding, itemName } from './item-name.ts';
import type { TextEdit } from './text-edit.ts';
import { declaredWithin, isAssignment, mentions, rootOf, symbolOfName } from './writes.ts';

/** What a counted loop says in its head. */
interface Head {
  readonly loop: ts.ForStatement;
  readonly index: ts.Identifier;
  /** The array that it counts through. */
  readonly items: ts.Expression;
  /** `n` of `let i = 0, n = rows.length`. */
  readonly length?: ts.Identifier;
}

/**
 * The edits that make of `for (let i = 0; i < rows.length; i++)` the for...of loop which takes the same turns: over the
 * items where the body takes them by index, over indexes or both where it needs them. Or why it cannot be had.
 */
export function asForOf(
  program: SourceProgram,
  loop: ts.ForStatement,
): { readonly edits: readonly TextEdit[]; readonly assumes: readonly string[] } | string {
  const head = headOf(program, loop);
  if (typeof head === 'string') return head;
  const { index, items } = head;
  const uses = usesIn(program, head);
  if (typeof uses === 'string') return uses;
  const { text } = loop.getSourceFile();
  const collection = items.getText();
  const edits: TextEdit[] = [];
  let over = `${collection}.keys()`;
  let binding = index.text;
  if (uses.reads.length > 0 && !uses.written) {
    const folded = foldedBinding(program, loop, uses.reads);
    const name = folded?.binding ?? itemName(program, loop, items);
    if (folded !== undefined) edits.push(folded.removed);
    for (const read of uses.reads) {
      if (read === folded?.read) continue;
      edits.push({ start: read.getStart(), end: read.getEnd(), text: name });
    }
    over = uses.others ? `${collection}.entries()` : collection;
    binding = uses.others ? `[${index.text}, ${name}]` : name;
  }
  const start = loop.getStart();
  const end = loop.statement.getStart();
  const gap = /\)(\s*)$/.exec(text.slice(start, end))?.[1] ?? ' ';
  const unknown = (program.checker.getTypeAtLocation(items).flags & program.ts.TypeFlags.Any) !== 0;
  return {
    edits: [{ start, end, text: `for (const ${binding} of ${over})${gap}` }, ...edits],
    assumes: unknown ? [`${collection}: taken to be an array; its type is not known.`] : [],
  };
}

const NOT_COUNTED = 'The loop does not count through an array, from 0 in steps of one to its length.';

function headOf(program: SourceProgram, loop: ts.ForStatement): Head | string {
  const t = program.ts;
  const { initializer, condition, incrementor } = loop;
  if (initializer === undefined || condition === undefined || incrementor === undefined) {
    return 'The loop decides round by round how it goes on.';
  }
  if (!t.isVariableDeclarationList(initializer)) return NOT_COUNTED;
  const [first, second, ...more] = initializer.declarations;
  if (first === undefined || more.length > 0 || !t.isIdentifier(first.name)) return NOT_COUNTED;
  const index = first.name;
  if (first.initializer?.getText() !== '0') return NOT_COUNTED;
  const bound = boundOf(program, condition, index);
  if (bound === undefined || !isStep(program, incrementor, index)) return NOT_COUNTED;
  const items = lengthOf(program, bound) ?? cachedLengthOf(program, loop, bound, second);
  if (items === undefined || !isPath(program, items)) return NOT_COUNTED;
  if (second !== undefined && !(t.isIdentifier(bound) && t.isIdentifier(second.name))) return NOT_COUNTED;
  const from = loop.getSourceFile().text.slice(loop.getStart(), loop.statement.getStart());
  if (/\/[/*]/.test(from)) return 'A comment stands in the head of the loop.';
  const { checker } = program;
  const type = checker.getTypeAtLocation(items);
  const known = checker.getBaseConstraintOfType(type) ?? type;
  if (!(known.isUnion() ? known.types : [known]).every((each) => checker.isArrayLikeType(each))) {
    return `Nothing shows that ${items.getText().slice(0, 40)} is an array, so its items may not be what an iteration gives.`;
  }
  if ((initializer.flags & t.NodeFlags.BlockScoped) === 0 && livesOn(program, loop, index)) {
    return `${index.text} is a var that is used outside of the loop, too.`;
  }
  const length = second !== undefined && t.isIdentifier(second.name) ? second.name : undefined;
  return { loop, index, items, ...(length !== undefined && { length }) };
}

/** What the index stays below. */
function boundOf(
  program: SourceProgram,
  condition: ts.Expression,
  index: ts.Identifier,
): ts.Expression | undefined {
  const t = program.ts;
  if (!t.isBinaryExpression(condition)) return undefined;
  const { left, right } = condition;
  const sign = condition.operatorToken.getText();
  if (/^(<|!==|!=)$/.test(sign) && same(program, left, index)) return right;
  return sign === '>' && same(program, right, index) ? left : undefined;
}

function isStep(program: SourceProgram, step: ts.Expression, index: ts.Identifier): boolean {
  const t = program.ts;
  if (t.isPrefixUnaryExpression(step) || t.isPostfixUnaryExpression(step)) {
    return step.operator === t.SyntaxKind.PlusPlusToken && same(program, step.operand, index);
  }
  if (!t.isBinaryExpression(step) || !same(program, step.left, index)) return false;
  const text = step.getText().replaceAll(/\s/g, '');
  return text === `${index.text}+=1` || text === `${index.text}=${index.text}+1`;
}

/** `rows` of `rows.length`. */
const lengthOf = ({ ts: t }: SourceProgram, node: ts.Expression): ts.Expression | undefined =>
  t.isPropertyAccessExpression(node) && node.name.text === 'length' && node.questionDotToken === undefined
    ? node.expression
    : undefined;

/** The array whose length a name holds, for a name of the head or a constant from which on nobody looks at the array. */
function cachedLengthOf(
  program: SourceProgram,
  loop: ts.ForStatement,
  bound: ts.Expression,
  second: ts.VariableDeclaration | undefined,
): ts.Expression | undefined {
  const t = program.ts;
  if (!t.isIdentifier(bound)) return undefined;
  const declaration = symbolOfName(program, bound)?.valueDeclaration;
  if (declaration === undefined || !t.isVariableDeclaration(declaration)) return undefined;
  const items =
    declaration.initializer === undefined ? undefined : lengthOf(program, declaration.initializer);
  if (items === undefined || declaration === second) return items;
  const constant = (t.getCombinedNodeFlags(declaration) & t.NodeFlags.Const) !== 0;
  const root = rootOf(program, items);
  const symbol = root === undefined ? undefined : symbolOfName(program, root);
  if (!constant || symbol === undefined || root !== items) return undefined;
  const statement = declaration.parent.parent;
  if (!t.isBlock(statement.parent) || statement.parent !== loop.parent) return undefined;
  const between = statement.parent.statements.filter(
    (each) => each.pos >= statement.end && each.end <= loop.pos,
  );
  return between.some((each) => mentions(program, each, new Set([symbol]))) ? undefined : items;
}

/** Names and members alone, so that asking again gives the same. */
function isPath(program: SourceProgram, node: ts.Expression): boolean {
  const t = program.ts;
  if (t.isIdentifier(node) || node.kind === t.SyntaxKind.ThisKeyword) return true;
  if (t.isNonNullExpression(node)) return isPath(program, node.expression);
  return (
    t.isPropertyAccessExpression(node) &&
    node.questionDotToken === undefined &&
    isPath(program, node.expression)
  );
}

function livesOn(program: SourceProgram, loop: ts.ForStatement, index: ts.Identifier): boolean {
  const t = program.ts;
  const symbol = symbolOfName(program, index);
  let found = (symbol?.declarations?.length ?? 0) !== 1;
  const walk = (node: ts.Node): void => {
    if (found || node === loop) return;
    found = t.isIdentifier(node) && node.text === index.text && symbolOfName(program, node) === symbol;
    t.forEachChild(node, walk);
  };
  walk(loop.getSourceFile());
  return found;
}

interface Uses {
  /** `rows[i]`, with its `!` where it has one. */
  readonly reads: readonly ts.Expression[];
  /** True where the index is used in another way, too. */
  readonly others: boolean;
  /** True where `rows[i]` is given another value. */
  readonly written: boolean;
}

function usesIn(program: SourceProgram, { loop, index, items, length }: Head): Uses | string {
  const t = program.ts;
  const reads: ts.Expression[] = [];
  let [others, written] = [false, false];
  let problem: string | undefined;
  const walk = (node: ts.Node): void => {
    if (t.isElementAccessExpression(node) && node.questionDotToken === undefined) {
      const { expression, argumentExpression } = node;
      if (same(program, argumentExpression, index) && sameCollection(program, expression, items)) {
        const asserted = t.isNonNullExpression(node.parent) ? node.parent : node;
        written ||= isChanged(program, asserted);
        if (t.isCallExpression(asserted.parent) && asserted.parent.expression === asserted) {
          problem ??= `${node.getText()} is called, so nothing is known of what a round does.`;
        }
        reads.push(asserted);
        return;
      }
    }
    if (t.isIdentifier(node)) {
      const symbol = symbolOfName(program, node);
      if (symbol === symbolOfName(program, index)) {
        others = true;
        if (isChanged(program, node)) problem ??= `A round changes ${index.text}, by which the loop counts.`;
      } else if (length !== undefined && symbol === symbolOfName(program, length)) {
        problem ??= `The rounds use ${length.text} of the loop's head.`;
      }
    }
    t.forEachChild(node, walk);
  };
  walk(loop.statement);
  return problem ?? { reads, others, written };
}

/** True for what is assigned to, counted up or deleted, also as a part of a pattern. */
function isChanged(program: SourceProgram, node: ts.Expression): boolean {
  const t = program.ts;
  const { parent } = node;
  if (t.isParenthesizedExpression(parent) || t.isAsExpression(parent) || t.isNonNullExpression(parent)) {
    return isChanged(program, parent);
  }
  if (isAssignment(program, parent)) return parent.left === node || isPattern(program, parent);
  if (t.isPrefixUnaryExpression(parent) || t.isPostfixUnaryExpression(parent)) {
    return /^(\+\+|--)|(\+\+|--)$/.test(parent.getText());
  }
  if (t.isForOfStatement(parent) || t.isForInStatement(parent)) return parent.initializer === node;
  return t.isDeleteExpression(parent) || isPattern(program, parent);
}

/** A list or object that stands where something is assigned to. */
function isPattern(program: SourceProgram, node: ts.Node): boolean {
  const t = program.ts;
  if (
    !t.isArrayLiteralExpression(node) &&
    !t.isObjectLiteralExpression(node) &&
    !t.isPropertyAssignment(node) &&
    !t.isSpreadElement(node)
  )
    return false;
  const { parent } = node;
  return (isAssignment(program, parent) && parent.left === node) || isPattern(program, parent);
}

const same = (program: SourceProgram, node: ts.Node, name: ts.Identifier): boolean =>
  program.ts.isIdentifier(node) &&
  node.text === name.text &&
  symbolOfName(program, node) === symbolOfName(program, name);

function sameCollection(program: SourceProgram, node: ts.Expression, items: ts.Expression): boolean {
  if (node.getText() !== items.getText()) return false;
  const [here, there] = [rootOf(program, node), rootOf(program, items)];
  return here === undefined
    ? there === undefined
    : there !== undefined &&
        symbolOfName(program, here) === symbolOfName(program, there) &&
        !declaredWithin(program, here, node);
}
