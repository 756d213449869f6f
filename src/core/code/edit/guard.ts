import type { Position } from '../../model/handler.ts';
import type { GuardRewrite, ThrowSite } from '../analysis.ts';
import { functionAt, offsetAt } from '../analyse/sites.ts';
import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import { refusalFor } from './refusal.ts';
import { indentAt, styleOf } from './style.ts';

const refused = (reason: string): GuardRewrite => ({ k: 'refused', reason });

/** Puts a check before the line that throws, answering by the handler's own error path. */
export function guard(
  program: SourceProgram,
  site: ThrowSite,
  handler: { readonly file: string; readonly start: Position },
  models: readonly string[],
): GuardRewrite {
  const t = program.ts;
  const file = program.fileAt(site.site.file);
  if (file === undefined) return refused(`${site.site.file} cannot be read.`);
  if (site.kind === 'throw')
    return refused('The error is thrown on purpose here, there is no missing value to check for.');
  if (site.kind !== 'member-of-nothing' && site.kind !== 'destructured-nothing')
    return refused('What fails here is not the use of a missing value, so no check can be put before it.');
  const thrower = nodeOver(program, file, site.site);
  const statement = nodeOver(program, file, site.statement);
  const subject = thrower === undefined ? undefined : subjectOf(program, thrower);
  if (thrower === undefined || statement === undefined || subject?.getText(file) !== site.subject)
    return refused('The file has changed since the cause was found.');
  if (subject === undefined || !isPlain(program, subject))
    return refused('The value that is missing has no name of its own that could be checked first.');
  const why = whyNotBefore(program, statement, thrower, subject);
  if (why !== null) return refused(why);
  const [input] = site.inputs;
  if (input === undefined)
    return refused(
      `It cannot be told which input of the request \`${site.subject}\` comes from, so neither what to answer.`,
    );

  const handlerFile = program.fileAt(handler.file);
  const handling = handlerFile && functionAt(program, handlerFile, handler.start);
  const around = functionAround(program, statement);
  const inHandler = around !== undefined && around === handling;
  if (!inHandler && (around === undefined || t.isArrowFunction(around) || t.isFunctionExpression(around)))
    return refused(
      'The line stands in a function within the handler, where a check could not end the request.',
    );

  const refusal = refusalFor(program, {
    file,
    subject,
    input,
    status: input.startsWith('path.') ? [404] : [422, 400],
    models: [site.site.file, handler.file, ...models],
    before: statement,
    ...(inHandler && t.isFunctionLike(around) ? { handler: around } : {}),
  });
  if (refusal === null)
    return refused(
      `${inHandler ? 'The handler has no parameter that is known for the response' : 'The line is not in the handler itself'}, and no error class is in use here that says what its answer should be.`,
    );
  const style = styleOf(file.text);
  const lead = leadOf(program, file, statement);
  const eol = file.text.includes('\r\n') ? '\r\n' : '\n';
  const condition = conditionFor(program, subject);
  const end = style.semicolon;
  // Without its semicolon a line would go on in one that begins so.
  const single = `${lead.indent}if (${condition}) ${refusal.statement}${/^[([`+\-/]/.test(statement.getText(file)) ? ';' : end}`;
  const inside = `${lead.indent}${lead.unit}`;
  const text =
    refusal.ends && single.length <= Math.max(100, style.width)
      ? single
      : [
          `${lead.indent}if (${condition}) {`,
          `${inside}${refusal.statement}${end}`,
          ...(refusal.ends ? [] : [`${inside}return${end}`]),
          `${lead.indent}}`,
        ].join(eol);
  const after = withoutAssertion(program, file, statement, subject);
  const body =
    file.text.slice(0, lead.offset) +
    text +
    eol +
    file.text.slice(lead.offset, statement.getStart(file)) +
    after +
    file.text.slice(statement.getEnd());
  return { k: 'text', newText: refusal.imports(body), status: refusal.status, how: refusal.how };
}

function nodeOver(
  program: SourceProgram,
  file: ts.SourceFile,
  site: { readonly start: Position; readonly end: Position },
): ts.Node | undefined {
  const [start, end] = [offsetAt(file, site.start), offsetAt(file, site.end)];
  const find = (node: ts.Node): ts.Node | undefined => {
    if (node.getStart(file) > start || node.getEnd() < end) return undefined;
    if (node.getStart(file) === start && node.getEnd() === end && !program.ts.isSourceFile(node)) return node;
    return program.ts.forEachChild(node, find);
  };
  return find(file);
}

function subjectOf({ ts: t }: SourceProgram, thrower: ts.Node): ts.Expression | undefined {
  let at =
    t.isPropertyAccessExpression(thrower) || t.isElementAccessExpression(thrower)
      ? thrower.expression
      : t.isVariableDeclaration(thrower)
        ? thrower.initializer
        : undefined;
  while (
    at !== undefined &&
    (t.isParenthesizedExpression(at) || t.isNonNullExpression(at) || t.isAsExpression(at))
  )
    at = at.expression;
  return at;
}

/** A name or a path of names: looking at it twice does nothing. */
function isPlain({ ts: t }: SourceProgram, node: ts.Expression): boolean {
  let at = node;
  for (;;) {
    if (t.isIdentifier(at) || at.kind === t.SyntaxKind.ThisKeyword) return true;
    if (t.isNonNullExpression(at)) at = at.expression;
    else if (t.isPropertyAccessExpression(at)) at = at.expression;
    else if (
      t.isElementAccessExpression(at) &&
      (t.isIdentifier(at.argumentExpression) || t.isLiteralExpression(at.argumentExpression))
    )
      at = at.expression;
    else return false;
  }
}

/** Why a check before the statement would not say the same as the use within it; null where it would. */
function whyNotBefore(
  program: SourceProgram,
  statement: ts.Node,
  thrower: ts.Node,
  subject: ts.Expression,
): string | null {
  const t = program.ts;
  const { parent } = statement;
  if (!t.isBlock(parent) && !t.isCaseOrDefaultClause(parent))
    return 'The line is not a statement of its own in a block.';
  for (let node = thrower; node !== statement; node = node.parent) {
    const outer = node.parent;
    if (t.isFunctionLike(node))
      return 'The value is used in a callback within the statement, which a check before it would not see.';
    const sometimes =
      (t.isConditionalExpression(outer) && outer.condition !== node) ||
      (t.isBinaryExpression(outer) &&
        outer.right === node &&
        ['&&', '||', '??'].includes(outer.operatorToken.getText()));
    const repeated = t.isWhileStatement(outer) || t.isDoStatement(outer) || t.isForStatement(outer);
    if (sometimes || repeated)
      return 'The value is used in some cases only, so a check before the line would refuse others too.';
  }
  let root: ts.Node = subject;
  while (
    t.isPropertyAccessExpression(root) ||
    t.isElementAccessExpression(root) ||
    t.isNonNullExpression(root)
  )
    root = root.expression;
  const declaration = program.checker.getSymbolAtLocation(root)?.valueDeclaration;
  if (
    declaration !== undefined &&
    declaration.getStart() >= statement.getStart() &&
    declaration.getEnd() <= statement.getEnd()
  )
    return 'The value is made by the very statement that uses it.';
  const name = subject.getText();
  const statements: readonly ts.Node[] = parent.statements;
  const checked = statements.slice(0, statements.indexOf(statement)).some((node) => {
    if (!t.isIfStatement(node)) return false;
    const condition = node.expression.getText();
    return [`!${name}`, `${name} === undefined`, `${name} == null`, `${name} === null`].some(
      (text) => condition === text || condition.startsWith(`${text} ||`),
    );
  });
  return checked || standsWhere(program, statement, name)
    ? `\`${name}\` is checked before the line already.`
    : null;
}

