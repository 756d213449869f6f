// Prints what the clock says and asserts none of it: how busy the machine is decides that.
import assert from 'node:assert/strict';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from 'vscode';
import { lensesOf, openSource, pause, until, workspaceRoot } from '../editor.ts';
import { note } from '../notes.ts';
import { randomCalls, randomFrom, telemetryLines } from '../telemetry.ts';

const path = 'src/routes/customers.ts';
const appends = 20;

/** The title of a handler's lens once it is another one. */
async function changed(id: string, before: string): Promise<string> {
  for (const end = performance.now() + 20_000; ; await pause(5)) {
    const title = (await lensesOf(path)).find((lens) => lens.id === id)?.title ?? before;
    if (title !== before) return title;
    assert.ok(performance.now() < end, `the lens still says ${before}`);
  }
}

/** Nearest rank. */
const rank = (sorted: readonly number[], share: number): string =>
  (sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN).toFixed(0);

describe('the clock', () => {
  const file = join(workspaceRoot(), '.telemetry', 'latency.jsonl');
  after(() => rmSync(file, { force: true }));

  it('is read for activation', async () => {
    const ms = await commands.executeCommand<number>('suture.test.activationMs');
    assert.ok(ms > 0);
    note(`activation: ${ms.toFixed(1)} ms after its code was loaded`);
  });

  it(`is read for a lens after an append, ${String(appends)} times`, async () => {
    await openSource(path);
    const [lens] = await until(
      () => lensesOf(path),
      (seen) => {
        assert.ok(seen.length > 0);
      },
    );
    assert.ok(lens);
    const [, method = '', route = ''] = /@([A-Z]+) (.+)$/.exec(lens.id) ?? [];
    assert.notEqual(route, '');
    const random = randomFrom(7);
    const answered: number[] = [];
    let before = lens.title;
    for (let round = 0; round < appends; round++) {
      const calls = randomCalls(random, {
        ...{ method, route, count: 30, errorRate: 0 },
        medianMs: 10 * 1.5 ** round,
        endMs: Date.now() - 60_000,
      });
      const source = { service: 'shop', release: '9.7.7-latency', salt: `latency ${String(round)}` };
      const started = performance.now();
      appendFileSync(file, telemetryLines(calls, source));
      const title = await changed(lens.id, before);
      answered.push(performance.now() - started);
      before = title;
    }
    assert.equal(answered.length, appends);
    const sorted = answered.toSorted((left, right) => left - right);
    note(
      `lens after an append: p50 ${rank(sorted, 0.5)} ms, p95 ${rank(sorted, 0.95)} ms of ${String(appends)}`,
    );
  });
});
