import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import {
  assertWithin,
  hoverOver,
  lensesOf,
  openSource,
  readDuration,
  until,
  workspaceRoot,
} from '../editor.ts';
import { percentile, randomCalls, randomFrom, telemetryLines } from '../telemetry.ts';

const seed = Number(process.env['SUTURE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe(`without trust, with telemetry of seed ${String(seed)}`, () => {
  const calls = randomCalls(randomFrom(seed), {
    method: 'GET',
    route: '/health',
    count: 250,
    medianMs: 20,
    errorRate: 0.1,
    endMs: Date.now() - 60_000,
  });

  before(() => {
    const folder = join(workspaceRoot(), '.telemetry');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'untrusted.jsonl'),
      telemetryLines(calls, { service: 'shop', release: `9.9.${String(seed)}`, salt: 'untrusted' }),
    );
  });

  it('handlers are annotated all the same', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    await openSource('src/app.ts');
    await until(
      () => lensesOf('src/app.ts'),
      (lenses) => {
        const title = lenses.find(({ id }) => id.endsWith('@GET /health'))?.title ?? '';
        assertWithin(readDuration(title, 'p95'), percentile(calls, 0.95), 0.01, 'p95 of the lens');
      },
    );
    assert.match(await hoverOver('src/app.ts', "'/health'"), /p95/);
  });
});
