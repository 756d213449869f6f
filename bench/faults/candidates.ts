import { existsSync } from 'node:fs';
import path from 'node:path';
import { Node, Project, type SourceFile } from 'ts-morph';
import type { Operator, Site } from './operator.ts';
import { isFunction } from './operators/functions.ts';
import type { HandlerRow } from './product.ts';

/** A site with the handlers whose traffic comes by. */
export interface Candidate {
  readonly operator: Operator;
  readonly site: Site;
  /** Posix, relative to the workspace. */
  readonly file: string;
  /** Ids, sorted. */
  readonly handlers: readonly string[];
}

const maxDepth = 6;

/** Programs of a workspace, with the functions that handlers with traffic reach. */
export function openWorkspace(root: string, tsconfig = 'tsconfig.json'): Project {
  const config = path.join(root, tsconfig);
  if (existsSync(config)) return new Project({ tsConfigFilePath: config });
  const project = new Project({ compilerOptions: { allowJs: true } });
  project.addSourceFilesAtPaths([`${root}/**/*.{js,ts}`, `!${root}/**/node_modules/**`]);
  return project;
}

/** Every place where an operator fits in a function that a request came through, in the order of the files. */
export function candidatesOf(
  project: Project,
  root: string,
  handlers: readonly HandlerRow[],
  operators: readonly Operator[],
): readonly Candidate[] {
  const reached = new Map<Node, Set<string>>();
  for (const handler of handlers) {
    const file = project.getSourceFile(path.join(root, handler.file));
    const start = file === undefined ? undefined : functionAt(file, handler.line, handler.column);
    if (start !== undefined) reach(start, handler.id, root, reached, 0);
  }
  const found: Candidate[] = [];
  for (const [node, ids] of reached) {
    const file = path.relative(root, node.getSourceFile().getFilePath()).split(path.sep).join('/');
    const language = /\.[cm]?tsx?$/.test(file) ? 'typescript' : 'javascript';
    for (const operator of operators) {
      if (operator.class === 'coverage') continue;
      for (const site of operator.sites(node, language)) found.push({ operator, site, file, handlers: [...ids].sort() });
    }
  } // prettier-ignore
  return found.sort((a, b) => key(a).localeCompare(key(b)));
}

/** Every test block that names the known beginning of the handler's route: all of them gone, nothing calls it. */
export function testsOf(project: Project, handler: HandlerRow): readonly Node[] {
  const start = (handler.route ?? '').replace(/[:*{(].*$/, '');
  if (start.length < 2) return [];
  const files = project.getSourceFiles().filter((file) => /[.](test|spec)[.]/.test(file.getFilePath()) && !file.getFilePath().includes('/node_modules/'));
  return files.flatMap((file) => file.getDescendants().filter((node) => Node.isCallExpression(node) && /^(it|test)$/.test(node.getExpression().getText()) && node.getText().includes(start)));
} // prettier-ignore

const key = ({ file, site, operator }: Candidate): string =>
  `${file}:${String(site.edits[0]?.start ?? 0).padStart(8, '0')}:${operator.id}`;

/** The innermost function that starts at a place, by itself or by its name, else the innermost around it. */
function functionAt(file: SourceFile, line: number, column: number): Node | undefined {
  const at = file.compilerNode.getPositionOfLineAndCharacter(line - 1, column - 1);
  const around = file.getDescendantAtPos(at)?.getAncestors() ?? [];
  const holder = around.find((node) => Node.isVariableDeclaration(node) || Node.isPropertyDeclaration(node) || Node.isPropertyAssignment(node));
  const initial = holder !== undefined && holder.getStart() <= at && isNameOf(holder, at) ? holder.getInitializer() : undefined;
  if (initial !== undefined && isFunction(initial)) return initial;
  return around.find(isFunction);
} // prettier-ignore

function isNameOf(holder: Node, at: number): boolean {
  const name = Node.hasName(holder) ? holder.getNameNode() : undefined;
  return name !== undefined && name.getStart() <= at && at < name.getEnd();
}

/** Adds the function, what is inside it and what it calls in the workspace. */
function reach(node: Node, id: string, root: string, reached: Map<Node, Set<string>>, depth: number): void {
  const ids = reached.get(node) ?? new Set();
  if (ids.has(id)) return;
  reached.set(node, ids.add(id));
  for (const child of node.getDescendants()) {
    if (isFunction(child)) reached.set(child, (reached.get(child) ?? new Set()).add(id));
    if (depth >= maxDepth || !Node.isCallExpression(child)) continue;
    for (const called of definitions(child.getExpression())) {
      const file = called.getSourceFile().getFilePath();
      if (file.startsWith(`${root}/`) && !file.includes('/node_modules/')) reach(called, id, root, reached, depth + 1);
    }
  } // prettier-ignore
}

function definitions(callee: Node): readonly Node[] {
  const name = Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee;
  if (!Node.isIdentifier(name)) return [];
  return name.getDefinitionNodes().flatMap((node) => {
    if (isFunction(node)) return [node];
    const initial = Node.isVariableDeclaration(node) || Node.isPropertyDeclaration(node) ? node.getInitializer() : undefined;
    return initial !== undefined && isFunction(initial) ? [initial] : [];
  }); // prettier-ignore
}
