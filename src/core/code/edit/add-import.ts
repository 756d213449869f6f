import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';

/** `text` (a new text of `file`, its imports as before) with the names imported that `model` imports from elsewhere. */
export function withImports(
  program: SourceProgram,
  file: ts.SourceFile,
  text: string,
  model: ts.SourceFile,
  names: readonly string[],
): string {
  const t = program.ts;
  let result = text;
  for (const name of names) {
    const current = t.createSourceFile(file.fileName, result, t.ScriptTarget.Latest, true);
    const imports = current.statements.filter(t.isImportDeclaration);
    if (imports.some((node) => localNames(t, node).includes(name))) continue;
    const source = model.statements
      .filter(t.isImportDeclaration)
      .find((node) => localNames(t, node).includes(name));
    if (source === undefined || !t.isStringLiteral(source.moduleSpecifier)) continue;
    const from = specifierFor(program, file, model, source.moduleSpecifier.text);
    const known = imports.find(
      (node) =>
        t.isStringLiteral(node.moduleSpecifier) &&
        node.moduleSpecifier.text === from &&
        node.importClause?.phaseModifier === undefined,
    );
    const bindings = known?.importClause?.namedBindings;
    if (bindings !== undefined && t.isNamedImports(bindings)) {
      const last = bindings.elements.at(-1);
      const at = last?.getEnd() ?? bindings.getStart() + 1;
      result = `${result.slice(0, at)}${last === undefined ? ` ${name} ` : `, ${name}`}${result.slice(at)}`;
      continue;
    }
    const quote = /from "/.test(result) ? '"' : "'";
    const eol = result.includes('\r\n') ? '\r\n' : '\n';
    const last = imports.at(-1);
    const semicolon = last === undefined || last.getText(current).endsWith(';') ? ';' : '';
    const line = `import { ${name} } from ${quote}${from}${quote}${semicolon}`;
    const at = last?.getEnd() ?? 0;
    result =
      last === undefined
        ? `${line}${eol}${result}`
        : `${result.slice(0, at)}${eol}${line}${result.slice(at)}`;
  }
  return result;
}

function localNames(t: typeof ts, node: ts.ImportDeclaration): readonly string[] {
  const bindings = node.importClause?.namedBindings;
  return bindings !== undefined && t.isNamedImports(bindings)
    ? bindings.elements.map(({ name }) => name.text)
    : [];
}

/** The module that `model` names, as seen from `file`. */
function specifierFor(
  program: SourceProgram,
  file: ts.SourceFile,
  model: ts.SourceFile,
  specifier: string,
): string {
  if (!specifier.startsWith('.')) return specifier;
  const folders = (program.pathOf(model) ?? '').split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') folders.pop();
    else if (part !== '.') folders.push(part);
  }
  const own = (program.pathOf(file) ?? '').split('/').slice(0, -1);
  let shared = 0;
  while (shared < own.length && shared < folders.length - 1 && own[shared] === folders[shared]) shared++;
  const up = '../'.repeat(own.length - shared);
  return `${up === '' ? './' : up}${folders.slice(shared).join('/')}`;
}
