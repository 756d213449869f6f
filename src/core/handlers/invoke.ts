import { arrayMethod, globalCall } from './builtins.ts';
import { runSteps, functionValue } from './evaluate.ts';
import type { FunctionFact, Step } from '../code/facts.ts';
import { MAX_COST, MAX_DEPTH, newEnv, type Cost, type Machine } from './machine.ts';
import { baseOf, findMember, injectedValue } from './members.ts';
import {
  functionOf,
  labelOf,
  unknown,
  type ClassValue,
  type Env,
  type FunctionValue,
  type InstanceValue,
  type Site,
  type Value,
} from './value.ts';

/** Value of calling (or constructing) `callee`. */
export function call(m: Machine, callee: Value, args: readonly Value[], site: Site): Value {
  if (--m.fuel <= 0) return unknown('');
  switch (callee.t) {
    case 'function':
      return afterWrapping(callee, args, callFunction(m, callee, args));
    case 'class':
      return site.call.isNew ? instantiate(m, callee, args) : unknown(labelOf(callee));
    case 'external': {
      const made = m.runs.get(callee.package)?.call(callee, args, site);
      if (made !== undefined) {
        m.effects++;
        return made;
      }
      return (
        globalCall(m, labelOf(callee), args) ??
        containerCall(m, args) ??
        wrapping(args) ?? { ...callee, path: [...callee.path, '()'] }
      );
    }
    case 'method':
      return callMethod(m, callee.of, callee.name, args, site);
    case 'unknown': {
      const { callee: expr } = site.call;
      const made = globalCall(m, callee.label, args) ?? containerCall(m, args);
      if (made !== undefined) return made;
      if (expr.k === 'member') {
        for (const run of new Set(m.runs.values())) run.strayCall(callee, expr.name, args, site);
      }
      return wrapping(args) ?? unknown(callee.label);
    }
    case 'wrapped':
    case 'module':
      return callee.t === 'module' ? unknown(callee.path) : call(m, callee.inner, args, site);
    default:
      return wrapping(args) ?? unknown(labelOf(callee));
  }
}

function callMethod(m: Machine, of: Value, name: string, args: readonly Value[], site: Site): Value {
  if (of.t === 'native') {
    m.effects++;
    return of.native.method(name, args, site) ?? unknown(name);
  }
  const fn = of.t === 'function' || of.t === 'wrapped' ? of : undefined;
  if (fn !== undefined) {
    if (name === 'bind')
      return fn.t === 'function' && args[0] !== undefined && args[0].t !== 'unknown'
        ? { ...fn, self: args[0] }
        : fn;
    if (name === 'call')
      return call(m, fn.t === 'function' && args[0] ? { ...fn, self: args[0] } : fn, args.slice(1), site);
  }
  if (of.t === 'array') {
    const made = arrayMethod(m, of, name, args, site);
    if (made !== undefined) return made;
  }
  if (of.t === 'const' && typeof of.value === 'string') {
    if (name === 'toLowerCase') return { t: 'const', value: of.value.toLowerCase() };
    if (name === 'toUpperCase') return { t: 'const', value: of.value.toUpperCase() };
    if (name === 'toString' || name === 'trim') return { t: 'const', value: of.value.trim() };
  }
  return wrapping(args) ?? { t: 'unknown', label: `${labelOf(of)}.${name}` };
}

/** A wrapper that cannot be followed hands on the function that it got. */
function wrapping(args: readonly Value[]): Value | undefined {
  const inner = args.findLast((arg) => functionOf(arg) !== undefined);
  return inner === undefined ? undefined : { t: 'wrapped', inner };
}

const REQUEST_LIKE = /req(uest)?$|ctx$|context$|event$|evt$|^_*(err|error|input|payload|c|e|)$/i;

/** Tells a wrapped handler (`asyncHandler(fn)`) from a function that parametrises one (`allow((user) => user.admin)`). */
function afterWrapping(callee: FunctionValue, args: readonly Value[], result: Value): Value {
  if (result.t !== 'function' && result.t !== 'wrapped') return result;
  const inner = args.findLast((arg) => functionOf(arg) !== undefined);
  const fn = inner && functionOf(inner);
  if (inner === undefined || fn === undefined || result === inner) return result;
  const made = functionOf(result);
  const fact = callee.file.functions[callee.index];
  // Only a function made within the callee wraps; one that it picked from elsewhere is the handler itself.
  if (made === undefined || made.file !== callee.file || fact === undefined) return result;
  const params = fn.file.functions[fn.index]?.params ?? [];
  return params.length !== 1 || REQUEST_LIKE.test(params[0]?.name ?? '') ? { t: 'wrapped', inner } : result;
}

