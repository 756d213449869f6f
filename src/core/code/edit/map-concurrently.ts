import type { Style } from './style.ts';

/**
 * Source of a function that runs rounds side by side and answers as the rounds one after the other would: results in the
 * order of the items, of several failures the one of the first item, no new round after a failure, nothing left unhandled.
 */
export function helperSource(name: string, typed: boolean, style: Style): string {
  const lines = typed
    ? [
        `async function ${name}<T, R>(`,
        '  items: Iterable<T>,',
        '  limit: number,',
        `  work: (item: T) => Promise<R>${style.comma}`,
        '): Promise<R[]> {',
        '  const results: R[] = [];',
        '  const failures = new Map<number, unknown>();',
      ]
    : [
        `async function ${name}(items, limit, work) {`,
        '  const results = [];',
        '  const failures = new Map();',
      ];
  const source = [
    '/**',
    ' * Does `work` for every item, at most `limit` at a time. Results keep the order of the items. After a',
    ' * failure nothing new is started, and of several failures the one of the first item is thrown.',
    ' */',
    ...lines,
    '  const waiting = [...items].entries();',
    `  const worker = async ()${typed ? ': Promise<void>' : ''} => {`,
    '    for (const [index, item] of waiting) {',
    '      if (failures.size > 0) return;',
    '      try {',
    '        results[index] = await work(item);',
    '      } catch (error) {',
    '        failures.set(index, error);',
    '      }',
    '    }',
    '  };',
    '  await Promise.all(Array.from({ length: limit }, worker));',
    '  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));',
    '  return results;',
    '}',
  ];
  return source
    .map((line) => line.replace(/^(?: {2})+/, (spaces) => style.indent.repeat(spaces.length / 2)))
    .map((line) => (style.semicolon === '' ? line.replace(/;$/, '') : line))
    .join('\n');
}

/** Name for the helper in a file: that of the same helper where it stands already, else one that nothing else has. */
export function helperIn(
  text: string,
  typed: boolean,
  style: Style,
): { readonly name: string; readonly present: boolean } {
  for (const name of ['mapConcurrently', 'mapBounded', 'mapWithLimit', 'mapSideBySide']) {
    if (text.includes(helperSource(name, typed, style))) return { name, present: true };
    if (!new RegExp(`\\b${name}\\b`).test(text)) return { name, present: false };
  }
  let serial = 2;
  while (text.includes(`mapConcurrently${serial}`)) serial++;
  return { name: `mapConcurrently${serial}`, present: false };
}
