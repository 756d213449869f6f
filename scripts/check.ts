// The whole static and unit gate: npm run check
import { runGates } from './gates.ts';
import { addTally, emptyTally, printTotals } from './tally.ts';

const tallies = await runGates();
process.exitCode = printTotals(tallies.reduce(addTally, emptyTally));
