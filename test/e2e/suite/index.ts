// The suite's entry inside the extension host: the same for @vscode/test-electron and for the server.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from 'vscode';
import { channelVariable, type SuiteEvent, type SuiteOrder } from '../protocol.ts';
import { shot } from './page.ts';

/** Runs the ordered test files with mocha; rejects when a test failed. */
export async function run(): Promise<void> {
  const channel = process.env[channelVariable];
  if (channel === undefined)
    throw new Error(`${channelVariable} is not set: the extension host lost its environment.`);
  const tell = (event: SuiteEvent): void =>
    appendFileSync(join(channel, 'events.ndjson'), `${JSON.stringify(event)}\n`);
  try {
    const failures = await runMocha(JSON.parse(readFileSync(join(channel, 'suite.json'), 'utf8')), tell);
    tell({ type: 'end' });
    if (failures > 0) throw new Error(`${failures} tests failed`);
  } catch (error) {
    tell({ type: 'crash', error: describe(error) });
    throw error;
  }
}

async function runMocha(order: SuiteOrder, tell: (event: SuiteEvent) => void): Promise<number> {
  process.setSourceMapsEnabled(true);
  const { default: Mocha } = await import('mocha');
  // The process outside prints: a reporter here would write to a console that nobody reads.
  class Quiet extends Mocha.reporters.Base {}
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, forbidOnly: true, reporter: Quiet });
  if (order.grep !== undefined) mocha.grep(order.grep);
  for (const file of order.files) {
    // What mocha's own loader does, but with the `require` that knows the module `vscode`.
    mocha.suite.emit('pre-require', globalThis, file, mocha);
    mocha.suite.emit('require', require(file), file, mocha);
    mocha.suite.emit('post-require', globalThis, file, mocha);
  }
  mocha.suite.afterEach('picture of a failure', async function () {
    const test = this.currentTest;
    if (test?.state === 'failed')
      await shot(`failure-${order.suite}-${test.fullTitle()}`).catch(() => undefined);
  });
  return new Promise((resolve) => {
    const runner = mocha.run(resolve);
    tell({ type: 'start', tests: runner.total, host: `VS Code ${version}, Node ${process.versions.node}` });
    runner.on('test', (test) => tell({ type: 'test', title: test.fullTitle() }));
    runner.on('pass', (test) => tell({ type: 'pass', title: test.fullTitle(), ms: test.duration ?? 0 }));
    runner.on('fail', (test, error) =>
      tell({ type: 'fail', title: test.fullTitle(), error: describe(error) }),
    );
    runner.on('pending', (test) => tell({ type: 'skip', title: test.fullTitle() }));
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
