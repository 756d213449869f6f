// AssemblyScript: `node scripts/wasm.ts` compiles it into `../wasm.ts`.
// Where things stand in memory, and the ids of the keys that mean something.

// Ids of the keys that the host enters first, in this order; see `scanner.ts`.
export const RESOURCE_SPANS: u32 = 1;
export const RESOURCE_LOGS: u32 = 2;
export const RESOURCE_METRICS: u32 = 3;
export const RESOURCE: u32 = 4;
export const SCOPE_SPANS: u32 = 5;
export const LIBRARY_SPANS: u32 = 6;
export const SCOPE: u32 = 7;
export const LIBRARY: u32 = 8;
export const SPANS: u32 = 9;
export const TRACE_ID: u32 = 10;
export const SPAN_ID: u32 = 11;
export const PARENT_ID: u32 = 12;
export const NAME: u32 = 13;
export const KIND: u32 = 14;
export const START: u32 = 15;
export const END: u32 = 16;
export const ATTRIBUTES: u32 = 17;
export const EVENTS: u32 = 18;
export const STATUS: u32 = 19;
export const CODE: u32 = 20;
export const MESSAGE: u32 = 21;
export const KEY: u32 = 22;
export const VALUE: u32 = 23;
/** From here on: attributes that belong to a family; from `firstVarying` on those that vary within one. */
export const FIRST_ATTRIBUTE: u32 = 32;

export const KEY_SLOTS: u32 = 1024;
export const FAMILY_SLOTS: u32 = 16384;
export const MAX_FAMILIES: u32 = 8192;
export const ARENA_BYTES: u32 = 4 * 1024 * 1024;
export const MAX_PIECES: u32 = 256;
export const MAX_GROUPS: u32 = 4096;
export const MAX_SCOPES: u32 = 16384;

export const keyTable: usize = (__heap_base + 1023) & ~1023;
export const keyBytes: usize = keyTable + KEY_SLOTS * 16;
export const familyTable: usize = keyBytes + 32768;
export const families: usize = familyTable + FAMILY_SLOTS * 4;
export const arena: usize = families + MAX_FAMILIES * 16;
export const pieces: usize = arena + ARENA_BYTES;
export const groups: usize = pieces + MAX_PIECES * 8;
export const scopes: usize = groups + MAX_GROUPS * 8;
export const input: usize = scopes + MAX_SCOPES * 16;
