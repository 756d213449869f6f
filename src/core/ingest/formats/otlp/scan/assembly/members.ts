// AssemblyScript: `node scripts/wasm.ts` compiles it into `../wasm.ts`.
import { keyId } from './families';
import { blank, plain } from './json';

export let seenKey: u32 = 0;

/** Reads `"key":` and leaves its id in `seenKey`; the start of the value, or 0. */
export function member(p: usize): usize {
  if (load<u8>(p) != 34) return 0;
  const from = p + 1;
  p = plain(from);
  if (p == 0) return 0;
  seenKey = keyId(from, <u32>(p - 1 - from));
  if (load<u8>(p) != 58) {
    p = blank(p);
    if (load<u8>(p) != 58) return 0;
  }
  return blank(p + 1);
}
