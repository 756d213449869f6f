// AssemblyScript: `node scripts/wasm.ts` compiles it into `../wasm.ts`.
// A row for each span, and beside the rows the attributes that vary within a family.

import { beginPieces, familyOf, keyId, piece, setName } from './families';
import { blank, digit, id, plain, same, text, value } from './json';
import {
  ATTRIBUTES,
  CODE,
  END,
  EVENTS,
  FIRST_ATTRIBUTE,
  KEY,
  KIND,
  MESSAGE,
  NAME,
  PARENT_ID,
  SPAN_ID,
  START,
  STATUS,
  TRACE_ID,
  VALUE,
} from './layout';
import { member, seenKey } from './members';
import { nanos, seenNanos } from './nanos';

export const ROW_BYTES: u32 = 96;

/** Eight digits `0`. */
const ZEROS: u64 = 0x3030303030303030;

let firstVarying: u32 = 0;
export let rows: usize = 0;
export let row: usize = 0;
export let vars: usize = 0;
export let maxEndMs: f64 = 0;
let rowsEnd: usize = 0;
let varsEnd: usize = 0;
let varUsed: usize = 0;
let lastTrace: usize = 0;

/** Attributes from this id on vary within a family. */
export function setFirstVarying(id: u32): void {
  firstVarying = id;
}

/** Begins the rows of the request that ends at `end` and has that length. */
export function beginRows(end: usize, length: u32): void {
  rows = (end + 32 + 15) & ~15;
  rowsEnd = rows + (<usize>length / 96 + 16) * ROW_BYTES;
  row = rows;
  vars = rowsEnd;
  varsEnd = vars + (<usize>length / 32 + 16) * 16;
  varUsed = vars;
  maxEndMs = 0;
  lastTrace = 0;
}

/** Adds the row of the span at `p`, which stands in the resource and the scope of these numbers; behind it, or 0. */
export function span(p: usize, group: u32, scope: u32): usize {
  if (load<u8>(p) != 123 || row + ROW_BYTES > rowsEnd) return 0;
  const begin = p;
  let seen: u32 = 0;
  let traceId: usize = 0;
  let spanId: usize = 0;
  let parentId: usize = 0;
  let start: u64 = 0;
  let end: u64 = 0;
  let kind: u32 = 0;
  let code: u32 = 0;
  let events: usize = 0;
  let eventsLength: u32 = 0;
  let message: usize = 0;
  let messageLength: u32 = 0;
  const firstVar = varUsed;
  beginPieces();
  p = blank(p + 1);
  if (load<u8>(p) == 125) return 0;
  while (true) {
    p = member(p);
    if (p == 0) return 0;
    const key = seenKey;
    if (key != 0 && key < 32) {
      const bit: u32 = 1 << key;
      if ((seen & bit) != 0) return 0;
      seen |= bit;
    }
    if (key == TRACE_ID) {
      traceId = p + 1;
      p = id(p, 32);
    } else if (key == SPAN_ID) {
      spanId = p + 1;
      p = id(p, 16);
    } else if (key == PARENT_ID) {
      if (load<u16>(p) == 0x2222) p += 2;
      // Some write the absent parent as zeros.
      else if (load<u64>(p + 1) == ZEROS && load<u64>(p + 9) == ZEROS && load<u8>(p + 17) == 34) p += 18;
      else {
        parentId = p + 1;
        p = id(p, 16);
      }
    } else if (key == NAME) {
      if (load<u8>(p) != 34) return 0;
      const from = p;
      p = text(p + 1);
      if (p == 0) return 0;
      setName(from, <u32>(p - from));
    } else if (key == KIND) {
      const c = load<u8>(p);
      if (!digit(c) || c > 53) return 0;
      kind = c - 48;
      p++;
      if (digit(load<u8>(p)) || load<u8>(p) == 46 || (load<u8>(p) | 32) == 101) return 0;
    } else if (key == START) {
      p = nanos(p);
      start = seenNanos;
    } else if (key == END) {
      p = nanos(p);
      end = seenNanos;
    } else if (key == ATTRIBUTES) p = attributes(p);
    else if (key == EVENTS) {
      if (load<u8>(p) != 91) return 0;
      const from = p;
      p = value(p, 0);
      if (p != 0 && load<u8>(blank(from + 1)) != 93) {
        events = from;
        eventsLength = <u32>(p - from);
      }
    } else if (key == STATUS) {
      if (load<u8>(p) != 123) return 0;
      p = blank(p + 1);
      if (load<u8>(p) == 125) p++;
      else
        while (true) {
          p = member(p);
          if (p == 0) return 0;
          if (seenKey == CODE) {
            const c = load<u8>(p);
            if (c < 48 || c > 50) return 0;
            code = c - 48;
            p++;
            if (digit(load<u8>(p)) || load<u8>(p) == 46 || (load<u8>(p) | 32) == 101) return 0;
          } else if (seenKey == MESSAGE) {
            if (load<u8>(p) != 34) return 0;
            const from = p;
            p = text(p + 1);
            if (p - from > 2) {
              message = from;
              messageLength = <u32>(p - from);
            }
          } else p = value(p, 0);
          if (p == 0) return 0;
          p = blank(p);
          const c = load<u8>(p++);
          if (c == 125) break;
          if (c != 44) return 0;
          p = blank(p);
        }
    } else p = value(p, 0);
    if (p == 0) return 0;
    p = blank(p);
    const c = load<u8>(p);
    if (c == 125) break;
    if (c != 44) return 0;
    p = blank(p + 1);
  }
  p++;
  if (traceId == 0 || spanId == 0 || start == 0) return 0;
  if ((seen & (1 << END)) == 0) end = start;
  if (end < start) return 0;
  const family = familyOf(kind, code);
  if (family < 0) return 0;
  const startSeconds = <f64>(start / 1000000000);
  const startNanos = <f64>(start % 1000000000);
  const endSeconds = <f64>(end / 1000000000);
  const endNanos = <f64>(end % 1000000000);
  const startMs = startSeconds * 1000 + startNanos / 1e6;
  const endMs = endSeconds * 1000 + endNanos / 1e6;
  if (endMs > maxEndMs) maxEndMs = endMs;
  const sameTrace = lastTrace != 0 && same(lastTrace, traceId, 32);
  lastTrace = traceId;
  store<f64>(row, startMs);
  store<f64>(row, ((endSeconds - startSeconds) * 1e9 + (endNanos - startNanos)) / 1e6, 8);
  store<u32>(row, <u32>traceId, 16);
  store<u32>(row, <u32>spanId, 20);
  store<u32>(row, <u32>parentId, 24);
  store<u32>(row, <u32>family, 28);
  store<u32>(row, scope, 32);
  store<u32>(row, group, 36);
  store<u32>(row, <u32>begin, 40);
  store<u32>(row, <u32>(p - begin), 44);
  store<u32>(row, <u32>events, 48);
  store<u32>(row, eventsLength, 52);
  store<u32>(row, <u32>message, 56);
  store<u32>(row, messageLength, 60);
  store<u32>(row, <u32>((firstVar - vars) >> 4), 64);
  store<u32>(row, <u32>((varUsed - vars) >> 4), 68);
  store<u32>(row, sameTrace ? 1 : 0, 72);
  row += ROW_BYTES;
  return p;
}