/** True within an `if` that the name has a value. */
function standsWhere({ ts: t }: SourceProgram, statement: ts.Node, name: string): boolean {
  const checks = [name, `${name} != null`, `${name} !== undefined`, `${name} !== null`];
  for (let node = statement; !t.isFunctionLike(node) && !t.isSourceFile(node); node = node.parent) {
    const { parent } = node;
    if (!t.isIfStatement(parent) || parent.thenStatement !== node) continue;
    const condition = parent.expression.getText();
    if (checks.some((text) => condition === text || condition.startsWith(`${text} &&`))) return true;
  }
  return false;
}

function functionAround({ ts: t }: SourceProgram, node: ts.Node): ts.SignatureDeclaration | undefined {
  for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent)
    if (t.isFunctionLike(at)) return at;
  return undefined;
}

/** Where the check goes: the line of the statement, or of the comment that speaks of it. */
function leadOf(
  { ts: t }: SourceProgram,
  file: ts.SourceFile,
  statement: ts.Node,
): { offset: number; indent: string; unit: string } {
  const lineStart = (offset: number): number => file.text.lastIndexOf('\n', offset - 1) + 1;
  const start = statement.getStart(file);
  const first = lineStart(start);
  const indent = indentAt(file.text, start);
  const comments = t.getLeadingCommentRanges(file.text, statement.getFullStart()) ?? [];
  const own = comments.find(({ pos }) => file.text.slice(lineStart(pos), pos).trim() === '');
  return {
    offset:
      own === undefined ? (file.text.slice(first, start).trim() === '' ? first : start) : lineStart(own.pos),
    indent,
    unit: indent.startsWith('\t')
      ? '\t'
      : /\n {4}\S/.test(file.text) && !/\n {2}\S/.test(file.text)
        ? '    '
        : '  ',
  };
}

function conditionFor(program: SourceProgram, subject: ts.Expression): string {
  const { ts: t, checker } = program;
  const name = subject.getText();
  const type = checker.getTypeAtLocation(subject);
  const parts = type.isUnion() ? type.types : [type];
  const has = (flags: ts.TypeFlags): boolean => parts.some((part) => (part.flags & flags) !== 0);
  const { TypeFlags } = t;
  const primitive = has(
    TypeFlags.StringLike | TypeFlags.NumberLike | TypeFlags.BooleanLike | TypeFlags.BigIntLike,
  );
  // Of these, members can be read although they are falsy.
  if (!primitive && !has(TypeFlags.Any | TypeFlags.Unknown)) return `!${name}`;
  const [nothing, empty] = [has(TypeFlags.Undefined), has(TypeFlags.Null)];
  if (nothing && !empty) return `${name} === undefined`;
  return empty && !nothing ? `${name} === null` : `${name} === undefined || ${name} === null`;
}

/** The statement's text; of a name that is now checked, the exclamation mark has nothing to say any more. */
function withoutAssertion(
  { ts: t }: SourceProgram,
  file: ts.SourceFile,
  statement: ts.Node,
  subject: ts.Expression,
): string {
  const ends: number[] = [];
  const visit = (node: ts.Node): void => {
    if (t.isFunctionLike(node)) return;
    if (t.isNonNullExpression(node) && node.expression.getText(file) === subject.getText(file))
      ends.push(node.getEnd());
    t.forEachChild(node, visit);
  };
  visit(statement);
  const start = statement.getStart(file);
  let text = statement.getText(file);
  for (const end of ends.toSorted((a, b) => b - a))
    text = text.slice(0, end - 1 - start) + text.slice(end - start);
  return text;
}
