import { createHash } from 'node:crypto';

/** SHA-256 of a text in UTF-8, lower-case hex: what `FileEdit.sha256Before` and the markers of generated pages hold. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
