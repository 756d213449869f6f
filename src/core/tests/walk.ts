import type { Expr, FileFacts } from '../code/facts.ts';
import { argumentsOf, calledScope } from './invoke.ts';
import { exportedValues, isClientPackage, methodsOf } from './members.ts';
import type { Reader } from './reader.ts';
import { requestOf, type SentRequest } from './requests.ts';
import { stepValues, viewOf, visit } from './scope.ts';
import { functionsOf, optionsOf, type FunctionValue, type Scope, type Value } from './value.ts';

/** What running a piece of a test file does, as far as it can be read. */
export interface Reached {
  /** Keys of functions of the program that are called. */
  readonly called: ReadonlySet<string>;
  /** Keys of functions that are named, by themselves or by their class. */
  readonly named: ReadonlySet<string>;
  readonly requests: readonly SentRequest[];
}

export interface WalkOptions {
  readonly reader: Reader;
  /** True for the key of a handler's function. */
  readonly isHandler: (key: string) => boolean;
  /** Calls that declare tests, hooks and suites in the test file. */
  readonly declarations: ReadonlySet<number>;
  readonly testFile: FileFacts;
  readonly isSupport: (file: FileFacts) => boolean;
}

/** Identity of a function of the workspace: its file and where it starts. */
export const functionKey = (file: string, at: { readonly line: number; readonly column: number }): string =>
  `${file}\n${at.line}:${at.column}`;

export function keyOf({ file, fn }: FunctionValue): string {
  const fact = file.functions[fn];
  return fact === undefined ? '' : functionKey(file.path, fact.at);
}

const SUPPORT_PATH =
  /(^|[./])(test|spec|e2e-spec)\.[cm]?[jt]sx?$|(^|\/)(__tests__|__mocks__|__fixtures__|tests?|specs?|e2e|testing)\/|(^|\/)test-?(utils?|helpers?|support|setup)(\/|\.[cm]?[jt]sx?$)/i;

/** Tells files that serve tests: calls of their functions are followed, those of the program's are not. */
export const supportFiles =
  (runnerModules: readonly string[]) =>
  (file: FileFacts): boolean =>
    SUPPORT_PATH.test(file.path) ||
    file.imports.some(
      ({ source, kind }) => kind !== 'type' && (isClientPackage(source) || runnerModules.includes(source)),
    );

const MAX_DEPTH = 10;
const MAX_STEPS = 20_000;

/** Reads what a function's body (or the module's, for a static scope of -1) calls, names and sends. */
export function walk(options: WalkOptions, start: Scope): Reached {
  const { reader: r, isHandler, declarations, testFile, isSupport } = options;
  const called = new Set<string>();
  const named = new Set<string>();
  const requests: SentRequest[] = [];
  const active = new Set<string>();
  let steps = 0;

  const enter = (scope: Scope, depth: number): void => {
    const key = `${scope.file.path}\n${scope.fn}`;
    if (active.has(key) || depth > MAX_DEPTH || ++steps > MAX_STEPS) return;
    active.add(key);
    r.seen.add(scope.file.path);
    const { file, fn } = scope;
    for (const value of stepValues(fn === -1 ? file.body : (file.functions[fn]?.body ?? [])))
      nameIn(scope, value);
    for (const index of viewOf(file).callsOf.get(fn) ?? []) {
      const call = file.calls[index];
      if (call === undefined || (file === testFile && declarations.has(index))) continue;
      nameIn(scope, call.callee);
      for (const arg of call.args) nameIn(scope, arg);
      const callee = r.evaluate(scope, call.callee);
      const request = requestOf(r, scope, call, callee);
      if (request !== undefined) requests.push({ ...request, expectsNothing: speaksOf404(file, fn) });
      for (const option of optionsOf(callee)) follow(option, call, scope, depth);
      for (const arg of call.args) {
        if (arg.k === 'function') {
          enter({ file, fn: arg.fn, parent: scope, args: [], self: scope.self }, depth + 1);
        }
      }
    }
    active.delete(key);
  };

  const follow = (callee: Value, call: FileFacts['calls'][number], scope: Scope, depth: number): void => {
    // `handler.call(context, request, response)`
    const target = callee.t === 'method' && /^(call|apply)$/.test(callee.name) ? callee.of : callee;
    if (target.t === 'class' && call.isNew) {
      const made = target.file.classes[target.cls]?.members.find((member) => member.kind === 'constructor');
      if (made?.fn === undefined || !isSupport(target.file)) return;
      const self: Value = { t: 'instance', of: target };
      enter(
        { file: target.file, fn: made.fn, parent: target.scope, args: argumentsOf(call, scope), self },
        depth + 1,
      );
    }
    for (const fn of functionsOf(target)) {
      const key = keyOf(fn);
      if (isHandler(key)) called.add(key);
      else if (isSupport(fn.file)) {
        enter(calledScope(fn, argumentsOf(call, scope)), depth + 1);
      }
    }
  };

  const nameIn = (scope: Scope, expr: Expr): void => {
    /** Namespaces and objects of which only a member is meant. */
    const containers = new Set<Expr>();
    visit(expr, (part) => {
      if ((part.k !== 'name' && part.k !== 'member') || containers.has(part)) return;
      if (part.k === 'member' && /^(module|object)$/.test(r.evaluate(scope, part.object).t))
        containers.add(part.object);
      for (const fn of functionsNamedBy(r, r.evaluate(scope, part))) {
        const key = keyOf(fn);
        if (isHandler(key)) named.add(key);
      }
    });
  };

  enter(start, 0);
  return { called, named, requests };
}

/** True when a call of a function gets 404 (or a name for it) as an argument. */
function speaksOf404(file: FileFacts, fn: number): boolean {
  const says = (arg: Expr): boolean =>
    (arg.k === 'number' && arg.value === 404) || (arg.k === 'member' && /^not_?found$/i.test(arg.name));
  return (viewOf(file).callsOf.get(fn) ?? []).some((index) => file.calls[index]?.args.some(says));
}

/** Functions that a name brings in: itself, the methods of a class, the exports of a module, the entries of an object. */
export function functionsNamedBy(r: Reader, value: Value): readonly FunctionValue[] {
  switch (value.t) {
    case 'class':
      return methodsOf(r, value).flatMap(functionsOf);
    case 'instance':
      return methodsOf(r, value.of).flatMap(functionsOf);
    case 'module':
      return exportedValues(r, value.path).flatMap((exported) =>
        exported.t === 'module' ? [] : functionsNamedBy(r, exported),
      );
    case 'object':
      return value.expr.entries.flatMap((entry) =>
        entry.key === null ? [] : functionsOf(r.evaluate(value.scope, entry.value)),
      );
    case 'union':
      return value.options.flatMap((option) => functionsNamedBy(r, option));
    default:
      return functionsOf(value);
  }
}
