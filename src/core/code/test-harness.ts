import type { ts } from './ts.ts';

/** An import of a test file, by the local names that it brings. */
export interface HarnessImport {
  readonly from: string;
  readonly typeOnly: boolean;
  /** Default and namespace part as written (`request`, `* as api`) with its local name. */
  readonly whole?: { readonly text: string; readonly name: string };
  /** Named parts as written (`type TestShop`, `a as b`) with their local names. */
  readonly named: readonly { readonly text: string; readonly name: string }[];
}

/** A statement that stands around the tests: a declaration, a hook, a mock. */
export interface SetUpStatement {
  readonly text: string;
  /** Names that it declares; empty for hooks and mocks, which always belong to the set-up. */
  readonly declares: readonly string[];
  readonly uses: ReadonlySet<string>;
}

/** How a test file starts the app and sends requests to it, and how it is written. */
export interface TestHarness {
  readonly imports: readonly HarnessImport[];
  readonly setUp: readonly SetUpStatement[];
  /** What `.get('/path')` is called on: `request(shop.app)`; absent where no test sends requests through supertest. */
  readonly sender?: { readonly text: string; readonly uses: ReadonlySet<string> };
  readonly quote: "'" | '"';
  readonly semicolon: ';' | '';
  readonly indent: string;
  readonly test: 'it' | 'test';
  /** Of its longest line of code, at least 80 and at most 120. */
  readonly width: number;
  /** True where it replaces modules by mocks. */
  readonly mocks: boolean;
}

export interface HarnessReader {
  /** Null for a text that does not parse. */
  readonly read: (path: string, text: string) => TestHarness | null;
  /** Names that a piece of code speaks of, without names of properties. */
  readonly namesIn: (text: string) => ReadonlySet<string>;
}

/** Loads the parser on first use. */
export async function loadHarnessReader(): Promise<HarnessReader> {
  const { ts: api } = await import('./ts.ts');
  return {
    read: (path, text) => readHarness(api, path, text),
    namesIn: (text) => namesOf(api, api.createSourceFile('a.ts', text, api.ScriptTarget.Latest, true)),
  };
}

const VERBS = new Set(['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options']);
const HOOKS = new Set(['beforeAll', 'beforeEach', 'afterAll', 'afterEach']);
const SUITES = new Set(['describe', 'suite', 'it', 'test']);

function readHarness(t: typeof ts, path: string, text: string): TestHarness | null {
  const file = t.createSourceFile(path, text, t.ScriptTarget.Latest, true);
  const { parseDiagnostics } = file as ts.SourceFile & { readonly parseDiagnostics?: readonly unknown[] };
  if ((parseDiagnostics?.length ?? 0) > 0) return null;
  const imports = file.statements.filter(t.isImportDeclaration).map((node) => importOf(t, node));
  const client = imports.find(({ from }) => from === 'supertest')?.whole?.name;
  const found = client === undefined ? undefined : senderIn(t, file, client);
  const around = [file.statements, ...(found?.suites ?? [])];
  const setUp = around.flatMap((statements) =>
    statements.filter((node) => isSetUp(t, node)).map((node) => setUpOf(t, file, node)),
  );
  return {
    imports,
    setUp,
    ...(found === undefined
      ? {}
      : { sender: { text: found.sender.getText(file), uses: namesOf(t, found.sender) } }),
    ...styleOf(text),
    mocks: /\bvi\.(mock|doMock)\(/.test(text),
  };
}

function importOf(t: typeof ts, node: ts.ImportDeclaration): HarnessImport {
  const from = t.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : '';
  const clause = node.importClause;
  if (clause === undefined) return { from, typeOnly: false, named: [] };
  const bindings = clause.namedBindings;
  const whole =
    clause.name !== undefined
      ? { text: clause.name.text, name: clause.name.text }
      : bindings !== undefined && t.isNamespaceImport(bindings)
        ? { text: bindings.getText(), name: bindings.name.text }
        : undefined;
  const named =
    bindings !== undefined && t.isNamedImports(bindings)
      ? bindings.elements.map((element) => ({ text: element.getText(), name: element.name.text }))
      : [];
  const typeOnly = /^import\s+type\b/.test(node.getText());
  return { from, typeOnly, named, ...(whole === undefined ? {} : { whole }) };
}

interface FoundSender {
  readonly sender: ts.Expression;
  /** Statements of the suites around it, outermost first. */
  readonly suites: readonly ts.NodeArray<ts.Statement>[];
}

/** The first request whose sender is made of what stands around the tests alone. */
function senderIn(t: typeof ts, file: ts.SourceFile, client: string): FoundSender | undefined {
  const agents = new Set<string>();
  const isClientCall = (node: ts.Expression): boolean =>
    t.isCallExpression(node) &&
    (t.isIdentifier(node.expression)
      ? node.expression.text === client
      : t.isPropertyAccessExpression(node.expression) &&
        node.expression.expression.getText(file) === client &&
        node.expression.name.text === 'agent');
  const collect = (node: ts.Node): void => {
    if (t.isVariableDeclaration(node) && node.initializer !== undefined && isClientCall(node.initializer))
      agents.add(node.name.getText(file));
    if (t.isBinaryExpression(node) && t.isIdentifier(node.left) && isClientCall(node.right))
      agents.add(node.left.text);
    t.forEachChild(node, collect);
  };
  collect(file);
  const visit = (node: ts.Node): FoundSender | undefined => {
    if (
      t.isCallExpression(node) &&
      t.isPropertyAccessExpression(node.expression) &&
      VERBS.has(node.expression.name.text)
    ) {
      const sender = node.expression.expression;
      if (isClientCall(sender) || agents.has(sender.getText(file))) {
        const suites = suitesAround(t, node);
        const visible = new Set(
          [file.statements, ...suites].flatMap((statements) => statements.flatMap((s) => declaredBy(t, s))),
        );
        const local = localNames(t, node, suites);
        if ([...namesOf(t, sender)].every((name) => visible.has(name) || !local.has(name)))
          return { sender, suites };
      }
    }
    return t.forEachChild(node, visit);
  };
  return visit(file);
}

function suitesAround(t: typeof ts, node: ts.Node): readonly ts.NodeArray<ts.Statement>[] {
  const suites: ts.NodeArray<ts.Statement>[] = [];
  for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent) {
    if (!t.isBlock(at) || !t.isFunctionLike(at.parent)) continue;
    const call = at.parent.parent;
    if (t.isCallExpression(call) && ['describe', 'suite'].includes(rootName(t, call.expression)))
      suites.unshift(at.statements);
  }
  return suites;
}

