// AssemblyScript: `node scripts/wasm.ts` compiles it into `../wasm.ts`.
// Keys by their bytes, and families: what spans of one kind have in common, byte by byte.

import { hashOf, mix, same } from './json';
import {
  ARENA_BYTES,
  arena,
  families,
  FAMILY_SLOTS,
  familyTable,
  input,
  KEY_SLOTS,
  keyBytes,
  keyTable,
  MAX_FAMILIES,
  MAX_PIECES,
  pieces,
} from './layout';

let keysUsed: usize = keyBytes;
let familyCount: u32 = 0;
let arenaUsed: usize = arena;
let pieceCount: u32 = 0;
let full: bool = false;

export function familiesKnown(): u32 {
  return familyCount;
}

/** True since there was no room for a family. */
export function isFull(): bool {
  return full;
}

/** Enters the key whose bytes stand at the input. */
export function addKey(length: u32, id: u32): void {
  memory.copy(keysUsed, input, length);
  const hash = hashOf(input, length);
  let slot = hash & (KEY_SLOTS - 1);
  while (load<u32>(keyTable + slot * 16 + 12) != 0) slot = (slot + 1) & (KEY_SLOTS - 1);
  const at = keyTable + slot * 16;
  store<u32>(at, hash);
  store<u32>(at + 4, <u32>keysUsed);
  store<u32>(at + 8, length);
  store<u32>(at + 12, id);
  keysUsed += length;
}

/** Forgets all families. */
export function reset(): void {
  memory.fill(familyTable, 0, FAMILY_SLOTS * 4);
  familyCount = 0;
  arenaUsed = arena;
  full = false;
}

/** Id of a key, 0 for one that means nothing here. */
export function keyId(p: usize, length: u32): u32 {
  const hash = hashOf(p, length);
  let slot = hash & (KEY_SLOTS - 1);
  while (true) {
    const at = keyTable + slot * 16;
    const id = load<u32>(at + 12);
    if (id == 0) return 0;
    if (load<u32>(at) == hash && load<u32>(at + 8) == length && same(load<u32>(at + 4), p, length)) return id;
    slot = (slot + 1) & (KEY_SLOTS - 1);
  }
}

/** Begins a family; its first piece is the name, empty until it is met. */
export function beginPieces(): void {
  pieceCount = 1;
  setName(0, 0);
}

export function setName(p: usize, length: u32): void {
  store<u32>(pieces, <u32>p);
  store<u32>(pieces, length, 4);
}

export function piece(p: usize, length: u32): bool {
  if (pieceCount >= MAX_PIECES) return false;
  const at = pieces + pieceCount * 8;
  store<u32>(at, <u32>p);
  store<u32>(at + 4, length);
  pieceCount++;
  return true;
}

/** Number of the family that the pieces make with kind and code; negative where there is no room. */
export function familyOf(kind: u32, code: u32): i32 {
  let hash: u64 = kind * 8 + code;
  for (let i: u32 = 0; i < pieceCount; i++) {
    let p: usize = load<u32>(pieces + i * 8);
    let left = load<u32>(pieces + i * 8 + 4);
    if (left == 0) {
      hash = mix(hash, p);
      continue;
    }
    while (left >= 8) {
      hash = mix(hash, load<u64>(p));
      p += 8;
      left -= 8;
    }
    hash = mix(hash, load<u64>(p) & (((<u64>1) << (left * 8)) - 1));
  }
  const short = <u32>hash;
  let slot = short & (FAMILY_SLOTS - 1);
  while (true) {
    const number = load<u32>(familyTable + slot * 4);
    if (number == 0) break;
    const at = families + (number - 1) * 16;
    if (load<u32>(at) == short && isFamily(load<u32>(at + 4), load<u32>(at + 8), kind * 8 + code))
      return number - 1;
    slot = (slot + 1) & (FAMILY_SLOTS - 1);
  }
  return newFamily(slot, short, kind * 8 + code);
}

/** Stored: the head, then each piece as its length and its bytes, or 0 and a key. */
function isFamily(p: usize, length: u32, head: u32): bool {
  const end = p + length;
  if (load<u32>(p) != head) return false;
  p += 4;
  for (let i: u32 = 0; i < pieceCount; i++) {
    const from: usize = load<u32>(pieces + i * 8);
    const size = load<u32>(pieces + i * 8 + 4);
    if (p >= end || load<u32>(p) != size) return false;
    p += 4;
    if (size == 0) {
      if (load<u32>(p) != <u32>from) return false;
      p += 4;
    } else {
      if (!same(p, from, size)) return false;
      p += size;
    }
  }
  return p == end;
}

function newFamily(slot: u32, hash: u32, head: u32): i32 {
  let size: u32 = 4;
  for (let i: u32 = 0; i < pieceCount; i++) size += 8 + load<u32>(pieces + i * 8 + 4);
  if (familyCount >= MAX_FAMILIES || arenaUsed + size + 8 > arena + ARENA_BYTES) {
    full = true;
    return -1;
  }
  let p = arenaUsed;
  store<u32>(p, head);
  p += 4;
  for (let i: u32 = 0; i < pieceCount; i++) {
    const from: usize = load<u32>(pieces + i * 8);
    const length = load<u32>(pieces + i * 8 + 4);
    store<u32>(p, length);
    p += 4;
    if (length == 0) {
      store<u32>(p, <u32>from);
      p += 4;
    } else {
      memory.copy(p, from, length);
      p += length;
    }
  }
  const at = families + familyCount * 16;
  store<u32>(at, hash);
  store<u32>(at + 4, <u32>arenaUsed);
  store<u32>(at + 8, <u32>(p - arenaUsed));
  store<u32>(familyTable + slot * 4, ++familyCount);
  arenaUsed = p;
  return familyCount - 1;
}
