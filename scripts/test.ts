// Everything: gates, unit tests, build, VSIX and the suite in a real VS Code; the last line holds the totals.
import { runE2e } from '../test/e2e/run.ts';
import { runGates } from './gates.ts';
import { build, packageVsix } from './package.ts';
import { say } from './processes.ts';
import { addTally, emptyTally, printTotals, type Tally } from './tally.ts';

say('Static gates and unit tests');
let total = (await runGates()).reduce(addTally, emptyTally);
total = addTally(total, await inVsCode());
process.exitCode = printTotals(total);

async function inVsCode(): Promise<Tally> {
  try {
    say('Building and packaging');
    console.log((await build()).trimEnd());
    const vsix = await packageVsix();
    say('Suite in a real VS Code');
    return await runE2e({ vsix });
  } catch (error) {
    const failure = `the suite in VS Code could not run: ${error instanceof Error ? error.stack : String(error)}`;
    console.error(failure);
    return { ...emptyTally, failures: [failure] };
  }
}
