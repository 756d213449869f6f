/** What stands in place of an id. */
const ID = ':id';
const MAX_TEXT = 200;
const MAX_STATEMENT = 2000;
const MAX_KNOWN = 5000;

/** A path with ids (numbers, UUIDs, hexadecimal, long tokens, `ord-00411`) masked; one segment of words stays as it is. */
export function maskPath(path: string): string {
  const whole = path.length > MAX_STATEMENT ? path.slice(0, MAX_STATEMENT) : path;
  let masked = '';
  for (let from = 0; from <= whole.length && masked.length < MAX_TEXT;) {
    const slash = whole.indexOf('/', from);
    const to = slash < 0 ? whole.length : slash;
    masked += maskSegment(whole.slice(from, to)) + (slash < 0 ? '' : '/');
    from = to + 1;
  }
  return masked.length > MAX_TEXT ? masked.slice(0, MAX_TEXT) : masked;
}

/** A name with the words masked that are ids. */
export function maskName(name: string): string {
  return name
    .slice(0, MAX_TEXT)
    .split(' ')
    .map((word) => word.split('/').map(maskSegment).join('/'))
    .join(' ');
}

/** An SQL statement with literals masked, lists of them as one, in one line. */
export function maskStatement(statement: string): string {
  return statement
    .slice(0, MAX_STATEMENT)
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\//gu, ' ')
    .replace(/'(?:[^']|'')*(?:'|$)/gu, '?')
    .replace(/"(?:[^"]*)(?:"|$)/gu, (found) => (/^"[\p{L}_][\p{L}\p{N}_]{0,60}"$/u.test(found) ? found : '?'))
    .replace(/\$\d+|(?<![\p{L}\p{N}_])[:@][\p{L}_][\p{L}\p{N}_]*/gu, '?')
    .replace(/(?<![\p{L}\p{N}_])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\p{L}\p{N}_])/giu, '?')
    .replace(/\s+/gu, ' ')
    .replace(/\?(?: ?, ?\?)+/gu, '?')
    .replace(/\(\?\)(?: ?, ?\(\?\))+/gu, '(?)')
    .trim()
    .slice(0, MAX_TEXT);
}

function maskSegment(segment: string): string {
  return isId(segment) ? ID : segment;
}

function isId(segment: string): boolean {
  if (segment === '' || segment.length > 40) return segment !== '';
  let digits = 0;
  for (let at = 0; at < segment.length; at++) {
    const code = segment.charCodeAt(at);
    if (code >= 48 && code <= 57) digits++;
  }
  if (digits === 0) return false;
  if (digits === segment.length || digits >= 3) return true;
  return /[-_.~:]\d+$/u.test(segment) || /^[\da-f]{8,}$/iu.test(segment);
}

/** Half characters, which telemetry may hold and a cut may leave, replaced: not every storage gives them back. */
export function wellFormed(text: string): string {
  return /[\ud800-\udfff]/u.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd') : text;
}

/** Remembers answers by their question, up to a bound; telemetry repeats itself. */
export function remembered<T extends string | boolean>(
  answer: (question: string) => T,
): (question: string) => T {
  const known = new Map<string, T>();
  return (question) => {
    let found = known.get(question);
    if (found === undefined) {
      found = answer(question);
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(question, found);
    }
    return found;
  };
}
