import { requestInputs } from '../analyse/request-inputs.ts';
import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import type { RefusalWanted } from './refusal.ts';

/** The model's call with its subject and input replaced by ours; null where an argument cannot be carried over safely. */
export function adaptedCall(
  program: SourceProgram,
  model: ts.NewExpression | ts.CallExpression,
  modelSubject: string,
  wanted: RefusalWanted,
): string | null {
  const t = program.ts;
  const parts = (model.arguments ?? []).map((argument) => adapted(program, argument, modelSubject, wanted));
  if (parts.some((part) => part === null)) return null;
  const args = parts.join(', ');
  if (t.isNewExpression(model)) return `new ${model.expression.getText()}(${args})`;
  if (t.isIdentifier(model.expression)) return `${model.expression.text}(${args})`;
  if (!t.isPropertyAccessExpression(model.expression)) return null;
  const { expression, name } = model.expression;
  // The chain of an answer ends in the response of the handler.
  const object = t.isCallExpression(expression)
    ? adaptedCall(program, expression, modelSubject, wanted)
    : responseOf(program, expression, wanted);
  return object === null ? null : `${object}.${name.text}(${args})`;
}

function responseOf(
  { ts: t }: SourceProgram,
  expression: ts.Expression,
  { handler }: RefusalWanted,
): string | null {
  const name = handler?.parameters[1]?.name;
  if (!t.isIdentifier(expression) || name === undefined || !t.isIdentifier(name)) return null;
  return /^(res|response|reply|_res)$/.test(expression.text) ? name.text : null;
}

function adapted(
  program: SourceProgram,
  node: ts.Expression,
  modelSubject: string,
  wanted: RefusalWanted,
): string | null {
  const t = program.ts;
  if (
    t.isNumericLiteral(node) ||
    [t.SyntaxKind.TrueKeyword, t.SyntaxKind.FalseKeyword, t.SyntaxKind.NullKeyword].includes(node.kind)
  )
    return node.getText();
  if (t.isStringLiteral(node) || t.isNoSubstitutionTemplateLiteral(node))
    return adaptedText(node.getText(), modelSubject, wanted);
  if (t.isTemplateExpression(node)) {
    const spans = node.templateSpans.map((span) => {
      const expression = adapted(program, span.expression, modelSubject, wanted);
      return expression === null ? null : `\${${expression}${span.literal.getText()}`;
    });
    const head = adaptedText(
      node.head.getText() + node.templateSpans.map(({ literal }) => literal.getText()).join(' '),
      modelSubject,
      wanted,
    );
    const renamed = adaptedText(node.head.getText(), modelSubject, wanted, true);
    return head === null || spans.includes(null) || renamed === null ? null : renamed + spans.join('');
  }
  if (t.isObjectLiteralExpression(node)) {
    const fields = node.properties.map((property) => {
      if (!t.isPropertyAssignment(property)) return null;
      const value = adapted(program, property.initializer, modelSubject, wanted);
      return value === null ? null : `${property.name.getText()}: ${value}`;
    });
    return fields.includes(null) ? null : `{ ${fields.join(', ')} }`;
  }
  if (t.isIdentifier(node) || t.isPropertyAccessExpression(node) || t.isElementAccessExpression(node)) {
    if (requestInputs(program, node).length === 1) return inputText(program, wanted);
    return isGlobal(program, node) ? node.getText() : null;
  }
  return null;
}

const GENERIC = /^\W*(not[ _-]?found|bad[ _-]?request|invalid([ _-](input|request|quer\w*|param\w*))?)\W*$/i;

