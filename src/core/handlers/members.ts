import type { ClassFact, MemberFact } from '../code/facts.ts';
import { evaluate, functionValue } from './evaluate.ts';
import { callFunction, instantiate } from './invoke.ts';
import { newEnv, type Machine } from './machine.ts';
import { exportedValue, moduleEntries, typeValue } from './modules.ts';
import {
  constant,
  labelOf,
  unknown,
  type ClassValue,
  type Env,
  type InstanceValue,
  type Value,
} from './value.ts';

/** Value of `value.name`. */
export function memberOf(m: Machine, value: Value, name: string): Value {
  switch (value.t) {
    case 'object':
      return value.props.get(name) ?? { t: 'method', of: value, name };
    case 'instance':
      return instanceMember(m, value, name);
    case 'class':
      return staticMember(m, value, name);
    case 'module':
      return exportedValue(m, value.path, name) ?? (name === 'default' ? value : unknown(name));
    case 'external':
      return name === 'default' ? value : { ...value, path: [...value.path, name] };
    case 'unknown':
      return unknown(value.label === '' ? name : `${value.label}.${name}`);
    default:
      return { t: 'method', of: value, name };
  }
}

/** `value.name` where the value is known to have it: a property, an export, a member of a class. */
export function propertyOf(m: Machine, value: Value, name: string): Value | undefined {
  if (value.t === 'object') return value.props.get(name);
  if (value.t === 'module') return exportedValue(m, value.path, name);
  if (value.t !== 'instance' && value.t !== 'class') return undefined;
  const member = memberOf(m, value, name);
  return member.t === 'unknown' ? undefined : member;
}

export function elementOf(m: Machine, value: Value, index: Value): Value {
  if (index.t !== 'const') {
    const computed: Value = { t: 'unknown', label: `${labelOf(value)}[]` };
    return value.t === 'native' ? { t: 'method', of: value, name: '[]' } : computed;
  }
  if (value.t === 'array') return value.items[Number(index.value)] ?? unknown(labelOf(value));
  return memberOf(m, value, String(index.value));
}

export function assignMember(object: Value, name: string, value: Value): void {
  if (object.t === 'instance') object.fields.set(name, value);
  else if (object.t === 'object') object.props.set(name, value);
}

const classFact = (cls: ClassValue): ClassFact | undefined => cls.file.classes[cls.index];

/** The class that another extends, when it is one of the workspace. */
export function baseOf(m: Machine, cls: ClassValue): ClassValue | undefined {
  const base = classFact(cls)?.extends;
  if (base === undefined) return undefined;
  const value = evaluate(m, cls.env, base);
  return value.t === 'class' && value.index !== cls.index
    ? value
    : value.t === 'class' && value.file !== cls.file
      ? value
      : undefined;
}

/** Member of a class or of what it extends, with the class that declares it. */
export function findMember(
  m: Machine,
  cls: ClassValue,
  matches: (member: MemberFact) => boolean,
): { readonly member: MemberFact; readonly home: ClassValue } | undefined {
  let current: ClassValue | undefined = cls;
  for (let depth = 0; current !== undefined && depth < 16; depth++) {
    const member = classFact(current)?.members.find(matches);
    if (member !== undefined) return { member, home: current };
    current = baseOf(m, current);
  }
  return undefined;
}

function instanceMember(m: Machine, instance: InstanceValue, name: string): Value {
  const own = instance.fields.get(name);
  // A field that only got an unknown value may still say more by its type.
  if (own !== undefined && own.t !== 'unknown') return own;
  const found = findMember(m, instance.cls, (member) => !member.static && member.name === name);
  if (found === undefined) return own ?? unknown(`${labelOf(instance)}.${name}`);
  return (
    readMember(m, found.member, found.home, instance, instance.fields) ??
    own ??
    unknown(`${labelOf(instance)}.${name}`)
  );
}

function staticMember(m: Machine, cls: ClassValue, name: string): Value {
  const found = findMember(m, cls, (member) => member.static && member.name === name);
  if (found === undefined) return unknown(`${labelOf(cls)}.${name}`);
  const fact = classFact(found.home);
  const fields = (fact && m.statics.get(fact)) ?? new Map<string, Value>();
  if (fact !== undefined) m.statics.set(fact, fields);
  return (
    fields.get(name) ??
    readMember(m, found.member, found.home, cls, fields) ??
    unknown(`${labelOf(cls)}.${name}`)
  );
}

function readMember(
  m: Machine,
  member: MemberFact,
  home: ClassValue,
  self: Value,
  fields: Map<string, Value>,
): Value | undefined {
  if (member.fn !== undefined) {
    const fn = functionValue(m, home.env, member.fn, self, home);
    return member.kind === 'getter' ? callFunction(m, fn, []) : fn;
  }
  if (member.kind !== 'field') return undefined;
  // Set before it is evaluated, so that an initial value that reads itself ends.
  fields.set(member.name, unknown(member.name));
  const env: Env = {
    ...newEnv(home.file, -1, undefined),
    fn: home.env.fn,
    parent: home.env.parent,
    vars: home.env.vars,
    pending: home.env.pending,
    args: home.env.args,
    self,
    home,
  };
  const value = member.value === undefined ? undefined : evaluate(m, env, member.value);
  const known =
    (value === undefined || value.t === 'unknown') && member.type !== undefined
      ? (injectedValue(m, typeValue(m, home.env, member.type), member.name) ?? value)
      : value;
  if (known === undefined) fields.delete(member.name);
  else fields.set(member.name, known);
  return known;
}

/** `super.name` within a method. */
export function superMember(m: Machine, env: Env, name: string): Value {
  const base = env.home === undefined ? undefined : baseOf(m, env.home);
  const found = base && findMember(m, base, (member) => !member.static && member.name === name);
  if (found?.member.fn === undefined) return unknown(`super.${name}`);
  return functionValue(m, found.home.env, found.member.fn, env.self, found.home);
}

/** What a container or a caller outside of the workspace would give for a type; undefined when nothing is known. */
export function injectedValue(m: Machine, type: Value | undefined, name: string): Value | undefined {
  if (type?.t === 'class') {
    const fact = classFact(type);
    const known = fact && m.injected.get(fact);
    if (known !== undefined || fact === undefined) return known;
    const instance: InstanceValue = { t: 'instance', cls: type, fields: new Map() };
    m.injected.set(fact, instance);
    instantiate(m, type, [], instance);
    return instance;
  }
  const external = type?.t === 'external' ? type : undefined;
  if (external !== undefined) return m.runs.get(external.package)?.parameter(external, name);
  for (const run of new Set(m.runs.values())) {
    const value = type === undefined || type.t === 'unknown' ? run.parameter(undefined, name) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Items that a loop over a value sees; undefined when they are not known. */
export function iterate(value: Value): readonly Value[] | undefined {
  return value.t === 'array' ? value.items : undefined;
}

/** Own keys and values of an object-like value. */
export function entriesOf(m: Machine, value: Value): ReadonlyMap<string, Value> {
  if (value.t === 'object') return value.props;
  if (value.t === 'module') return moduleEntries(m, value.path);
  if (value.t === 'array') return new Map(value.items.map((item, index) => [String(index), item]));
  return value.t === 'instance' ? value.fields : new Map();
}

export const keysOf = (m: Machine, value: Value): readonly Value[] =>
  [...entriesOf(m, value).keys()].map(constant);

export function spreadInto(m: Machine, props: Map<string, Value>, value: Value): void {
  for (const [key, entry] of entriesOf(m, value)) props.set(key, entry);
}
