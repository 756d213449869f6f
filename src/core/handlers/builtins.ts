import { call } from './invoke.ts';
import type { Machine } from './machine.ts';
import { entriesOf, keysOf, spreadInto } from './members.ts';
import { constant, flatten, unknown, type Site, type Value } from './value.ts';

type ArrayValue = Extract<Value, { t: 'array' }>;

/** Methods of arrays that routes are built with; undefined for others. */
export function arrayMethod(
  m: Machine,
  array: ArrayValue,
  name: string,
  args: readonly Value[],
  site: Site,
): Value | undefined {
  const [callback = unknown('')] = args;
  const plain = { ...site, call: { ...site.call, isNew: false } };
  const each = (): Value[] =>
    array.items.map((item, index) => call(m, callback, [item, constant(index), array], plain));
  switch (name) {
    case 'forEach':
      each();
      return unknown('');
    case 'map':
      return { t: 'array', items: each() };
    case 'flatMap':
      return { t: 'array', items: each().flatMap((item) => (item.t === 'array' ? item.items : [item])) };
    case 'filter':
    case 'slice':
    case 'sort':
    case 'reverse':
      return array;
    case 'flat':
      return { t: 'array', items: [...flatten(array.items)] };
    case 'concat':
      return {
        t: 'array',
        items: [...array.items, ...args.flatMap((arg) => (arg.t === 'array' ? arg.items : [arg]))],
      };
    case 'push':
    case 'unshift':
      array.items.push(...args);
      return unknown('');
    case 'reduce':
      return array.items.reduce((sum, item) => call(m, callback, [sum, item], plain), args[1] ?? unknown(''));
    case 'join':
      return array.items.every((item) => item.t === 'const')
        ? constant(
            array.items
              .map((item) => String(item.value))
              .join(callback.t === 'const' ? String(callback.value) : ','),
          )
        : { t: 'unknown', label: '', text: true };
    default:
      return undefined;
  }
}

/** Functions of the language and of `node:path` that keep values known, by how they are written. */
export function globalCall(m: Machine, label: string, args: readonly Value[]): Value | undefined {
  const [first = unknown('')] = args;
  const known = first.t === 'object' || first.t === 'module' || first.t === 'array' || first.t === 'instance';
  switch (label) {
    case 'Object.freeze':
    case 'Object.seal':
    case 'Promise.resolve':
    case 'Promise.all':
    case 'Array.from':
    case 'Array.of':
      return label === 'Array.of' ? { t: 'array', items: [...args] } : first;
    case 'Object.keys':
      return known ? { t: 'array', items: [...keysOf(m, first)] } : undefined;
    case 'Object.values':
      return known ? { t: 'array', items: [...entriesOf(m, first).values()] } : undefined;
    case 'Object.entries':
      return known
        ? {
            t: 'array',
            items: [...entriesOf(m, first)].map(([key, value]) => ({
              t: 'array',
              items: [constant(key), value],
            })),
          }
        : undefined;
    case 'Object.assign': {
      if (first.t !== 'object') return first;
      for (const source of args.slice(1)) spreadInto(m, first.props, source);
      return first;
    }
    case 'String':
      return first.t === 'const'
        ? constant(String(first.value))
        : { t: 'unknown', label: 'String', text: true };
    case 'path.join':
    case 'path.posix.join':
    case 'node:path.join':
    case 'node:path.posix.join':
      return args.every((arg) => arg.t === 'const')
        ? constant(
            args
              .map((arg) => String(arg.value))
              .join('/')
              .replaceAll(/\/{2,}/g, '/'),
          )
        : { t: 'unknown', label, text: true };
    default:
      return undefined;
  }
}
