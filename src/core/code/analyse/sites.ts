import type { CodeSite } from '../../model/diagnosis.ts';
import type { Position } from '../../model/handler.ts';
import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';

/** Where a node stands, without leading comments. `file` is empty for a file outside of the workspace. */
export function siteOf(program: SourceProgram, node: ts.Node): CodeSite {
  const file = node.getSourceFile();
  return {
    file: program.pathOf(file) ?? '',
    start: positionAt(file, node.getStart(file)),
    end: positionAt(file, node.getEnd()),
    symbol: symbolOf(program, node),
  };
}

export function positionAt(file: ts.SourceFile, offset: number): Position {
  const { line, character } = file.getLineAndCharacterOfPosition(offset);
  return { line: line + 1, column: character + 1 };
}

/** Offset of a position in the file, kept within its text. */
export function offsetAt(file: ts.SourceFile, at: Position): number {
  const starts = file.getLineStarts();
  const line = Math.min(Math.max(at.line - 1, 0), starts.length - 1);
  return Math.min((starts[line] ?? 0) + Math.max(at.column - 1, 0), file.text.length);
}

/** The innermost node whose text (without leading comments) holds the offset. */
export function nodeAt(program: SourceProgram, file: ts.SourceFile, offset: number): ts.Node {
  const inner = (node: ts.Node): ts.Node => {
    let found: ts.Node | undefined;
    program.ts.forEachChild(node, (child) => {
      if (found === undefined && child.getStart(file) <= offset && offset < child.getEnd()) found = child;
    });
    return found === undefined ? node : inner(found);
  };
  return inner(file);
}

/** Qualified name of the function around a node (or of the function that it is): `OrderController.#requireStock`. */
export function symbolOf(program: SourceProgram, node: ts.Node): string {
  const t = program.ts;
  const names: string[] = [];
  let inFunction = false;
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    const wrapper = at === node && t.isCallExpression(at);
    if (!t.isFunctionLike(at) && !t.isClassLike(at) && !wrapper) continue;
    const name = nameOf(program, at);
    // A callback without a name belongs to the function around it.
    if (name !== undefined) names.unshift(name);
    inFunction ||= t.isFunctionLike(at);
  }
  return names.length === 0 && inFunction ? '<anonymous>' : names.join('.');
}

function nameOf(program: SourceProgram, node: ts.Node): string | undefined {
  const t = program.ts;
  if (t.isConstructorDeclaration(node)) return 'constructor';
  // A function that others wrap goes by the name that the result gets.
  let { parent } = node;
  while (t.isCallExpression(parent)) parent = parent.parent;
  if (t.isVariableDeclaration(parent) || t.isPropertyAssignment(parent) || t.isPropertyDeclaration(parent)) {
    return nameText(program, parent.name);
  }
  // `exports.list = ...` and `Thing.prototype.list = ...`
  if (t.isBinaryExpression(parent) && t.isPropertyAccessExpression(parent.left)) {
    return nameText(program, parent.left.name);
  }
  const name = t.isFunctionLike(node) || t.isClassLike(node) ? node.name : undefined;
  return name === undefined ? undefined : nameText(program, name);
}

const nameText = (program: SourceProgram, name: ts.Node): string | undefined =>
  program.ts.isIdentifier(name) || program.ts.isPrivateIdentifier(name) || program.ts.isStringLiteral(name)
    ? name.text
    : undefined;

/**
 * What a handler's position names: the function that starts there, or what the name there is given (a function that
 * another one wraps); the function around the place where it names none.
 */
export function functionAt(
  program: SourceProgram,
  file: ts.SourceFile,
  start: Position,
): ts.Node | undefined {
  const t = program.ts;
  const offset = offsetAt(file, start);
  for (let at: ts.Node | undefined = nodeAt(program, file, offset); at !== undefined; at = at.parent) {
    if (t.isFunctionLike(at)) return at;
    if (t.isVariableDeclaration(at) || t.isPropertyAssignment(at) || t.isPropertyDeclaration(at)) {
      if (at.name.getStart(file) === offset && at.initializer !== undefined) return at.initializer;
    }
    if (t.isBinaryExpression(at) && at.left.getEnd() > offset) return at.right;
  }
  return undefined;
}
