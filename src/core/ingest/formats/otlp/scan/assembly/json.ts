// AssemblyScript: `node scripts/wasm.ts` compiles it into `../wasm.ts`.
// The grammar of JSON over zero-ended bytes: each function gives where it got to, or 0 for anything not valid or not known for certain.

const MAX_DEPTH: i32 = 200;

export function blank(p: usize): usize {
  let c = load<u8>(p);
  while (c == 32 || c == 10 || c == 13 || c == 9) c = load<u8>(++p);
  return p;
}

/** `p` behind the opening quote; behind the closing one, or 0. */
export function text(p: usize): usize {
  while (true) {
    const v = v128.load(p);
    const m = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(v, i8x16.splat(34)), i8x16.eq(v, i8x16.splat(92))),
        i8x16.lt_u(v, i8x16.splat(32)),
      ),
    );
    if (m == 0) {
      p += 16;
      continue;
    }
    p += ctz(m);
    const c = load<u8>(p);
    if (c == 34) return p + 1;
    if (c != 92) return 0;
    const e = load<u8>(p + 1);
    if (e == 117) {
      if (!hex(load<u8>(p + 2)) || !hex(load<u8>(p + 3)) || !hex(load<u8>(p + 4)) || !hex(load<u8>(p + 5)))
        return 0;
      // Perhaps half a character: to be mended and counted by the plain decoder.
      if ((load<u8>(p + 2) | 32) == 100 && load<u8>(p + 3) > 55) return 0;
      p += 6;
    } else if (e == 34 || e == 92 || e == 47 || e == 98 || e == 102 || e == 110 || e == 114 || e == 116)
      p += 2;
    else return 0;
  }
}

/** As `text`, but without escapes. */
export function plain(p: usize): usize {
  while (true) {
    const v = v128.load(p);
    const m = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(v, i8x16.splat(34)), i8x16.eq(v, i8x16.splat(92))),
        i8x16.lt_u(v, i8x16.splat(32)),
      ),
    );
    if (m == 0) {
      p += 16;
      continue;
    }
    p += ctz(m);
    return load<u8>(p) == 34 ? p + 1 : 0;
  }
}

export function hex(c: u8): bool {
  return (c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 102);
}

export function digit(c: u8): bool {
  return c >= 48 && c <= 57;
}

/** Behind a number, or 0. */
export function numeral(p: usize): usize {
  if (load<u8>(p) == 45) p++;
  if (load<u8>(p) == 48) p++;
  else {
    if (!digit(load<u8>(p))) return 0;
    while (digit(load<u8>(p))) p++;
  }
  if (load<u8>(p) == 46) {
    if (!digit(load<u8>(++p))) return 0;
    while (digit(load<u8>(p))) p++;
  }
  if ((load<u8>(p) | 32) == 101) {
    p++;
    const sign = load<u8>(p);
    if (sign == 43 || sign == 45) p++;
    if (!digit(load<u8>(p))) return 0;
    while (digit(load<u8>(p))) p++;
  }
  return p;
}

/** Behind any value, or 0 where it is not valid. */
export function value(p: usize, depth: i32): usize {
  if (depth > MAX_DEPTH) return 0;
  const c = load<u8>(p);
  if (c == 34) return text(p + 1);
  if (c == 123) {
    p = blank(p + 1);
    if (load<u8>(p) == 125) return p + 1;
    while (true) {
      if (load<u8>(p) != 34) return 0;
      p = text(p + 1);
      if (p == 0) return 0;
      p = blank(p);
      if (load<u8>(p) != 58) return 0;
      p = value(blank(p + 1), depth + 1);
      if (p == 0) return 0;
      p = blank(p);
      const d = load<u8>(p);
      if (d == 125) return p + 1;
      if (d != 44) return 0;
      p = blank(p + 1);
    }
  }
  if (c == 91) {
    p = blank(p + 1);
    if (load<u8>(p) == 93) return p + 1;
    while (true) {
      p = value(p, depth + 1);
      if (p == 0) return 0;
      p = blank(p);
      const d = load<u8>(p);
      if (d == 93) return p + 1;
      if (d != 44) return 0;
      p = blank(p + 1);
    }
  }
  if (c == 116) return load<u32>(p) == 0x65757274 ? p + 4 : 0;
  if (c == 110) return load<u32>(p) == 0x6c6c756e ? p + 4 : 0;
  if (c == 102) return load<u32>(p + 1) == 0x65736c61 ? p + 5 : 0;
  return numeral(p);
}

export function mix(hash: u64, word: u64): u64 {
  const mixed = (hash ^ word) * 0x9e3779b97f4a7c15;
  return mixed ^ (mixed >> 32);
}

export function hashOf(p: usize, length: u32): u32 {
  let hash: u64 = length;
  let left = length;
  while (left >= 8) {
    hash = mix(hash, load<u64>(p));
    p += 8;
    left -= 8;
  }
  if (left > 0) hash = mix(hash, load<u64>(p) & (((<u64>1) << (left * 8)) - 1));
  return <u32>hash;
}

export function same(a: usize, b: usize, length: u32): bool {
  while (length >= 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
    length -= 8;
  }
  return length == 0 || ((load<u64>(a) ^ load<u64>(b)) & (((<u64>1) << (length * 8)) - 1)) == 0;
}

/** Behind an id of `digits` lower-case hex digits in quotes, not all zero; 0 for anything else. */
export function id(p: usize, digits: u32): usize {
  if (load<u8>(p) != 34) return 0;
  let any: u8 = 0;
  const from = p + 1;
  for (let at: u32 = 0; at < digits; at += 16) {
    const v = v128.load(from + at);
    const numeric = v128.and(i8x16.ge_u(v, i8x16.splat(48)), i8x16.le_u(v, i8x16.splat(57)));
    const letter = v128.and(i8x16.ge_u(v, i8x16.splat(97)), i8x16.le_u(v, i8x16.splat(102)));
    if (!i8x16.all_true(v128.or(numeric, letter))) return 0;
    if (v128.any_true(v128.xor(v, i8x16.splat(48)))) any = 1;
  }
  return any == 1 && load<u8>(from + digits) == 34 ? from + digits + 1 : 0;
}
