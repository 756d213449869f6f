import type { LoopAwait } from '../code/analysis.ts';

/** Words that say nothing about what is called. */
const COMMON = new Set(
  'get post put patch delete head options client http https internal producer api rest call query select from where and the of by id ids with for await this call select insert update into set json data async'.split(
    ' ',
  ),
);

/**
 * How well a loop's awaited call fits the name of what telemetry saw repeated, 0 to 1: the share of the name's words that
 * stand in literals beneath the call (`/stock/`), or, for less, in the names of what is called.
 */
export function affinity(childName: string, { literals, callee, definition }: LoopAwait): number {
  const wanted = wordsOf(childName);
  if (wanted.size === 0) return 0;
  const written = new Set(literals.flatMap((literal) => [...wordsOf(literal)]));
  const named = wordsOf(`${callee} ${definition?.symbol ?? ''} ${definition?.file ?? ''}`);
  let score = 0;
  for (const word of wanted) score += written.has(word) ? 1 : named.has(word) ? 0.6 : 0;
  return score / wanted.size;
}

/** Words in lower case without plural, parts of camel case apart, masks (`:sku`, `{id}`, `?`) and common words left out. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text
    .slice(0, 2000)
    .replaceAll(/:\w+|\{[^}]*\}|<[^>]*>|\*/g, ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/[a-z][a-z0-9]+/g);
  const kept = (words ?? []).filter((word) => word.length > 2 && !COMMON.has(word));
  return new Set(kept.map((word) => (word.length > 3 ? word.replace(/(?<!s)s$/, '') : word)));
}
