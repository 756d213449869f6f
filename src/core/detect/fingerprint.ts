import { createHash } from 'node:crypto';

/** 16 hex digits that name one failing state for good; `place` is an operation or handler id, neither holds line numbers. */
export function fingerprintOf(detector: string, place: string, evidenceKey: string): string {
  return createHash('sha256')
    .update(JSON.stringify([detector, place, evidenceKey]))
    .digest('hex')
    .slice(0, 16);
}
