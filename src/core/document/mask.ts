const MASK = '<*>';
const LONGEST_READ = 600;
const LONGEST_KEPT = 200;

/** Property names that V8 quotes in its own messages come from code, not from a user. */
const CODE_QUOTE = /\((?:reading|setting) '[A-Za-z_$]{1,60}$/;

const RULES: readonly (readonly [RegExp, string])[] = [
  [/\{.*\}/g, `{${MASK}}`],
  [/"[^"]*"/g, `"${MASK}"`],
  [/`[^`]*`/g, `\`${MASK}\``],
  [/“[^”]*”|«[^»]*»|‘[^’]*’/g, MASK],
  [/\b[a-z][a-z0-9+.-]{0,20}:\/\/\S+/gi, MASK],
  [/[^\s<>()]+@[^\s<>()]+/g, MASK],
  [
    /\b(pass(?:word|wd|phrase)?|pwd|secret|token|api[-_ ]?key|authori[sz]ation|credentials?|cookie|session)(\s*[:=]\s*)(?:(?:bearer|basic)\s+)?\S+/gi,
    `$1$2${MASK}`,
  ],
  [/\b(bearer|basic)\s+[\w.+/=~-]{6,}/gi, `$1 ${MASK}`],
  [/(?:[A-Za-z]:)?(?:[\\/][\w.@+~-]+){2,}[\\/]?/g, MASK],
  [/[\w.+/:=-]*\d[\w.+/:=-]*/g, MASK],
  [/[A-Za-z+/_=-]{40,}/g, MASK],
  [/<\*>(?:[\s,;]*<\*>)+/g, MASK],
];

/** One line without control characters, text direction marks and half surrogate pairs. */
export function oneLine(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .replace(/[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g, '')
    .trim();
}

function shortened(text: string, length: number): string {
  const points = Array.from(text);
  return points.length <= length ? text : `${points.slice(0, length - 1).join('')}…`;
}

/**
 * An error message fit for a committed file: first line only, with quoted text, addresses, paths, secrets and
 * every word with a digit replaced by `<*>`. Unquoted words that a user typed cannot be told from the program's.
 */
export function maskMessage(message: string): string {
  const first = oneLine(
    message
      .slice(0, LONGEST_READ)
      .trim()
      .split(/[\r\n]/, 1)[0] ?? '',
  );
  const quotes = first.replace(/(^|[^\w])'([^']*)'/g, (whole, before: string, inner: string, at: number) => {
    const head = first.slice(Math.max(0, at - 10), at) + before + "'" + inner;
    return CODE_QUOTE.test(head) ? whole : `${before}'${MASK}'`;
  });
  const masked = RULES.reduce((text, [pattern, by]) => text.replace(pattern, by), quotes);
  return shortened(masked, LONGEST_KEPT);
}

/** An exception's type as it is when it reads like a name in code, masked like a message otherwise. */
export function maskType(type: string): string {
  const name = oneLine(type);
  return /^(?:[A-Za-z_$][\w$]{0,59}[.:/]{0,2}){1,6}$/.test(name) && !/\d{6}/.test(name)
    ? name
    : maskMessage(type);
}
