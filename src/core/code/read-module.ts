import type { Expr } from './facts.ts';
import { readExpression } from './read-expression.ts';
import { bind, declare, frameOf, nameInScope, startOf, type Reading } from './reading.ts';
import type { ts } from './ts.ts';

export function hasModifier(r: Reading, node: ts.Node, kind: ts.SyntaxKind): boolean {
  return (
    r.ts.canHaveModifiers(node) && (r.ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind)
  );
}

/** Records `export function f` and `export default class`; `name` is the unique local name. */
export function exportLocal(r: Reading, node: ts.Node, name: string, sourceName: string | undefined): void {
  const { SyntaxKind } = r.ts;
  if (frameOf(r).index !== -1 || !hasModifier(r, node, SyntaxKind.ExportKeyword)) return;
  const exported = hasModifier(r, node, SyntaxKind.DefaultKeyword) ? 'default' : sourceName;
  if (exported !== undefined) r.exports.push({ name: exported, value: { k: 'name', name } });
}

/** Import and export statements; anything else is left alone. */
export function readModuleStatement(r: Reading, node: ts.Statement): void {
  const t = r.ts;
  if (t.isImportDeclaration(node)) readImport(r, node);
  else if (t.isExportDeclaration(node)) readExport(r, node);
  else if (t.isExportAssignment(node)) {
    const name = node.isExportEquals === true ? '=' : 'default';
    r.steps.push({ k: 'do', value: exportValue(r, name, node.expression) });
  } else if (t.isImportEqualsDeclaration(node)) {
    const { moduleReference } = node;
    if (!t.isExternalModuleReference(moduleReference) || !t.isStringLiteral(moduleReference.expression))
      return;
    const source = moduleReference.expression.text;
    r.imports.push({ source, kind: 'import', at: startOf(r, node) });
    bind(r, { k: 'import', name: declare(r, node.name.text), source, imported: '=' });
  }
}

function readImport(r: Reading, node: ts.ImportDeclaration): void {
  const t = r.ts;
  if (!t.isStringLiteral(node.moduleSpecifier)) return;
  const source = node.moduleSpecifier.text;
  const clause = node.importClause;
  const isType = clause?.phaseModifier === t.SyntaxKind.TypeKeyword;
  r.imports.push({ source, kind: isType ? 'type' : 'import', at: startOf(r, node) });
  const add = (name: ts.Identifier, imported: string): void =>
    bind(r, { k: 'import', name: declare(r, name.text), source, imported });
  if (clause === undefined) return;
  if (clause.name !== undefined) add(clause.name, 'default');
  if (clause.namedBindings === undefined) return;
  if (t.isNamespaceImport(clause.namedBindings)) add(clause.namedBindings.name, '*');
  else
    for (const element of clause.namedBindings.elements)
      add(element.name, (element.propertyName ?? element.name).text);
}

function readExport(r: Reading, node: ts.ExportDeclaration): void {
  const t = r.ts;
  const specifier = node.moduleSpecifier;
  const source = specifier !== undefined && t.isStringLiteral(specifier) ? specifier.text : undefined;
  if (source !== undefined)
    r.imports.push({ source, kind: node.isTypeOnly ? 'type' : 're-export', at: startOf(r, node) });
  const clause = node.exportClause;
  if (clause === undefined) {
    if (source !== undefined) r.exports.push({ name: '*', source, imported: '*' });
  } else if (t.isNamespaceExport(clause)) {
    if (source !== undefined) r.exports.push({ name: clause.name.text, source, imported: '*' });
  } else {
    for (const element of clause.elements) {
      const local = (element.propertyName ?? element.name).text;
      if (source !== undefined) r.exports.push({ name: element.name.text, source, imported: local });
      else r.exports.push({ name: element.name.text, value: { k: 'name', name: nameInScope(r, local) } });
    }
  }
}

/** Reads `module.exports = x`, `exports.a = x` and `module.exports.a = x` at the module's level; undefined for other targets. */
export function readExportAssignment(r: Reading, node: ts.BinaryExpression): Expr | undefined {
  if (frameOf(r).index !== -1) return undefined;
  const name = exportedName(r, node.left);
  return name === undefined ? undefined : exportValue(r, name, node.right);
}

function exportedName(r: Reading, target: ts.Expression): string | undefined {
  const t = r.ts;
  if (t.isIdentifier(target)) return target.text === 'exports' ? '=' : undefined;
  if (!t.isPropertyAccessExpression(target)) return undefined;
  const { expression: object, name } = target;
  if (t.isIdentifier(object) && object.text === 'exports') return name.text;
  if (t.isIdentifier(object) && object.text === 'module' && name.text === 'exports') return '=';
  const isModuleExports = t.isPropertyAccessExpression(object) && exportedName(r, object) === '=';
  return isModuleExports ? name.text : undefined;
}

/** Records an export of any expression; one that is not a name gets a hidden binding, so that it is evaluated once. */
function exportValue(r: Reading, name: string, node: ts.Expression): Expr {
  const value = readExpression(r, node, { name: name === '=' ? 'default' : name, naming: 'own' });
  if (value.k === 'name') {
    r.exports.push({ name, value });
    return value;
  }
  const hidden: Expr = { k: 'name', name: declare(r, `~${++r.serial}`) };
  bind(r, { k: 'value', name: hidden.name, init: value });
  r.exports.push({ name, value: hidden });
  return { k: 'assign', target: hidden, value };
}
