const hex = /^[0-9a-f]+$/i;
const base64 = /^[0-9a-z+/_-]+={0,2}$/i;
const zeros = /^0+$/;

/** An id of 16 (trace) or 8 (span) bytes as lower-case hex, from hex or base64; undefined where it is none or all zeros. */
export function parseId(value: unknown, bytes: 8 | 16): string | undefined {
  if (typeof value !== 'string') return undefined;
  const id = toHex(value, bytes);
  return id === undefined || zeros.test(id) ? undefined : id;
}

function toHex(value: string, bytes: number): string | undefined {
  if (value.length === bytes * 2) return hex.test(value) ? value.toLowerCase() : undefined;
  // Some bridges emit the lower half of a trace id only.
  if (bytes === 16 && value.length === 16 && hex.test(value)) return value.toLowerCase().padStart(32, '0');
  if (!base64.test(value)) return undefined;
  const raw = Buffer.from(value, 'base64');
  return raw.length === bytes ? raw.toString('hex') : undefined;
}
