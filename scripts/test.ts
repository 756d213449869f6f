// Everything: gates, unit tests, the sample's own tests, build, VSIX and the suite in a real VS Code; the last line holds
// the totals.
import { runE2e } from '../test/e2e/run.ts';
import { runGates } from './gates.ts';
import { build, packageVsix } from './package.ts';
import { say } from './processes.ts';
import { ensureShop, testShop } from './shop.ts';
import { addTally, emptyTally, printTotals, type Tally } from './tally.ts';

let total = emptyTally;
// First, because unit tests and the suite run the sample's real test runner.
await part('the sample shop', async () => {
  await ensureShop();
  return emptyTally;
});
say('Static gates and unit tests');
await part('the gates', async () => (await runGates()).reduce(addTally, emptyTally));
say("The sample shop's own types and tests");
await part("the sample shop's tests", testShop);
await part('the suite in VS Code', async () => {
  say('Building and packaging');
  console.log((await build()).trimEnd());
  const vsix = await packageVsix();
  say('Suite in a real VS Code');
  return runE2e({ vsix });
});
process.exitCode = printTotals(total);

/** A part that cannot run is a failure of its own and does not keep the others from running. */
async function part(name: string, work: () => Promise<Tally>): Promise<void> {
  try {
    total = addTally(total, await work());
  } catch (error) {
    const failure = `${name} could not run: ${error instanceof Error ? error.stack : String(error)}`;
    console.error(failure);
    total = addTally(total, { ...emptyTally, failures: [failure] });
  }
}