/** `container.resolve(UserController)`: the instance that a container would give. */
function containerCall(m: Machine, args: readonly Value[]): Value | undefined {
  const [only] = args;
  return args.length === 1 && only?.t === 'class' ? injectedValue(m, only, '') : undefined;
}

/** Follows a call into a function of the workspace. */
export function callFunction(m: Machine, fn: FunctionValue, args: readonly Value[]): Value {
  const fact = fn.file.functions[fn.index];
  if (fact === undefined || m.stack.length >= MAX_DEPTH || m.fuel <= 0) return unknown(labelOf(fn));
  if (m.stack.filter((running) => running === fact).length > 1) return unknown(labelOf(fn));
  const given = args.some((arg) => carriesNative(arg)) || (fn.self !== undefined && carriesNative(fn.self));
  const involved = given || (m.involved.has(fact) && !m.inert.has(fact));
  const cost = involved ? undefined : costOf(m, fact);
  if (cost !== undefined && cost.calls > MAX_COST.total && cost.calls > cost.visits * MAX_COST.perVisit) {
    return cost.last ?? unknown(labelOf(fn));
  }
  const { fuel, effects } = m;
  m.stack.push(fact);
  try {
    const env = newEnv(fn.file, fn.index, fn.env, fn, args);
    const whole = involved || isConstructor(fact);
    if (whole) m.reached.add(fact);
    const value =
      pickReturned(runSteps(m, env, whole ? fact.body : returnsOf(fact.body))) ?? unknown(fact.symbol);
    if (cost !== undefined) cost.last = value;
    return value;
  } finally {
    m.stack.pop();
    // What touched no router once touches none the next time, unless it is given one.
    if (involved && !given && m.effects === effects) m.inert.add(fact);
    if (cost !== undefined) {
      cost.visits++;
      cost.calls += fuel - m.fuel;
    }
  }
}

const isConstructor = (fact: FunctionFact): boolean => fact.symbol.endsWith('.constructor');

function costOf(m: Machine, fact: FunctionFact): Cost {
  let cost = m.costs.get(fact);
  if (cost === undefined) {
    cost = { visits: 0, calls: 0, last: undefined };
    m.costs.set(fact, cost);
  }
  return cost;
}

/** Names are bound when what is returned asks for them. */
const returnsOf = (steps: readonly Step[]): readonly Step[] => steps.filter((step) => step.k === 'return');

/** Of several returned values the most telling. */
function pickReturned(returned: readonly Value[]): Value | undefined {
  const known = returned.filter((value) => value.t !== 'unknown');
  return known.find((value) => value.t !== 'const') ?? known[0] ?? returned[0];
}

/** Whether a value is a router or holds one near its surface; an object of hundreds of services is looked at in part. */
function carriesNative(value: Value, looks = { left: 64 }, depth = 3): boolean {
  if (value.t === 'native') return true;
  if (depth === 0 || --looks.left < 0) return false;
  const parts =
    value.t === 'object'
      ? value.props.values()
      : value.t === 'instance'
        ? value.fields.values()
        : value.t === 'array'
          ? value.items
          : [];
  for (const part of parts) {
    if (carriesNative(part, looks, depth - 1)) return true;
    if (looks.left < 0) return false;
  }
  return false;
}

/** `new Class(...args)`; fields are evaluated when they are asked for. */
export function instantiate(
  m: Machine,
  cls: ClassValue,
  args: readonly Value[],
  into?: InstanceValue,
): Value {
  const instance: InstanceValue = into ?? { t: 'instance', cls, fields: new Map() };
  construct(m, cls, instance, args);
  return instance;
}

function construct(m: Machine, cls: ClassValue, self: Value, args: readonly Value[]): void {
  const found = findMember(m, cls, (member) => member.kind === 'constructor');
  if (found?.member.fn === undefined) return;
  callFunction(m, functionValue(m, found.home.env, found.member.fn, self, found.home), args);
}

/** `super(...)` within a constructor. */
export function callSuper(m: Machine, env: Env, args: readonly Value[]): Value {
  const base = env.home === undefined ? undefined : baseOf(m, env.home);
  if (base !== undefined && env.self !== undefined) construct(m, base, env.self, args);
  return unknown('super');
}
