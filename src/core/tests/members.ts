import type { ExportFact, FileFacts, MemberFact } from '../code/facts.ts';
import { functionValue, type Reader } from './reader.ts';
import { scopeKey, viewOf } from './scope.ts';
import { staticScope, unionOf, UNKNOWN, type ClassValue, type Value } from './value.ts';

interface ExportView {
  readonly named: ReadonlyMap<string, ExportFact>;
  /** Sources of `export *`. */
  readonly stars: readonly string[];
}

const exportViews = new WeakMap<FileFacts, ExportView>();

function exportsOf(file: FileFacts): ExportView {
  let view = exportViews.get(file);
  if (view === undefined) {
    const named = new Map<string, ExportFact>();
    const stars: string[] = [];
    for (const fact of file.exports) {
      if (fact.name === '*' && 'source' in fact) stars.push(fact.source);
      else named.set(fact.name, fact);
    }
    view = { named, stars };
    exportViews.set(file, view);
  }
  return view;
}

/** Value of `import { imported } from source`; what the test file mocks is nothing of the program. */
export function importedValue(r: Reader, from: FileFacts, source: string, imported: string): Value {
  if (imported === '*' || imported === '=') return moduleValue(r, from, source);
  const resolved = r.resolve(from.path, source);
  if (resolved.k === 'package') return external(resolved.name, imported);
  if (resolved.k === 'missing') return { t: 'unknown', label: imported };
  return exportedValue(r, resolved.path, imported) ?? { t: 'unknown', label: imported };
}

const external = (name: string, imported: string): Value => ({
  t: 'external',
  package: name,
  path: imported === 'default' ? [] : [imported],
});

/** Value of a namespace import, `require(source)` or `await import(source)`. */
export function moduleValue(r: Reader, from: FileFacts, source: string): Value {
  const resolved = r.resolve(from.path, source);
  if (resolved.k === 'package') return { t: 'external', package: resolved.name, path: [] };
  if (resolved.k === 'missing' || !r.facts.has(resolved.path)) return UNKNOWN;
  return exportedValue(r, resolved.path, '=') ?? { t: 'module', path: resolved.path };
}

/** An export of a file, through re-exports, `export *` and CommonJS; undefined when there is none. */
export function exportedValue(
  r: Reader,
  path: string,
  name: string,
  via = new Set<string>(),
): Value | undefined {
  const file = r.facts.get(path);
  const key = `${path}\n${name}`;
  if (file === undefined || via.has(key)) return undefined;
  via.add(key);
  r.seen.add(path);
  const mocked = r.mocked.get(path);
  if (mocked === 'all' || mocked?.has(name) === true) return UNKNOWN;
  const { named, stars } = exportsOf(file);
  const fact = named.get(name);
  const scope = staticScope(file, -1);
  if (fact !== undefined) {
    if ('value' in fact) return r.evaluate(scope, fact.value);
    if (fact.imported === '*') return moduleValue(r, file, fact.source);
    const resolved = r.resolve(path, fact.source);
    if (resolved.k === 'package') return external(resolved.name, fact.imported);
    return resolved.k === 'file' ? exportedValue(r, resolved.path, fact.imported, via) : undefined;
  }
  if (name === '=') return undefined;
  const whole = named.get('=');
  if (whole !== undefined && 'value' in whole) {
    const value = r.evaluate(scope, whole.value);
    return name === 'default' ? value : memberOf(r, value, name);
  }
  for (const source of name === 'default' ? [] : stars) {
    const resolved = r.resolve(path, source);
    const found = resolved.k === 'file' ? exportedValue(r, resolved.path, name, via) : undefined;
    if (found !== undefined) return found;
  }
  // `import x from` a CommonJS file that assigns to `exports`.
  return name === 'default' && named.size > 0 ? { t: 'module', path } : undefined;
}

/** All names that a module exports, with their values. */
export function exportedValues(r: Reader, path: string): readonly Value[] {
  const file = r.facts.get(path);
  if (file === undefined) return [];
  return [...exportsOf(file).named.keys()].map((name) => exportedValue(r, path, name) ?? UNKNOWN);
}