function attributes(p: usize): usize {
  if (load<u8>(p) != 91) return 0;
  p = blank(p + 1);
  if (load<u8>(p) == 93) return p + 1;
  while (true) {
    // As SDKs and the Collector write it: {"key":"
    if (load<u64>(p) == 0x223a2279656b227b) {
      const from = p + 8;
      p = plain(from);
      if (p == 0) return 0;
      const key = keyId(from, <u32>(p - 1 - from));
      // ,"value": {
      if (load<u64>(p) == 0x2265756c6176222c && load<u16>(p + 8) == 0x7b3a) {
        const valueFrom = p + 9;
        // {"stringValue":"
        if (load<u64>(valueFrom) == 0x676e69727473227b && load<u64>(valueFrom + 8) == 0x223a2265756c6156) {
          p = text(valueFrom + 16);
          if (p == 0) return 0;
          p = load<u8>(p) == 125 ? p + 1 : value(valueFrom, 0);
        } else p = value(valueFrom, 0);
        if (p == 0) return 0;
        if (key >= FIRST_ATTRIBUTE && !keep(key, valueFrom, <u32>(p - valueFrom))) return 0;
        if (load<u8>(p) != 125) return 0;
        p++;
      } else return 0;
    } else {
      p = attribute(p);
      if (p == 0) return 0;
    }
    p = blank(p);
    const c = load<u8>(p);
    if (c == 93) return p + 1;
    if (c != 44) return 0;
    p = blank(p + 1);
  }
}

/** An attribute in any order of its members, with any blanks. */
function attribute(p: usize): usize {
  if (load<u8>(p) != 123) return 0;
  p = blank(p + 1);
  let key: u32 = 0;
  let seen: u32 = 0;
  let valueFrom: usize = 0;
  let valueLength: u32 = 0;
  while (true) {
    p = member(p);
    if (p == 0) return 0;
    if (seenKey == KEY) {
      if ((seen & 1) != 0 || load<u8>(p) != 34) return 0;
      seen |= 1;
      const from = p + 1;
      p = plain(from);
      if (p == 0) return 0;
      key = keyId(from, <u32>(p - 1 - from));
    } else if (seenKey == VALUE) {
      if ((seen & 2) != 0 || load<u8>(p) != 123) return 0;
      seen |= 2;
      valueFrom = p;
      p = value(p, 0);
      valueLength = <u32>(p - valueFrom);
    } else p = value(p, 0);
    if (p == 0) return 0;
    p = blank(p);
    const c = load<u8>(p++);
    if (c == 125) break;
    if (c != 44) return 0;
    p = blank(p);
  }
  if (seen != 3) return 0;
  if (key >= FIRST_ATTRIBUTE && !keep(key, valueFrom, valueLength)) return 0;
  return p;
}

function keep(key: u32, from: usize, length: u32): bool {
  if (key < firstVarying) {
    // The key stands in front of the value for its length and bytes to count, too.
    return piece(<usize>key, 0) && piece(from, length);
  }
  if (varUsed + 16 > varsEnd) return false;
  store<u32>(varUsed, key);
  store<u32>(varUsed, <u32>from, 4);
  store<u32>(varUsed, length, 8);
  varUsed += 16;
  return piece(<usize>key, 0);
}
