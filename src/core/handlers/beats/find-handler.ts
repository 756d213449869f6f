import type { Sequence } from '../../model/sequence.ts';
import type { CodeAccess } from '../framework.ts';
import { dirOf, type PackageFacts } from '../project.ts';
import { isTestFile } from '../test-file.ts';
import { functionOf, labelOf, type Value } from '../value.ts';

/** The function that a beat names, or why it has none. */
export type FoundHandler =
  | { readonly k: 'found'; readonly value: Value }
  | { readonly k: 'lost'; readonly code: string; readonly reason: string };

/** The module that a sequence's handlers come from. */
type Home =
  | { readonly k: 'module'; readonly path: string; readonly package: PackageFacts | undefined }
  | { readonly k: 'lost'; readonly code: string; readonly reason: string };

const lost = (code: string, reason: string) => ({ k: 'lost', code, reason }) as const;

/**
 * Finds handlers of one sequence by name: in the exported object `handlers` of its module, else among the functions that
 * the module exports, else the only one of that name that any module of the package exports in these ways.
 */
export function handlerFinder(sequence: Sequence, code: CodeAccess): (name: string) => FoundHandler {
  const home = homeOf(sequence, code);
  return (given) => {
    if (home.k === 'lost' && home.code !== 'no-entry') return home;
    const parts = given.split('#');
    const name = parts.at(-1) ?? given;
    const own = home.k === 'module' ? exportedHandler(code, home.path, name) : undefined;
    if (own !== undefined) return checked(own, given);
    const holder = home.k === 'module' ? home.package : holderOf(sequence, code);
    const elsewhere = inPackage(code, holder, name, parts.length > 1 ? (parts[0] ?? '') : '');
    const [only, ...others] = elsewhere;
    if (only === undefined) {
      const where = home.k === 'module' ? home.path : (holder?.name ?? sequence.file);
      return lost(
        'handler-not-found',
        `${quoted(name)} is no handler or exported function of ${where}, nor of its package.`,
      );
    }
    return others.length === 0
      ? checked(only.value, given)
      : lost(
          'ambiguous-handler',
          `${quoted(name)} is exported by ${placesOf(elsewhere)}: nothing tells which is meant.`,
        );
  };
}

function homeOf(sequence: Sequence, code: CodeAccess): Home {
  const { handlersPath, file } = sequence;
  if (handlersPath !== undefined) {
    const resolved = code.resolve(file, handlersPath);
    if (resolved.k !== 'file')
      return lost(
        'module-not-found',
        `The index names ${quoted(handlersPath)} for its handlers, which is not in the workspace.`,
      );
    return { k: 'module', path: resolved.path, package: packageAt(code, resolved.path) };
  }
  const holder = holderOf(sequence, code);
  if (holder === undefined)
    return lost(
      'no-package',
      'No index names its handlers, and no package below the root of the workspace holds the file.',
    );
  const entry = holder.name === '' ? undefined : code.resolve(file, holder.name);
  return entry?.k === 'file'
    ? { k: 'module', path: entry.path, package: holder }
    : lost('no-entry', `The package ${holder.name || holder.dir} has no entry in the workspace.`);
}

const packageAt = ({ project }: CodeAccess, path: string): PackageFacts | undefined =>
  project.packages.find(({ dir }) => dir === '' || path.startsWith(`${dir}/`));

/** The package around the folder of sequences: a package.json inside of that folder is none of code. */
function holderOf({ file }: Sequence, code: CodeAccess): PackageFacts | undefined {
  const folder = /^(.*?)(^|\/)json-sequences\//.exec(file)?.[1] ?? dirOf(file);
  const holder = packageAt(code, `${folder}/`.replace(/^\//, ''));
  const isLone = code.project.packages.length === 1;
  return holder !== undefined && (holder.dir !== '' || isLone) ? holder : undefined;
}

function exportedHandler(code: CodeAccess, path: string, name: string): Value | undefined {
  const handlers = code.exported(path, 'handlers');
  const value = handlers && code.property(handlers, name);
  if (value !== undefined) return value;
  const plain = code.exported(path, name);
  return plain !== undefined && functionOf(plain) !== undefined ? plain : undefined;
}

interface Elsewhere {
  readonly path: string;
  readonly value: Value;
}

/** What modules of a package export by a name; of several those whose path holds the words of `area`. */
function inPackage(
  code: CodeAccess,
  holder: PackageFacts | undefined,
  name: string,
  area: string,
): readonly Elsewhere[] {
  if (holder === undefined) return [];
  const byFunction = new Map<string, Elsewhere>();
  for (const path of code.files()) {
    if ((holder.dir !== '' && !path.startsWith(`${holder.dir}/`)) || isTestFile(path)) continue;
    if (packageAt(code, path) !== holder) continue;
    const value = exportedHandler(code, path, name);
    const fn = value && functionOf(value);
    if (value !== undefined && fn !== undefined)
      byFunction.set(`${fn.file.path}#${fn.index}`, { path: fn.file.path, value });
  }
  const all = [...byFunction.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const words = area
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
  const near = all.filter(
    ({ path }) => words.length > 0 && words.every((word) => path.toLowerCase().includes(word)),
  );
  return near.length > 0 ? near : all;
}

function checked(value: Value, name: string): FoundHandler {
  if (functionOf(value) !== undefined) return { k: 'found', value };
  const of =
    value.t === 'external'
      ? `comes from the package ${value.package}`
      : 'could not be followed to a function';
  return lost(
    'not-followed',
    `${quoted(name)} ${of}${value.t === 'unknown' && labelOf(value) !== '' ? ` (${labelOf(value)})` : ''}.`,
  );
}

const placesOf = (all: readonly Elsewhere[]): string =>
  all
    .slice(0, 3)
    .map(({ path }) => path)
    .join(', ') + (all.length > 3 ? ` and ${all.length - 3} more` : '');

const quoted = (text: string): string => `"${text.replaceAll(/\s+/g, ' ').slice(0, 120)}"`;
