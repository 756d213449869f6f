import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { lensesOf, openSource, until } from '../editor.ts';

const path = 'src/controllers/products.ts';
const titles = async (): Promise<readonly string[]> => (await lensesOf(path)).map(({ title }) => title);

describe('a thread of the engine', () => {
  let before: readonly string[] = [];

  beforeEach(async () => {
    await openSource(path);
    before = await until(titles, (seen) => {
      assert.ok(seen.length > 0);
      assert.ok(
        seen.every((title) => title.startsWith('p95 ') && !title.includes('stale')),
        seen.join('\n'),
      );
    });
  });

  const comesBack = async (): Promise<void> => {
    const stale = await until(titles, (seen) => {
      assert.ok(
        seen.every((title) => title.endsWith('stale')),
        seen.join('\n'),
      );
    });
    assert.equal(stale.length, before.length, 'no lens goes while the engine is away');
    await until(titles, (seen) => {
      assert.deepEqual(seen, before);
    });
  };

  for (const time of ['once', 'twice in a row']) {
    it(`that ends ${time} is started again and the figures come back`, async () => {
      await vscode.commands.executeCommand('suture.test.endEngineThread');
      await comesBack();
    });
  }

  it('is started anew by the command, which loses no figure', async () => {
    await vscode.commands.executeCommand('suture.restartEngine');
    await comesBack();
  });
});
