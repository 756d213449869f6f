import {
  loadHarnessReader,
  type HarnessImport,
  type HarnessReader,
  type TestHarness,
} from '../../code/test-harness.ts';
import type { NoFix, RecipeInput, RecipePorts } from '../recipe.ts';
import { literalOf } from './literal.ts';
import { fileFor, neighboursOf } from './neighbours.ts';
import type { GeneratedTest, ImportLine, TestPlan } from './test-plan.ts';

/** Neighbours that are read before giving up. */
const MOST_NEIGHBOURS = 40;

/** A test file for the handler of the input, or why none can be written here. */
export async function planTest(
  input: Pick<RecipeInput, 'handler' | 'index' | 'tests'>,
  ports: Pick<RecipePorts, 'read' | 'exists'>,
): Promise<TestPlan | NoFix> {
  const neighbours = neighboursOf(input);
  if (neighbours.length === 0)
    return noFix('No Vitest test of a handler is known here whose set-up a new test could take.');
  const reader = await loadHarnessReader();
  let mocking: TestPlan | undefined;
  for (const neighbour of neighbours.slice(0, MOST_NEIGHBOURS)) {
    const text = await ports.read(neighbour);
    const harness = text === null ? null : reader.read(neighbour, text);
    if (harness?.sender === undefined) continue;
    const plan = planFrom(harness, reader, neighbour, fileFor(input.handler, neighbour, ports.exists));
    if (!harness.mocks) return plan;
    mocking ??= plan;
  }
  return (
    mocking ??
    noFix(
      `None of the ${neighbours.length} Vitest test files of handlers sends requests with supertest to an app that it starts before its tests, so there is no set-up to take.`,
    )
  );
}

const noFix = (reason: string): NoFix => ({ k: 'no-fix', reason });

function planFrom(harness: TestHarness, reader: HarnessReader, neighbour: string, file: string): TestPlan {
  const { quote, semicolon, indent, test, width } = harness;
  const sender = harness.sender?.text ?? '';
  const setUp = neededSetUp(harness);
  const literal = (text: string): string => literalOf(text, quote);
  const renderSuite: TestPlan['renderSuite'] = (extraImports, suite, tests) => {
    const own = `describe(${literal(suite)}, () => {\n${tests
      .map((one) => testText(one, { test, indent, semicolon, literal }))
      .join('\n\n')}\n})${semicolon}`;
    const body = [setUp, own].filter((part) => part !== '').join('\n\n');
    const imports = importsFor(harness, reader.namesIn(body), extraImports, literal);
    return `${[imports, body].filter((part) => part !== '').join('\n\n')}\n`;
  };
  return {
    file,
    neighbour,
    header: setUp,
    style: { quote, semicolon, indent, test, width },
    sender,
    literal,
    request({ method, path, query }) {
      const target = query === '' ? path : `${path}?${query}`;
      return `${sender}.${method.toLowerCase()}(${literal(target)})`;
    },
    importPath: (target) => relativePath(file, target, harness.imports),
    render: (extraImports, { suite, title }, body) => renderSuite(extraImports, suite, [{ title, body }]),
    renderSuite,
  };
}

/** Hooks and mocks, and of the declarations only those that they or the sender speak of, in their order. */
function neededSetUp({ setUp, sender }: TestHarness): string {
  const wanted = new Set<string>(sender?.uses);
  const kept = new Set(setUp.filter(({ declares }) => declares.length === 0));
  for (const { uses } of kept) for (const name of uses) wanted.add(name);
  for (let grown = true; grown;) {
    grown = false;
    for (const statement of setUp) {
      if (kept.has(statement) || !statement.declares.some((name) => wanted.has(name))) continue;
      kept.add(statement);
      for (const name of statement.uses) wanted.add(name);
      grown = true;
    }
  }
  return setUp
    .filter((statement) => kept.has(statement))
    .map(({ text }) => text)
    .join('\n');
}

