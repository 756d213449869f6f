import type { Context } from 'mocha';

/** Leaves out the test that runs, with the reason in its title, which the process outside prints. */
export function skipBecause(running: Context, reason: string): never {
  if (running.test !== undefined) running.test.title += ` (left out: ${reason})`;
  return running.skip();
}
