import type { Binding, Expr, Step } from '../code/facts.ts';
import { call, callSuper } from './invoke.ts';
import { bindingsOf, scopeOf, type Machine } from './machine.ts';
import {
  assignMember,
  elementOf,
  injectedValue,
  iterate,
  keysOf,
  memberOf,
  spreadInto,
  superMember,
} from './members.ts';
import { importedValue, moduleValue, ownExport, typeValue } from './modules.ts';
import { constant, unknown, type Env, type FunctionValue, type Value } from './value.ts';

const UNKNOWN = unknown('');

/** Value of an expression in a scope; calls in it are followed. */
export function evaluate(m: Machine, env: Env, expr: Expr): Value {
  switch (expr.k) {
    case 'text':
    case 'number':
    case 'literal':
      return constant(expr.value);
    case 'regexp':
      return { t: 'regexp', source: expr.source };
    case 'concat':
      return concat(expr.parts.map((part) => evaluate(m, env, part)));
    case 'name':
      return lookup(m, env, expr.name);
    case 'this':
      return env.self ?? unknown('this');
    case 'member':
      if (expr.object.k === 'super') return superMember(m, env, expr.name);
      return memberOf(m, evaluate(m, env, expr.object), expr.name);
    case 'element':
      return elementOf(m, evaluate(m, env, expr.object), evaluate(m, env, expr.index));
    case 'call':
      return evaluateCall(m, env, expr.call);
    case 'function':
      return functionValue(m, env, expr.fn);
    case 'class':
      return { t: 'class', file: env.file, index: expr.cls, env };
    case 'object': {
      const props = new Map<string, Value>();
      for (const { key, value } of expr.entries) {
        if (key === null) spreadInto(m, props, evaluate(m, env, value));
        else {
          const name = typeof key === 'string' ? constant(key) : evaluate(m, env, key);
          if (name.t === 'const') props.set(String(name.value), evaluate(m, env, value));
        }
      }
      return { t: 'object', props };
    }
    case 'array':
      return { t: 'array', items: evaluateAll(m, env, expr.items) };
    case 'either':
      return choose(
        expr.op,
        expr.options.map((option) => evaluate(m, env, option)),
      );
    case 'import':
      return moduleValue(m, env.file, expr.source);
    case 'assign':
      return assign(m, env, expr.target, expr.value);
    case 'spread':
      return evaluate(m, env, expr.value);
    case 'super':
    case 'other':
      return UNKNOWN;
  }
}

/** Values of arguments or items, spreads of known arrays taken apart. */
export function evaluateAll(m: Machine, env: Env, exprs: readonly Expr[]): Value[] {
  return exprs.flatMap((item) => {
    if (item.k !== 'spread') return [evaluate(m, env, item)];
    const value = evaluate(m, env, item.value);
    return value.t === 'array' ? value.items : [value];
  });
}

export function functionValue(
  m: Machine,
  env: Env,
  index: number,
  self?: Value,
  home?: FunctionValue['home'],
): FunctionValue {
  const fact = env.file.functions[index];
  if (fact !== undefined) m.closures.set(fact, env);
  const outer = fact?.arrow === true ? env : undefined;
  return { t: 'function', file: env.file, index, env, self: self ?? outer?.self, home: home ?? outer?.home };
}

function evaluateCall(m: Machine, env: Env, index: number): Value {
  const fact = env.file.calls[index];
  if (fact === undefined) return UNKNOWN;
  const site = { file: env.file, call: fact };
  if (fact.callee.k === 'super') return callSuper(m, env, evaluateAll(m, env, fact.args));
  const callee = evaluate(m, env, fact.callee);
  return call(m, callee, evaluateAll(m, env, fact.args), site);
}

function concat(parts: readonly Value[]): Value {
  let text = '';
  for (const part of parts) {
    if (part.t !== 'const') {
      const label = parts.map((p) => (p.t === 'const' ? String(p.value) : '*')).join('');
      return { t: 'unknown', label, text: true };
    }
    text += String(part.value);
  }
  return constant(text);
}

const isKnown = (value: Value): boolean =>
  value.t !== 'unknown' && !(value.t === 'const' && value.value === null);