const VERBS = new Set(['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options']);
export const isVerb = (name: string): boolean => VERBS.has(name);

/** Packages whose function makes a client of an app. */
const CLIENTS = new Set([
  'supertest',
  'supertest-session',
  'superagent',
  'chai-http',
  'supertest-as-promised',
]);
export const isClientPackage = (name: string): boolean => CLIENTS.has(name);

/** Value of `object.name`. */
export function memberOf(r: Reader, object: Value, name: string): Value {
  switch (object.t) {
    case 'module':
      return exportedValue(r, object.path, name) ?? UNKNOWN;
    case 'object':
      return entryOf(r, object, name);
    case 'instance':
      return classMember(r, object.of, name, false, object) ?? { t: 'unknown', label: name };
    case 'class':
      if (name === 'prototype') return { t: 'instance', of: object };
      return classMember(r, object, name, true, object) ?? UNKNOWN;
    case 'external':
      return { ...object, path: [...object.path, name] };
    case 'union':
      return unionOf(object.options.map((option) => memberOf(r, option, name)));
    case 'request':
      return object;
    case 'client':
    case 'app':
    case 'function':
    case 'wrapped':
    case 'array':
    case 'text':
      return { t: 'method', of: object, name };
    default:
      return { t: 'unknown', label: name };
  }
}

function entryOf(r: Reader, object: Extract<Value, { t: 'object' }>, name: string): Value {
  let spread: Value = UNKNOWN;
  for (const { key, value } of object.expr.entries.toReversed()) {
    if (key === name) return r.evaluate(object.scope, value);
    if (key !== null || spread.t !== 'unknown') continue;
    spread = memberOf(r, r.evaluate(object.scope, value.k === 'spread' ? value.value : value), name);
  }
  return spread.t === 'unknown' ? { t: 'unknown', label: name } : spread;
}

/** A member by name, in the class or in one that it extends. */
function classMember(
  r: Reader,
  cls: ClassValue,
  name: string,
  isStatic: boolean,
  self: Value,
  depth = 0,
): Value | undefined {
  const fact = cls.file.classes[cls.cls];
  if (fact === undefined || depth > 8) return undefined;
  r.seen.add(cls.file.path);
  const member = fact.members.find(
    (m) => m.name === name && m.static === isStatic && m.kind !== 'constructor',
  );
  const own = member && memberValue(r, cls, member, self);
  if (own !== undefined && own.t !== 'unknown') return own;
  const assigned = viewOf(cls.file).assigned.get(scopeKey(cls.cls, `this.${name}`)) ?? [];
  const values = assigned.map(({ fn, value }) => r.evaluate({ ...staticScope(cls.file, fn), self }, value));
  if (values.some((value) => value.t !== 'unknown')) return unionOf(values);
  if (fact.extends === undefined) return own;
  const base = r.evaluate(cls.scope, fact.extends);
  return base.t === 'class' ? classMember(r, base, name, isStatic, self, depth + 1) : own;
}

function memberValue(r: Reader, cls: ClassValue, member: MemberFact, self: Value): Value {
  const scope = { ...staticScope(cls.file, -1), self };
  if (member.fn !== undefined) {
    const fn = { ...functionValue(scope, member.fn), self };
    // A getter stands for what it returns, which nobody needs so far.
    return member.kind === 'getter' ? UNKNOWN : fn;
  }
  return member.value === undefined ? UNKNOWN : r.evaluate(scope, member.value);
}

/** Functions that a class (with those that it extends) has as methods. */
export function methodsOf(r: Reader, cls: ClassValue, depth = 0): readonly Value[] {
  const fact = cls.file.classes[cls.cls];
  if (fact === undefined || depth > 8) return [];
  const self: Value = { t: 'instance', of: cls };
  const own = fact.members.filter((m) => m.kind !== 'constructor').map((m) => memberValue(r, cls, m, self));
  const base = fact.extends === undefined ? UNKNOWN : r.evaluate(cls.scope, fact.extends);
  return base.t === 'class' ? [...own, ...methodsOf(r, base, depth + 1)] : own;
}
