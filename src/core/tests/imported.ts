import type { Expr, FileFacts } from '../code/facts.ts';
import type { Reader } from './reader.ts';
import { viewOf } from './scope.ts';
import { staticScope, type Value } from './value.ts';
import { functionsNamedBy, keyOf } from './walk.ts';

/**
 * Keys of handlers' functions that a test file imports, by `import`, `require` or `await import`; `true` for those imported
 * by themselves or by their class, `false` for what a namespace or an object brings along.
 */
export function importedFunctions(
  r: Reader,
  file: FileFacts,
  isHandler: (key: string) => boolean,
): ReadonlyMap<string, boolean> {
  const keys = new Map<string, boolean>();
  const add = (value: Value): void => {
    const alone = value.t !== 'module' && value.t !== 'object';
    for (const key of functionsNamedBy(r, value).map(keyOf)) {
      if (isHandler(key)) keys.set(key, alone || keys.get(key) === true);
    }
  };
  const types = new Set(file.imports.filter(({ kind }) => kind === 'type').map(({ source }) => source));
  for (const { source, kind } of file.imports) if (kind !== 'type') types.delete(source);
  for (const fn of [-1, ...file.functions.keys()]) {
    const scope = staticScope(file, fn);
    for (const binding of viewOf(file).bindings(fn).values()) {
      const { name } = binding;
      if (binding.k === 'import' && !types.has(binding.source)) add(r.evaluate(scope, { k: 'name', name }));
      if (binding.k === 'value' && binding.init !== undefined && isImport(file, binding.init)) {
        add(r.evaluate(scope, binding.init));
      }
    }
  }
  return keys;
}

/** `require('x')`, `require('x').a`, `new (require('x'))()` */
function isImport(file: FileFacts, expr: Expr): boolean {
  if (expr.k === 'member') return isImport(file, expr.object);
  if (expr.k !== 'call') return expr.k === 'import';
  const call = file.calls[expr.call];
  return call?.isNew === true && isImport(file, call.callee);
}
