import type { CallFact, Expr } from '../code/facts.ts';
import type { Reader } from './reader.ts';
import { isClientPackage, isVerb } from './members.ts';
import { returnsOf } from './scope.ts';
import {
  functionsOf,
  optionsOf,
  unionOf,
  UNKNOWN,
  type Argument,
  type FunctionValue,
  type Scope,
  type Value,
} from './value.ts';

/** The value of a call: what a function returns, an instance, a client of an app. */
export function callValue(r: Reader, scope: Scope, index: number): Value {
  const call = scope.file.calls[index];
  if (call === undefined) return UNKNOWN;
  const callee = r.evaluate(scope, call.callee);
  return unionOf(optionsOf(callee).map((option) => resultOf(r, option, call, scope)));
}

function resultOf(r: Reader, callee: Value, call: CallFact, scope: Scope): Value {
  const argument = (index: number): Value => {
    const expr = call.args[index];
    return expr === undefined ? UNKNOWN : r.evaluate(scope, expr);
  };
  switch (callee.t) {
    case 'function': {
      const result = returnedValue(r, callee, argumentsOf(call, scope));
      const madeInside = functionsOf(result).some(({ file }) => file === callee.file);
      // A function made of a function stands for it; one that only takes a callback does not.
      const inner = madeInside || result.t === 'unknown' ? lastFunction(r, scope, call.args) : undefined;
      return inner === undefined || inner === result ? result : { t: 'wrapped', inner };
    }
    case 'class':
      return call.isNew ? { t: 'instance', of: callee } : UNKNOWN;
    case 'external':
      return externalResult(r, callee, call, scope, argument);
    case 'method':
      return methodResult(callee, argument);
    case 'request':
      return callee;
    case 'wrapped':
      return resultOf(r, callee.inner, call, scope);
    default: {
      const inner = lastFunction(r, scope, call.args);
      if (inner !== undefined) return { t: 'wrapped', inner };
      const { callee: expr } = call;
      // `something.listen()` and `something.callback()` stand for the app that they serve.
      return expr.k === 'member' && SERVES.has(expr.name) ? r.evaluate(scope, expr.object) : UNKNOWN;
    }
  }
}

const SERVES = new Set(['listen', 'callback', 'getHttpServer', 'set', 'use']);

function lastFunction(r: Reader, scope: Scope, args: readonly Expr[]): Value | undefined {
  for (const arg of args.toReversed()) {
    if (arg.k === 'text' || arg.k === 'number' || arg.k === 'object') continue;
    const value = r.evaluate(scope, arg);
    if (value.t === 'function' || value.t === 'wrapped') return value;
  }
  return undefined;
}

export const argumentsOf = (call: CallFact, scope: Scope): readonly Argument[] =>
  call.args.map((expr) => ({ scope, expr }));

/** Scope of one call of a function. */
export const calledScope = (fn: FunctionValue, args: readonly Argument[]): Scope => ({
  file: fn.file,
  fn: fn.fn,
  parent: fn.scope,
  args,
  self: fn.self,
});

/** What a function returns, all of its returns together. */
export function returnedValue(r: Reader, fn: FunctionValue, args: readonly Argument[]): Value {
  const fact = fn.file.functions[fn.fn];
  if (fact === undefined) return UNKNOWN;
  r.seen.add(fn.file.path);
  const scope = calledScope(fn, args);
  return unionOf([...returnsOf(fact)].map((expr) => r.evaluate(scope, expr)));
}

type External = Extract<Value, { t: 'external' }>;

function externalResult(
  r: Reader,
  callee: External,
  call: CallFact,
  scope: Scope,
  argument: (index: number) => Value,
): Value {
  const name = callee.path.at(-1) ?? '';
  if (callee.package === 'express' && ['', 'Router', 'default', 'application'].includes(name)) {
    return { t: 'app', scope, made: call };
  }
  if (isClientPackage(callee.package))
    return isVerb(name) ? { t: 'request' } : { t: 'client', app: argument(0) };
  if (callee.package === 'chai' && name === 'request') return { t: 'client', app: argument(0) };
  // `http.createServer(app)`, `vi.mocked(fn)`
  if (name === 'createServer' || name === 'mocked') return argument(0);
  if (callee.package === '' && ['URL', 'Request', 'String'].includes(name)) return argument(0);
  if (callee.package === '' && name === 'freeze') return argument(0);
  const inner = lastFunction(r, scope, call.args);
  if (inner !== undefined) return { t: 'wrapped', inner };
  return { ...callee, path: [...callee.path, '()'] };
}

function methodResult(callee: Extract<Value, { t: 'method' }>, argument: (index: number) => Value): Value {
  const { of, name } = callee;
  if (of.t === 'client') {
    // `chai.request(app).keepOpen()`, `agent.set()`: still the client.
    return isVerb(name) || name === 'request' ? { t: 'request' } : of;
  }
  if (of.t === 'function' || of.t === 'wrapped') {
    if (name !== 'bind') return UNKNOWN;
    const self = argument(0);
    return of.t === 'function' && self.t !== 'unknown' ? { ...of, self } : of;
  }
  if (of.t === 'app') return of;
  if (of.t === 'array') return name === 'concat' || name === 'filter' || name === 'slice' ? of : UNKNOWN;
  if (of.t === 'text') return ['toString', 'trim', 'valueOf'].includes(name) ? of : UNKNOWN;
  return UNKNOWN;
}
