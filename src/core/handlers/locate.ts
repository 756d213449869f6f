import { joinPath } from './project.ts';

/** Outcome of matching an untrusted path against the files that the index knows. */
export type Located =
  | { readonly k: 'files'; readonly files: readonly string[]; readonly exact: boolean }
  | { readonly k: 'outside' }
  | { readonly k: 'absent' };

export interface PathMapping {
  readonly from: string;
  readonly to: string;
}

const stemOf = (segment: string): string => segment.replace(/\.[cm]?[jt]sx?$/, '');

/** Matches paths as telemetry reports them (containers, compiled files, Windows) against workspace files by their longest common suffix. */
export function createLocator(
  files: Iterable<string>,
  mappings: readonly PathMapping[],
): (path: string) => Located {
  const byName = new Map<string, { readonly path: string; readonly segments: readonly string[] }[]>();
  const byStem = new Map<string, string>();
  for (const path of new Set(files)) {
    const segments = path.split('/');
    const name = stemOf(segments.at(-1) ?? '');
    const list = byName.get(name);
    if (list === undefined) byName.set(name, [{ path, segments }]);
    else list.push({ path, segments });
    byStem.set(stemOf(path), path);
  }
  return (reported) => {
    const path = plainPath(reported);
    for (const { from, to } of mappings) {
      const prefix = plainPath(from).replace(/\/+$/, '');
      if (path !== prefix && !path.startsWith(`${prefix}/`)) continue;
      const mapped = joinPath(to, path.slice(prefix.length));
      if (mapped === null || isAbsolute(plainPath(to))) return { k: 'outside' };
      const file = byStem.get(stemOf(mapped));
      return file === undefined ? { k: 'absent' } : { k: 'files', files: [file], exact: true };
    }
    const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
    if (segments.includes('..')) return { k: 'outside' };
    if (segments.includes('node_modules')) return { k: 'absent' };
    return longestSuffix(byName.get(stemOf(segments.at(-1) ?? '')) ?? [], segments, isAbsolute(path));
  };
}

function longestSuffix(
  candidates: readonly { readonly path: string; readonly segments: readonly string[] }[],
  segments: readonly string[],
  absolute: boolean,
): Located {
  let best = 0;
  let files: string[] = [];
  for (const candidate of candidates) {
    const length = commonSuffix(candidate.segments, segments);
    if (length > best) [best, files] = [length, [candidate.path]];
    else if (length === best) files.push(candidate.path);
  }
  if (files.length === 0) return { k: absolute ? 'outside' : 'absent' };
  const exact = files.length === 1 && files[0]?.split('/').length === best;
  return { k: 'files', files, exact: exact || best > 1 };
}

function commonSuffix(a: readonly string[], b: readonly string[]): number {
  let length = 1;
  while (length < a.length && length < b.length && a[a.length - 1 - length] === b[b.length - 1 - length])
    length++;
  return length;
}

const plainPath = (path: string): string => path.replace(/^file:\/\//, '').replaceAll('\\', '/');
const isAbsolute = (path: string): boolean => path.startsWith('/') || /^[A-Za-z]:\//.test(path);