/** A text may speak of the model's subject (then it speaks of ours) or of nothing; any other text would be a guess. */
function adaptedText(
  text: string,
  modelSubject: string,
  { subject }: RefusalWanted,
  partial = false,
): string | null {
  const [theirs, ours] = [lastName(modelSubject), lastName(subject.getText())];
  if (theirs === ours || GENERIC.test(text)) return text;
  const pattern = new RegExp(`\\b${theirs.replaceAll(/\W/g, '')}\\b`, 'gi');
  const renamed = text.replaceAll(pattern, (found) =>
    /^[A-Z]/.test(found) ? ours.slice(0, 1).toUpperCase() + ours.slice(1) : ours,
  );
  return renamed === text && !partial ? null : renamed;
}

const lastName = (path: string): string => path.split('.').at(-1)?.replaceAll(/\W/g, '') ?? path;

/** How the input is written where the check will stand. */
function inputText(program: SourceProgram, { before, input }: RefusalWanted): string | null {
  const t = program.ts;
  let found: string | null = null;
  const visit = (node: ts.Node): void => {
    if (found !== null || node.getStart() >= before.getStart()) return;
    const reads = t.isPropertyAccessExpression(node) || t.isElementAccessExpression(node) || isRead(t, node);
    if (reads) {
      const inputs = requestInputs(program, node);
      if (inputs.length === 1 && inputs[0] === input && !hasCall(t, program, node)) found = node.getText();
    }
    if (found === null && !(t.isFunctionLike(node) && node.getEnd() < before.getStart()))
      t.forEachChild(node, visit);
  };
  let around: ts.Node = before.parent;
  while (!t.isFunctionLike(around) && !t.isSourceFile(around)) around = around.parent;
  visit(around);
  return found;
}

const isRead = (t: typeof ts, node: ts.Node): boolean =>
  t.isIdentifier(node) &&
  !t.isBindingElement(node.parent) &&
  !t.isParameter(node.parent) &&
  !t.isVariableDeclaration(node.parent) &&
  !(t.isPropertyAccessExpression(node.parent) && node.parent.name === node) &&
  !t.isPropertyAssignment(node.parent);

/** A name that was made by a call is not the input itself, but what came of it. */
function hasCall(t: typeof ts, { checker }: SourceProgram, node: ts.Node): boolean {
  if (!t.isIdentifier(node)) return false;
  const declaration = checker.getSymbolAtLocation(node)?.valueDeclaration;
  if (declaration === undefined || !t.isVariableDeclaration(declaration)) return false;
  return (
    declaration.initializer !== undefined &&
    !t.isPropertyAccessExpression(declaration.initializer) &&
    !t.isElementAccessExpression(declaration.initializer)
  );
}

/** True for what stands at the top of its module: imported or declared there. */
function isGlobal({ ts: t, checker }: SourceProgram, node: ts.Expression): boolean {
  let root: ts.Node = node;
  while (t.isPropertyAccessExpression(root) || t.isElementAccessExpression(root)) root = root.expression;
  if (!t.isIdentifier(root)) return false;
  const declaration = checker.getSymbolAtLocation(root)?.declarations?.[0];
  if (declaration === undefined) return false;
  for (let at = declaration.parent; at !== undefined; at = at.parent)
    if (t.isFunctionLike(at) || t.isBlock(at)) return false;
  return true;
}

/** Names that the model's file has to be asked for, when its call is used elsewhere; null where one cannot be had. */
export function namesToImport(program: SourceProgram, model: ts.Node): readonly string[] | null {
  const t = program.ts;
  const names = new Set<string>();
  let possible = true;
  const visit = (node: ts.Node): void => {
    if (
      t.isIdentifier(node) &&
      isGlobal(program, node) &&
      !(t.isPropertyAccessExpression(node.parent) && node.parent.name === node)
    ) {
      const declaration = program.checker.getSymbolAtLocation(node)?.declarations?.[0];
      const inFile = declaration?.getSourceFile() === node.getSourceFile();
      if (inFile && declaration !== undefined) {
        const imported = t.isImportSpecifier(declaration) && declaration.propertyName === undefined;
        if (!imported) possible = false;
        names.add(node.text);
      }
    }
    t.forEachChild(node, visit);
  };
  visit(model);
  return possible ? [...names] : null;
}
