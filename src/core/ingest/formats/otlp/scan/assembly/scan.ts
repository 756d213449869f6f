// AssemblyScript: `node scripts/wasm.ts` compiles it into `../wasm.ts`.
// One pass over a request that leaves a row per span, and gives up on anything it does not know for certain: the plain
// decoder then says what the request holds, and what is wrong with it.

import { addKey, familiesKnown, isFull, reset } from './families';
import { blank, value } from './json';
import {
  groups,
  input,
  LIBRARY,
  LIBRARY_SPANS,
  MAX_GROUPS,
  MAX_SCOPES,
  RESOURCE,
  RESOURCE_LOGS,
  RESOURCE_METRICS,
  RESOURCE_SPANS,
  SCOPE,
  SCOPE_SPANS,
  scopes,
  SPANS,
} from './layout';
import { member, seenKey } from './members';
import { beginRows, maxEndMs, row, ROW_BYTES, rows, setFirstVarying, span, vars } from './rows';

export { addKey, familiesKnown, reset, setFirstVarying };

const GAVE_UP: i32 = -1;
const FAMILIES_FULL: i32 = -2;

let groupCount: u32 = 0;
let scopeCount: u32 = 0;

export function inputAt(): usize {
  return input;
}
export function rowsAt(): usize {
  return rows;
}
export function varsAt(): usize {
  return vars;
}
export function groupsAt(): usize {
  return groups;
}
export function scopesAt(): usize {
  return scopes;
}
export function latestEndMs(): f64 {
  return maxEndMs;
}

/** Bytes of memory that a request of this length takes. */
export function needs(length: u32): usize {
  return input + length + 64 + (<usize>length / 96 + 17) * ROW_BYTES + (<usize>length / 32 + 17) * 16 + 64;
}

/** Scans the request at the input; the number of rows, or why there are none. */
export function scan(length: u32): i32 {
  const end = input + length;
  store<u64>(end, 0);
  store<u64>(end + 8, 0);
  beginRows(end, length);
  groupCount = 0;
  scopeCount = 0;
  let p = request(input);
  if (p == 0) return isFull() ? FAMILIES_FULL : GAVE_UP;
  p = blank(p);
  if (p != end) return GAVE_UP;
  return <i32>((row - rows) / ROW_BYTES);
}

function request(p: usize): usize {
  p = blank(p);
  if (load<u8>(p) != 123) return 0;
  p = blank(p + 1);
  let seen = false;
  while (true) {
    p = member(p);
    if (p == 0) return 0;
    if (seenKey == RESOURCE_SPANS) {
      if (seen) return 0;
      seen = true;
      p = resourceSpans(p);
    } else if (seenKey == RESOURCE_LOGS || seenKey == RESOURCE_METRICS) return 0;
    else p = value(p, 0);
    if (p == 0) return 0;
    p = blank(p);
    const c = load<u8>(p);
    if (c == 125) return seen ? p + 1 : 0;
    if (c != 44) return 0;
    p = blank(p + 1);
  }
}

function resourceSpans(p: usize): usize {
  if (load<u8>(p) != 91) return 0;
  p = blank(p + 1);
  if (load<u8>(p) == 93) return p + 1;
  while (true) {
    p = resourceGroup(p);
    if (p == 0) return 0;
    p = blank(p);
    const c = load<u8>(p);
    if (c == 93) return p + 1;
    if (c != 44) return 0;
    p = blank(p + 1);
  }
}

function resourceGroup(p: usize): usize {
  if (load<u8>(p) != 123 || groupCount >= MAX_GROUPS) return 0;
  const group = groups + groupCount * 8;
  store<u32>(group, 0);
  store<u32>(group + 4, 0);
  let seen: u32 = 0;
  p = blank(p + 1);
  if (load<u8>(p) == 125) return 0;
  while (true) {
    p = member(p);
    if (p == 0) return 0;
    const from = p;
    if (seenKey == RESOURCE) {
      if ((seen & 1) != 0 || load<u8>(p) != 123) return 0;
      seen |= 1;
      p = value(p, 0);
      store<u32>(group, <u32>from);
      store<u32>(group + 4, <u32>(p - from));
    } else if (seenKey == SCOPE_SPANS) {
      if ((seen & 2) != 0) return 0;
      seen |= 2;
      p = scopeSpans(p);
    } else if (seenKey == LIBRARY_SPANS) return 0;
    else p = value(p, 0);
    if (p == 0) return 0;
    p = blank(p);
    const c = load<u8>(p);
    if (c == 125) {
      groupCount++;
      return p + 1;
    }
    if (c != 44) return 0;
    p = blank(p + 1);
  }
}

function scopeSpans(p: usize): usize {
  if (load<u8>(p) != 91) return 0;
  p = blank(p + 1);
  if (load<u8>(p) == 93) return p + 1;
  while (true) {
    p = scopeGroup(p);
    if (p == 0) return 0;
    p = blank(p);
    const c = load<u8>(p);
    if (c == 93) return p + 1;
    if (c != 44) return 0;
    p = blank(p + 1);
  }
}

function scopeGroup(p: usize): usize {
  if (load<u8>(p) != 123 || scopeCount >= MAX_SCOPES) return 0;
  const scope = scopes + scopeCount * 16;
  store<u32>(scope, 0);
  store<u32>(scope + 4, 0);
  store<u32>(scope + 8, groupCount);
  let seen: u32 = 0;
  p = blank(p + 1);
  if (load<u8>(p) == 125) return 0;
  while (true) {
    p = member(p);
    if (p == 0) return 0;
    const from = p;
    if (seenKey == SCOPE) {
      if ((seen & 1) != 0 || load<u8>(p) != 123) return 0;
      seen |= 1;
      p = value(p, 0);
      store<u32>(scope, <u32>from);
      store<u32>(scope + 4, <u32>(p - from));
    } else if (seenKey == SPANS) {
      if ((seen & 2) != 0) return 0;
      seen |= 2;
      p = spanList(p);
    } else if (seenKey == LIBRARY) return 0;
    else p = value(p, 0);
    if (p == 0) return 0;
    p = blank(p);
    const c = load<u8>(p);
    if (c == 125) {
      scopeCount++;
      return p + 1;
    }
    if (c != 44) return 0;
    p = blank(p + 1);
  }
}

function spanList(p: usize): usize {
  if (load<u8>(p) != 91) return 0;
  p = blank(p + 1);
  if (load<u8>(p) == 93) return p + 1;
  while (true) {
    p = span(p, groupCount, scopeCount);
    if (p == 0) return 0;
    p = blank(p);
    const c = load<u8>(p);
    if (c == 93) return p + 1;
    if (c != 44) return 0;
    p = blank(p + 1);
  }
}
