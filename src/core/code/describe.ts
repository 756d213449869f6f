import type { FunctionFact } from './facts.ts';
import type { ts } from './ts.ts';

const MAX_SIGNATURE = 400;

/** What a function says of itself to a reader: declaration, doc comment, errors that it throws itself. */
export function describeFunction(
  t: typeof ts,
  file: ts.SourceFile,
  node: ts.FunctionLikeDeclaration,
): Pick<FunctionFact, 'signature' | 'comment' | 'throws'> {
  const comment = docComment(t, file, node);
  return {
    signature: signatureOf(file, node),
    throws: thrownBy(t, node.body),
    ...(comment === undefined ? {} : { comment }),
  };
}

/** Source text up to the body, on one line. */
function signatureOf(file: ts.SourceFile, node: ts.FunctionLikeDeclaration): string {
  const end = node.body?.getFullStart() ?? node.end;
  const text = file.text
    .slice(node.getStart(file), end)
    .replace(/=>\s*$/u, '')
    .replace(/\s+/gu, ' ')
    .trim();
  return text.length > MAX_SIGNATURE ? `${text.slice(0, MAX_SIGNATURE)} ...` : text;
}

/** The doc comment before the function, or before the statement or member that holds it. */
function docComment(t: typeof ts, file: ts.SourceFile, node: ts.Node): string | undefined {
  for (let at: ts.Node = node; !t.isSourceFile(at); at = at.parent) {
    const ranges = t.getLeadingCommentRanges(file.text, at.getFullStart()) ?? [];
    const text = ranges
      .map(({ pos, end }) => file.text.slice(pos, end))
      .findLast((comment) => comment.startsWith('/**') && comment.length > 5);
    if (text !== undefined) return plain(text);
    if (t.isStatement(at) || t.isClassElement(at) || t.isObjectLiteralElement(at)) return undefined;
    // What stands before an enclosing function is about that one.
    if (at !== node && t.isFunctionLike(at)) return undefined;
  }
  return undefined;
}

function plain(comment: string): string | undefined {
  const lines = comment
    .slice(3, -2)
    .split(/\r?\n/u)
    .map((line) => line.replace(/^\s*(?:\*\s*)?/u, '').trimEnd());
  const text = lines.join('\n').trim();
  return text === '' ? undefined : text;
}

/** Names of the classes in `throw new X()`, in order, not of nested functions. */
function thrownBy(t: typeof ts, body: ts.Node | undefined): readonly string[] {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (t.isFunctionLike(node) || t.isClassLike(node)) return;
    if (t.isThrowStatement(node) && t.isNewExpression(node.expression)) {
      const thrown = node.expression.expression;
      if (t.isIdentifier(thrown)) names.add(thrown.text);
      else if (t.isPropertyAccessExpression(thrown)) names.add(thrown.name.text);
    }
    t.forEachChild(node, visit);
  };
  if (body !== undefined) visit(body);
  return [...names];
}
