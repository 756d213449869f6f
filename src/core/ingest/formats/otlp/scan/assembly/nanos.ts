// AssemblyScript: `node scripts/wasm.ts` compiles it into `../wasm.ts`.
import { digit } from './json';

export let seenNanos: u64 = 0;

/** Reads nanoseconds since the epoch, with or without quotes, into `seenNanos`. */
export function nanos(p: usize): usize {
  const quoted = load<u8>(p) == 34;
  if (quoted) p++;
  const from = p;
  let n: u64 = 0;
  while (true) {
    const c = load<u8>(p);
    if (!digit(c)) break;
    n = n * 10 + (c - 48);
    p++;
  }
  const digits = p - from;
  if (digits == 0 || digits > 19) return 0;
  if (!quoted) {
    // JSON allows no zeros in front, and the plain decoder rounds what is shorter than a time of our days.
    if (digits < 16) return 0;
    if (load<u8>(from) == 48) return 0;
    const c = load<u8>(p);
    if (c == 46 || (c | 32) == 101) return 0;
  } else if (load<u8>(p++) != 34) return 0;
  seenNanos = n;
  return p;
}
