import { toUSVString } from 'node:util';
import { isObject } from './raw.ts';

/** Deeper values are left as they are; attributes cut them off anyway. */
const maxDepth = 500;
const surrogateEscape = /\\u[dD][89a-fA-F]/;

/** Cheap test whether parsing this JSON could give a string with a lone surrogate (raw bytes cannot: they become U+FFFD). */
export function mayHoldLoneSurrogate(json: string): boolean {
  return surrogateEscape.test(json);
}

/** A copy in which lone surrogates are U+FFFD; `onMended` is called once for each mended string. */
export function wellFormed(value: unknown, onMended: () => void, depth = 0): unknown {
  if (typeof value === 'string') {
    const mended = toUSVString(value);
    if (mended !== value) onMended();
    return mended;
  }
  if (depth > maxDepth) return value;
  if (Array.isArray(value)) return value.map((item) => wellFormed(item, onMended, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [toUSVString(key), wellFormed(item, onMended, depth + 1)]),
  );
}
