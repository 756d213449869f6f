import type { Cause, CodeSite } from '../model/diagnosis.ts';
import type { ImportLine, TestPlan } from './test-writer/test-plan.ts';

/** How a test stands in front of a called function while still calling it. */
export interface CallSpy {
  /** Name of what is called, for titles. */
  readonly name: string;
  readonly imports: readonly ImportLine[];
  /** Lines before the suite: mocks of modules. */
  readonly top: readonly string[];
  /** Statements that make `original` known. */
  readonly original: readonly string[];
  /** The statement that replaces the function by one that runs `inside` (lines, with `pass` the expression that goes on to the original). */
  readonly replace: (inside: (pass: string) => readonly string[]) => readonly string[];
}

/** A spy for the awaited call of a cause, or why there can be none. `read` gives the text of the file that defines it. */
export async function spyFor(
  detail: Extract<Cause['detail'], { k: 'awaited-call-in-loop' }>,
  plan: TestPlan,
  read: (file: string) => Promise<string | null>,
): Promise<CallSpy | string> {
  const { definition, callee, call } = detail;
  const typed = /\.[cm]?tsx?$/.test(plan.file);
  if (definition === undefined) {
    if (/^(globalThis\.)?fetch$/.test(callee)) return fetchSpy(plan);
    return `${callee} is not defined in this workspace, so a test cannot count its calls.`;
  }
  const text = (await read(definition.file)) ?? '';
  const [owner, method, ...more] = definition.symbol.split('.');
  if (owner !== undefined && method !== undefined && more.length === 0 && /^[A-Za-z_$][\w$]*$/.test(method)) {
    if (isExported(text, 'class', owner)) return methodSpy(plan, definition, owner, method, typed);
  } else if (owner !== undefined && method === undefined && definition.file !== call.file) {
    if (isExported(text, '(?:async )?function|const', owner))
      return functionSpy(plan, definition, owner, typed);
  }
  if (/\bfetch\(/.test(text)) return fetchSpy(plan);
  return `${definition.symbol} cannot be reached from a test: it is neither a method of an exported class nor exported by another module.`;
}

const isExported = (text: string, kind: string, name: string): boolean =>
  new RegExp(`\\bexport (?:default )?(?:abstract )?(?:${kind}) ${name.replaceAll('$', '\\$')}\\b`).test(text);

function methodSpy(
  plan: TestPlan,
  { file }: CodeSite,
  owner: string,
  method: string,
  typed: boolean,
): CallSpy {
  const { semicolon: end } = plan.style;
  const parameters = typed ? `this: ${owner}, ...args` : '...args';
  return {
    name: method,
    imports: [{ from: plan.importPath(file), named: [owner] }],
    top: [],
    original: [`const original = ${owner}.prototype.${method}${end}`],
    replace: (inside) => [
      `const spy = vi.spyOn(${owner}.prototype, ${plan.literal(method)})${end}`,
      `spy.mockImplementation(async function (${parameters}) {`,
      ...inside('original.apply(this, args)').map((line) => plan.style.indent + line),
      `})${end}`,
    ],
  };
}

function functionSpy(plan: TestPlan, { file }: CodeSite, name: string, typed: boolean): CallSpy {
  const { semicolon: end, indent } = plan.style;
  const from = plan.literal(plan.importPath(file));
  const type = typed ? `<typeof import(${from})>` : '';
  return {
    name,
    imports: [{ from: plan.importPath(file), named: [name] }],
    // `{ spy: true }` would say the same, but Vitest before 2.1 does not know it.
    top: [
      `vi.mock(${from}, async (importOriginal) => {`,
      `${indent}const actual = await importOriginal${type}()${end}`,
      `${indent}return { ...actual, ${name}: vi.fn(actual.${name}) }${end}`,
      `})${end}`,
    ],
    original: [`const { ${name}: original } = await vi.importActual${type}(${from})${end}`],
    replace: (inside) => [
      `const spy = vi.mocked(${name}).mockImplementation(async (...args) => {`,
      ...inside('original(...args)').map((line) => plan.style.indent + line),
      `})${end}`,
    ],
  };
}

function fetchSpy(plan: TestPlan): CallSpy {
  const { semicolon: end, indent } = plan.style;
  return {
    name: 'fetch',
    imports: [],
    top: [],
    original: [`const original = globalThis.fetch${end}`],
    replace: (inside) => [
      `const spy = vi.spyOn(globalThis, ${plan.literal('fetch')}).mockImplementation(async (...args) => {`,
      ...inside('original(...args)').map((line) => indent + line),
      `})${end}`,
    ],
  };
}
