/** Source text of a string with any content: what could end the literal, break the line or hide from a reader is escaped. */
export function literalOf(text: string, quote: "'" | '"'): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll(quote, `\\${quote}`);
  // Invisible characters (line separators, bidirectional marks, private use) would make the source look like another.
  return `${quote}${inner.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu, escaped)}${quote}`;
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** A value of JSON as source text on one line, its keys without quotes where they can be. */
export function valueOf(value: unknown, quote: "'" | '"'): string {
  if (typeof value === 'string') return literalOf(value, quote);
  if (Array.isArray(value)) return `[${value.map((item) => valueOf(item, quote)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(
      ([key, item]) => `${keyOf(key, quote)}: ${valueOf(item, quote)}`,
    );
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  return JSON.stringify(value);
}

/** `__proto__` would set the prototype of a literal. */
export function keyOf(key: string, quote: "'" | '"'): string {
  if (key === '__proto__') return `[${literalOf(key, quote)}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : literalOf(key, quote);
}
