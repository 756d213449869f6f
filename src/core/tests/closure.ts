import type { FileFacts } from '../code/facts.ts';
import type { ResolveImport } from './reader.ts';

/** Files that a file imports, directly or not, itself included; types do not count. Kept until the graph is made anew. */
export function createImportGraph(
  facts: ReadonlyMap<string, FileFacts>,
  resolve: ResolveImport,
): (path: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>();
  const direct = new Map<string, readonly string[]>();
  const importsOf = (path: string): readonly string[] => {
    let list = direct.get(path);
    if (list === undefined) {
      list = (facts.get(path)?.imports ?? []).flatMap(({ source, kind }) => {
        const resolved = kind === 'type' ? undefined : resolve(path, source);
        return resolved?.k === 'file' ? [resolved.path] : [];
      });
      direct.set(path, list);
    }
    return list;
  };
  return (path) => {
    let reach = known.get(path);
    if (reach === undefined) {
      const found = new Set([path]);
      for (const at of found) for (const next of importsOf(at)) found.add(next);
      reach = found;
      known.set(path, reach);
    }
    return reach;
  };
}
