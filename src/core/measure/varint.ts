/** Appends a non-negative integer, seven bits a byte, lowest first, the top bit set on all but the last byte. */
export function writeVarint(bytes: number[], value: number): void {
  let rest = value;
  // Arithmetic, as shifts would cut counts at 32 bits.
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/** Reads what `writeVarint` wrote and moves the cursor on; undefined at a cut or over-long number. */
export function readVarint(bytes: Uint8Array, cursor: { at: number }): number | undefined {
  let value = 0;
  for (let scale = 1; scale <= Number.MAX_SAFE_INTEGER; scale *= 128) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) return undefined;
    value += (byte % 128) * scale;
    if (byte < 128) return Number.isSafeInteger(value) ? value : undefined;
  }
  return undefined;
}
