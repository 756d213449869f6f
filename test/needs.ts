import type { Context } from 'mocha';

/** Skips the running test where what it needs is not here; the reason is printed, because a silent skip looks like a pass. */
export function needs(running: Context, present: boolean, what: string): void {
  if (present) return;
  console.log(`      needs ${what}`);
  running.skip();
}