function testText(
  { title, body }: GeneratedTest,
  {
    test,
    indent,
    semicolon,
    literal,
  }: Pick<TestPlan['style'], 'test' | 'indent' | 'semicolon'> & Pick<TestPlan, 'literal'>,
): string {
  const lines = body.split('\n').map((line) => (line === '' ? '' : `${indent}${indent}${line}`));
  const isAsync = /\bawait\b/.test(body) ? 'async ' : '';
  return `${indent}${test}(${literal(title)}, ${isAsync}() => {\n${lines.join('\n')}\n${indent}})${semicolon}`;
}

const RUNNER_NAMES = [
  'afterAll',
  'afterEach',
  'beforeAll',
  'beforeEach',
  'describe',
  'expect',
  'it',
  'test',
  'vi',
];

/** The neighbour's imports as far as they are used, completed by what the new tests use of the runner and by the extra ones. */
function importsFor(
  { imports, semicolon }: TestHarness,
  used: ReadonlySet<string>,
  extra: readonly ImportLine[],
  literal: (text: string) => string,
): string {
  // A file that imports nothing of the runner relies on its globals.
  const runner = imports.find(({ from, typeOnly }) => from === 'vitest' && !typeOnly);
  const known = new Set(
    imports.flatMap(({ whole, named }) => [whole?.name ?? '', ...named.map(({ name }) => name)]),
  );
  const line = ({ from, typeOnly, whole, named }: HarnessImport): string => {
    const parts = [
      ...(whole === undefined ? [] : [whole.text]),
      ...(named.length === 0 ? [] : [`{ ${named.map(({ text }) => text).join(', ')} }`]),
    ];
    const names = parts.length === 0 ? '' : `${parts.join(', ')} from `;
    return `import ${typeOnly ? 'type ' : ''}${names}${literal(from)}${semicolon}`;
  };
  const lines: string[] = [];
  const taken = new Set<ImportLine>();
  for (const one of imports) {
    if (one.whole === undefined && one.named.length === 0) {
      lines.push(line(one));
      continue;
    }
    const more = [
      ...(one === runner ? RUNNER_NAMES.filter((name) => used.has(name) && !known.has(name)) : []),
      ...extra.flatMap((wanted) => {
        if (wanted.from !== one.from || one.typeOnly || one.whole?.text.startsWith('*') === true) return [];
        taken.add(wanted);
        return wanted.named.filter((name) => !known.has(name));
      }),
    ];
    const whole = one.whole !== undefined && used.has(one.whole.name) ? one.whole : undefined;
    const named = [
      ...one.named.filter(({ name }) => used.has(name)),
      ...more.map((name) => ({ text: name, name })),
    ].toSorted((a, b) => (one === runner && a.name !== b.name ? (a.name < b.name ? -1 : 1) : 0));
    if (whole === undefined && named.length === 0) continue;
    lines.push(line({ from: one.from, typeOnly: one.typeOnly, named, ...(whole && { whole }) }));
  }
  for (const { from, named } of extra.filter((wanted) => !taken.has(wanted)))
    lines.push(line({ from, typeOnly: false, named: named.map((name) => ({ text: name, name })) }));
  return lines.join('\n');
}

/** Specifier of a workspace file from the new one, with the ending that the neighbour writes. */
function relativePath(from: string, to: string, imports: readonly HarnessImport[]): string {
  const folders = from.split('/').slice(0, -1);
  const target = to.split('/');
  let shared = 0;
  while (shared < folders.length && shared < target.length - 1 && folders[shared] === target[shared])
    shared++;
  const up = '../'.repeat(folders.length - shared);
  const path = `${up === '' ? './' : up}${target.slice(shared).join('/')}`;
  const local = imports.map((one) => one.from).filter((specifier) => specifier.startsWith('.'));
  if (local.some((specifier) => /\.[cm]?tsx?$/.test(specifier))) return path;
  if (local.some((specifier) => /\.[cm]?jsx?$/.test(specifier)))
    return path.replace(/\.([cm]?)tsx?$/, '.$1js');
  return local.length === 0 ? path : path.replace(/\.[cm]?[jt]sx?$/, '');
}
