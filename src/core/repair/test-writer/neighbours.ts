import type { Handler } from '../../model/handler.ts';
import type { RecipeInput } from '../recipe.ts';

/** Test files of handlers around this one, those whose set-up likely serves it first. */
export function neighboursOf({
  handler,
  index,
  tests,
}: Pick<RecipeInput, 'handler' | 'index' | 'tests'>): readonly string[] {
  const scores = new Map<string, number>();
  for (const other of index.handlers) {
    const near = nearness(handler, other);
    const files = (tests.get(other.id)?.tests ?? [])
      .filter(({ test }) => test.runner === 'vitest')
      .map(({ test, level }) => ({ file: test.file, score: near + (level === 'called' ? 2 : 0) }));
    for (const { file, score } of files) scores.set(file, Math.max(scores.get(file) ?? 0, score));
  }
  return [...scores]
    .toSorted(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))
    .map(([file]) => file);
}

/** Same function, same router, same route beginnings, same package: the further down the less it says. */
function nearness(handler: Handler, other: Handler): number {
  let score = 0;
  if (other.registration.file === handler.registration.file) score += 16;
  if (other.file === handler.file) score += 8;
  if (other.plugin === handler.plugin) score += 2;
  if (other.package === handler.package) score += 4;
  const segments = (route = ''): readonly string[] => route.split('/').filter((part) => part !== '');
  const [mine, theirs] = [segments(handler.route), segments(other.route)];
  const shared = mine.findIndex((part, i) => part !== theirs[i]);
  return score + 3 * Math.min(4, shared === -1 ? mine.length : shared);
}

/** A free name for a test of the handler in the folder and the manner of the neighbour. */
export function fileFor(handler: Handler, neighbour: string, exists: (file: string) => boolean): string {
  const [, folder = '', base = '', ending = '.test.ts'] =
    /^(.*?)([^/]*?)((?:[._-](?:test|spec))?\.[cm]?[jt]sx?)$/.exec(neighbour) ?? [];
  const words = wordsOf(handler);
  const camel = /[a-z][A-Z]/.test(base);
  const name = camel
    ? words.map((word, i) => (i === 0 && /^[a-z]/.test(base) ? word : capital(word))).join('')
    : words.join('-');
  for (let n = 1; ; n++) {
    const file = `${folder}${name}${n === 1 ? '' : `-${n}`}${ending}`;
    if (!exists(file)) return file;
  }
}

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** Words of the function's own name, else of its method and route; lower case, letters and digits only. */
function wordsOf({ symbol, method = '', route = '' }: Handler): readonly string[] {
  const last = symbol.split('.').at(-1) ?? '';
  const named = /^#?[A-Za-z_$][\w$]*$/.test(last) && last.length > 4;
  const path = route.replaceAll(/[:*{][^/]*/g, '');
  const text = named ? last : symbol.includes('<') ? `${method} ${path}` : `${symbol} ${method}`;
  const words = text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && word !== 'anonymous' && word !== 'api')
    .slice(0, 6);
  return words.length === 0 ? ['handler'] : words;
}