/** Of several possible values the first known; constants that differ in a condition decide nothing. */
function choose(op: 'or' | 'cond' | 'and', options: readonly Value[]): Value {
  const known = options.filter(isKnown);
  const [first] = known;
  if (
    op === 'cond' &&
    first?.t === 'const' &&
    known.some((v) => v.t === 'const' && v.value !== first.value)
  ) {
    return {
      t: 'unknown',
      label: known.map((v) => (v.t === 'const' ? String(v.value) : '*')).join('|'),
      text: true,
    };
  }
  return first ?? options[0] ?? UNKNOWN;
}

/** Value of a name in a scope; a name not yet bound is evaluated from its declaration. */
export function lookup(m: Machine, env: Env, name: string): Value {
  for (let scope: Env | undefined = env; scope !== undefined; scope = scope.parent) {
    const value = scope.vars.get(name);
    if (value !== undefined) return value;
    const binding = bindingsOf(scopeOf(scope)).get(name);
    if (binding !== undefined) return materialise(m, scope, binding);
  }
  if (name === 'exports' || name === 'module') return ownExport(env, name);
  return unknown(name);
}

function materialise(m: Machine, env: Env, binding: Binding): Value {
  const { name } = binding;
  if (env.pending.has(name)) return unknown(name);
  env.pending.add(name);
  try {
    const value = bindingValue(m, env, binding);
    // An import that is still being loaded may be known later.
    if (value.t !== 'unknown' || binding.k !== 'import' || m.loading === 0) env.vars.set(name, value);
    return value;
  } finally {
    env.pending.delete(name);
  }
}

function bindingValue(m: Machine, env: Env, binding: Binding): Value {
  switch (binding.k) {
    case 'import':
      return importedValue(m, env.file, binding.source, binding.imported);
    case 'function':
      return functionValue(m, env, binding.fn);
    case 'class':
      return { t: 'class', file: env.file, index: binding.cls, env };
    case 'value': {
      const value = binding.init === undefined ? unknown(binding.name) : evaluate(m, env, binding.init);
      return value.t === 'unknown' && binding.type !== undefined
        ? (injectedValue(m, typeValue(m, env, binding.type), binding.name) ?? value)
        : value;
    }
    case 'param': {
      const fact = env.file.functions[env.fn];
      if (fact?.params[binding.index]?.rest === true)
        return { t: 'array', items: env.args.slice(binding.index) };
      const given = env.args[binding.index];
      if (given !== undefined && given.t !== 'unknown') return given;
      if (binding.init !== undefined) return evaluate(m, env, binding.init);
      const type = binding.type === undefined ? undefined : typeValue(m, env.parent ?? env, binding.type);
      return injectedValue(m, type, binding.name) ?? given ?? unknown(binding.name);
    }
  }
}

function assign(m: Machine, env: Env, target: Expr, valueExpr: Expr): Value {
  if (target.k === 'name') {
    for (let scope: Env | undefined = env; scope !== undefined; scope = scope.parent) {
      if (!bindingsOf(scopeOf(scope)).has(target.name)) continue;
      // A hidden name has one value, which a cycle of imports may have asked for already.
      const known = target.name.startsWith('~') ? scope.vars.get(target.name) : undefined;
      const value = known ?? evaluate(m, env, valueExpr);
      if (value.t !== 'unknown' || !scope.vars.has(target.name)) scope.vars.set(target.name, value);
      return value;
    }
  }
  const value = evaluate(m, env, valueExpr);
  if (target.k === 'member') assignMember(evaluate(m, env, target.object), target.name, value);
  return value;
}

/** Runs statements; returns the values of their `return`s. */
export function runSteps(m: Machine, env: Env, steps: readonly Step[]): Value[] {
  const returned: Value[] = [];
  for (const step of steps) {
    switch (step.k) {
      case 'do':
        evaluate(m, env, step.value);
        break;
      case 'bind':
        lookup(m, env, step.name);
        break;
      case 'return':
        returned.push(evaluate(m, env, step.value));
        break;
      case 'each': {
        const of = evaluate(m, env, step.of);
        const items = step.keys ? keysOf(m, of) : (iterate(of) ?? [unknown(step.name)]);
        for (const item of items) {
          forget(env, step.body);
          env.vars.set(step.name, item);
          returned.push(...runSteps(m, env, step.body));
        }
      }
    }
  }
  return returned;
}

/** Names bound in a loop are bound anew in every turn. */
function forget(env: Env, steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.k === 'bind') env.vars.delete(step.name);
    else if (step.k === 'each') forget(env, step.body);
  }
}
