import type { FileFacts } from '../code/facts.ts';
import { evaluate, lookup, runSteps } from './evaluate.ts';
import { exportsOf, newEnv, type Machine } from './machine.ts';
import { memberOf } from './members.ts';
import { unknown, type Env, type Value } from './value.ts';

/** The module's scope; its statements run first when it is live and did not run yet. */
export function enterModule(m: Machine, file: FileFacts): Env {
  let state = m.modules.get(file.path);
  if (state === undefined) {
    state = { env: newEnv(file, -1, undefined), started: false };
    m.modules.set(file.path, state);
  }
  if (!state.started && m.live.has(file.path)) {
    state.started = true;
    m.loading++;
    for (const { source, kind } of file.imports) {
      if (kind !== 'import' && kind !== 're-export') continue;
      const target = fileOf(m, file, source);
      if (target !== undefined && m.live.has(target.path)) enterModule(m, target);
    }
    runSteps(m, state.env, file.body);
    m.loading--;
  }
  return state.env;
}

function fileOf(m: Machine, from: FileFacts, source: string): FileFacts | undefined {
  const resolved = m.resolve(from.path, source);
  return resolved.k === 'file' ? m.facts.get(resolved.path) : undefined;
}

/** Value of `require(source)` or of a namespace import. */
export function moduleValue(m: Machine, from: FileFacts, source: string): Value {
  const resolved = m.resolve(from.path, source);
  if (resolved.k === 'package') return { t: 'external', package: resolved.name, path: [] };
  const file = resolved.k === 'file' ? m.facts.get(resolved.path) : undefined;
  if (file === undefined) return unknown(source);
  const env = enterModule(m, file);
  const whole = exportsOf(file).named.get('=');
  if (whole !== undefined && 'value' in whole) return evaluate(m, env, whole.value);
  return { t: 'module', path: file.path };
}

/** Value of `import { imported } from source`. */
export function importedValue(m: Machine, from: FileFacts, source: string, imported: string): Value {
  if (imported === '*' || imported === '=') return moduleValue(m, from, source);
  const resolved = m.resolve(from.path, source);
  if (resolved.k === 'package') {
    return { t: 'external', package: resolved.name, path: imported === 'default' ? [] : [imported] };
  }
  if (resolved.k === 'missing') return unknown(imported);
  return exportedValue(m, resolved.path, imported) ?? unknown(imported);
}

/** An export of a file, through re-exports and `export *`; undefined when there is none. Known ones are kept. */
export function exportedValue(m: Machine, path: string, name: string): Value | undefined {
  let kept = m.exported.get(path);
  const known = kept?.get(name);
  if (known !== undefined) return known;
  const value = findExport(m, path, name, new Set());
  if (value === undefined || value.t === 'unknown') return value;
  kept ??= new Map();
  m.exported.set(path, kept.set(name, value));
  return value;
}

function findExport(m: Machine, path: string, name: string, seen: Set<string>): Value | undefined {
  const key = `${path}\n${name}`;
  const file = m.facts.get(path);
  if (file === undefined || seen.has(key)) return undefined;
  seen.add(key);
  const { named, stars } = exportsOf(file);
  const env = enterModule(m, file);
  const fact = named.get(name);
  if (fact !== undefined) {
    if ('value' in fact) return evaluate(m, env, fact.value);
    if (fact.imported === '*') return moduleValue(m, file, fact.source);
    const resolved = m.resolve(path, fact.source);
    if (resolved.k === 'package') return importedValue(m, file, fact.source, fact.imported);
    return resolved.k === 'file' ? findExport(m, resolved.path, fact.imported, seen) : undefined;
  }
  const whole = named.get('=');
  if (whole !== undefined && 'value' in whole) {
    const value = evaluate(m, env, whole.value);
    return name === 'default' ? value : memberOf(m, value, name);
  }
  for (const source of name === 'default' ? [] : stars) {
    const resolved = m.resolve(path, source);
    if (resolved.k === 'package' && m.runs.has(resolved.name))
      return { t: 'external', package: resolved.name, path: [name] };
    const found = resolved.k === 'file' ? findExport(m, resolved.path, name, seen) : undefined;
    if (found !== undefined) return found;
  }
  // `import x from` a CommonJS file that assigns to `exports`.
  return name === 'default' && named.size > 0 && file.imports.every((i) => i.kind !== 'import')
    ? { t: 'module', path }
    : undefined;
}

/** `exports` and `module.exports` read in their own file. */
export function ownExport(env: Env, name: 'exports' | 'module'): Value {
  const own: Value = { t: 'module', path: env.file.path };
  return name === 'exports' ? own : { t: 'object', props: new Map([['exports', own]]) };
}

/** All exports of a module as an object, for `Object.values(routes)` and spreads. */
export function moduleEntries(m: Machine, path: string): ReadonlyMap<string, Value> {
  const file = m.facts.get(path);
  const entries = new Map<string, Value>();
  if (file === undefined) return entries;
  for (const name of exportsOf(file).named.keys())
    entries.set(name, exportedValue(m, path, name) ?? unknown(name));
  for (const source of exportsOf(file).stars) {
    const target = fileOf(m, file, source);
    if (target === undefined || target === file) continue;
    for (const name of exportsOf(target).named.keys()) {
      if (name !== 'default' && !entries.has(name))
        entries.set(name, exportedValue(m, path, name) ?? unknown(name));
    }
  }
  return entries;
}

/** Looks a dotted type name up as a value (`UserController`, `express.Router`). */
export function typeValue(m: Machine, env: Env, type: string): Value {
  const [head = '', ...rest] = type.split('.');
  return rest.reduce((value, name) => memberOf(m, value, name), lookup(m, env, head));
}