/** Names declared in the functions between a node and the suites around it, parameters included. */
function localNames(
  t: typeof ts,
  node: ts.Node,
  suites: readonly ts.NodeArray<ts.Statement>[],
): ReadonlySet<string> {
  const names = new Set<string>();
  for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent) {
    if (t.isBlock(at)) {
      if (suites.includes(at.statements)) break;
      for (const statement of at.statements) for (const name of declaredBy(t, statement)) names.add(name);
    }
    if (t.isFunctionLike(at))
      for (const { name } of at.parameters) for (const bound of namesBound(t, name)) names.add(bound);
  }
  return names;
}

function isSetUp(t: typeof ts, node: ts.Statement): boolean {
  if (t.isExpressionStatement(node)) {
    if (!t.isCallExpression(node.expression)) return false;
    const name = rootName(t, node.expression.expression);
    return HOOKS.has(name) || (!SUITES.has(name) && name === 'vi');
  }
  return declaredBy(t, node).length > 0;
}

function setUpOf(t: typeof ts, file: ts.SourceFile, node: ts.Statement): SetUpStatement {
  const { character } = file.getLineAndCharacterOfPosition(node.getStart(file));
  const text = node
    .getText(file)
    .replaceAll(new RegExp(`\\n[ \\t]{1,${Math.max(character, 1)}}`, 'g'), (space) =>
      character === 0 ? space : '\n',
    );
  return { text, declares: declaredBy(t, node), uses: namesOf(t, node) };
}

function declaredBy(t: typeof ts, node: ts.Statement): readonly string[] {
  if (t.isVariableStatement(node))
    return node.declarationList.declarations.flatMap(({ name }) => namesBound(t, name));
  const named =
    t.isFunctionDeclaration(node) ||
    t.isClassDeclaration(node) ||
    t.isInterfaceDeclaration(node) ||
    t.isTypeAliasDeclaration(node) ||
    t.isEnumDeclaration(node);
  return named && node.name !== undefined ? [node.name.text] : [];
}

function namesBound(t: typeof ts, name: ts.BindingName): readonly string[] {
  if (t.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    t.isOmittedExpression(element) ? [] : namesBound(t, element.name),
  );
}

/** The name that a chain of calls and members starts with: `describe` of `describe.each([1])`. */
function rootName(t: typeof ts, node: ts.Expression): string {
  if (t.isIdentifier(node)) return node.text;
  return t.isPropertyAccessExpression(node) || t.isCallExpression(node) ? rootName(t, node.expression) : '';
}

function namesOf(t: typeof ts, root: ts.Node): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (t.isIdentifier(node)) {
      const { parent } = node;
      const isProperty =
        (t.isPropertyAccessExpression(parent) && parent.name === node) ||
        (t.isPropertyAssignment(parent) && parent.name === node) ||
        (t.isQualifiedName(parent) && parent.right === node) ||
        ((t.isPropertySignature(parent) || t.isMethodDeclaration(parent)) && parent.name === node);
      if (!isProperty) names.add(node.text);
    }
    t.forEachChild(node, visit);
  };
  visit(root);
  return names;
}

function styleOf(text: string): Pick<TestHarness, 'quote' | 'semicolon' | 'indent' | 'test' | 'width'> {
  const lines = text.split('\n');
  const count = (pattern: RegExp): number => [...text.matchAll(pattern)].length;
  const indent = lines.map((line) => /^(\t| {2,8})\S/.exec(line)?.[1]).find((found) => found !== undefined);
  return {
    quote: count(/from '/g) >= count(/from "/g) ? "'" : '"',
    semicolon: lines.filter((line) => line.endsWith(';')).length * 4 >= lines.length ? ';' : '',
    indent: indent ?? '  ',
    test: count(/\bit[.(]/g) >= count(/\btest[.(]/g) ? 'it' : 'test',
    width: Math.min(120, Math.max(80, ...lines.map((line) => line.trimEnd().length))),
  };
}
