import { isUtf8 } from 'node:buffer';

/** Turns bytes of protobuf strings into text; what comes again is not made again. */
export interface Texts {
  /** `onMended` is called where the bytes are not UTF-8 and U+FFFD stands for what is wrong. */
  readonly text: (bytes: Buffer, from: number, to: number, onMended: () => void) => string;
}

const slots = 4096;
/** Longer texts are seldom the same twice. */
const longest = 96;

/** A bounded memory of short ASCII texts, found by a few of their bytes and compared with all of them. */
export function createTexts(): Texts {
  const known = new Array<string>(slots).fill('');
  return {
    text(bytes, from, to, onMended) {
      const length = to - from;
      if (length === 0) return '';
      if (length > longest) return decode(bytes, from, to, onMended);
      const slot = slotOf(bytes, from, length);
      const seen = known[slot] as string;
      if (seen.length === length && isAt(seen, bytes, from)) return seen;
      const text = decode(bytes, from, to, onMended);
      // A text with other characters than ASCII is not found again: no byte equals its character.
      known[slot] = text;
      return text;
    },
  };
}

function slotOf(bytes: Buffer, from: number, length: number): number {
  const last = from + length - 1;
  let hash = length;
  hash = Math.imul(hash ^ (bytes[from] as number), 0x01000193);
  hash = Math.imul(hash ^ (bytes[from + (length >> 1)] as number), 0x01000193);
  hash = Math.imul(hash ^ (bytes[from + (length >> 2)] as number), 0x01000193);
  hash = Math.imul(hash ^ (bytes[last - (length >> 2)] as number), 0x01000193);
  hash = Math.imul(hash ^ (bytes[last - (length > 1 ? 1 : 0)] as number), 0x01000193);
  hash = Math.imul(hash ^ (bytes[last] as number), 0x01000193);
  return (hash ^ (hash >>> 15)) & (slots - 1);
}

function isAt(text: string, bytes: Buffer, from: number): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) !== bytes[from + index]) return false;
  }
  return true;
}

function decode(bytes: Buffer, from: number, to: number, onMended: () => void): string {
  const text = bytes.toString('utf8', from, to);
  if (text.includes('\uFFFD') && !isUtf8(bytes.subarray(from, to))) onMended();
  return text;
}
