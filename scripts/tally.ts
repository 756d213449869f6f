/** What a part of the test run came to. */
export interface Tally {
  readonly passed: number;
  /** One entry per failed test: its name on the first line, then what went wrong. */
  readonly failures: readonly string[];
  /** Names of skipped tests. */
  readonly skipped: readonly string[];
}

export const emptyTally: Tally = { passed: 0, failures: [], skipped: [] };

export function addTally(one: Tally, other: Tally): Tally {
  return {
    passed: one.passed + other.passed,
    failures: [...one.failures, ...other.failures],
    skipped: [...one.skipped, ...other.skipped],
  };
}

/** Names what failed and was skipped, then prints the one line of totals; returns the exit code. */
export function printTotals(tally: Tally): number {
  if (tally.passed + tally.failures.length === 0)
    return printTotals({ ...tally, failures: ['no test ran at all'] });
  for (const name of tally.skipped) console.log(`skipped: ${name}`);
  for (const failure of tally.failures) console.log(`failed: ${failure.split('\n')[0]}`);
  const { passed, failures, skipped } = tally;
  console.log(`${passed} passed, ${failures.length} failed, ${skipped.length} skipped`);
  return failures.length === 0 ? 0 : 1;
}
