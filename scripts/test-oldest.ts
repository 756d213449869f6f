// The suite in the oldest VS Code that engines.vscode promises: npm run test:oldest
import { runE2e } from '../test/e2e/run.ts';
import { build, packageVsix } from './package.ts';
import { printTotals } from './tally.ts';

await build();
process.exitCode = printTotals(await runE2e({ vsix: await packageVsix(), oldest: true }));
