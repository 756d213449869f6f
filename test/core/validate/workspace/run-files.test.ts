import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  existsUnder,
  readIfThere,
  withTemporaryFolder,
} from '../../../../src/core/validate/workspace/run-files.ts';

describe('files of a run', () => {
  it('live in a folder that is gone afterwards, also after a failure', async () => {
    let folder = '';
    const text = await withTemporaryFolder(async (given) => {
      folder = given;
      await writeFile(path.join(given, 'report.json'), 'x');
      assert.equal(existsUnder(given, 'report.json'), true);
      assert.equal(existsUnder(given, 'absent'), false);
      return readIfThere(path.join(given, 'report.json'));
    });
    assert.equal(text, 'x');
    assert.equal(existsSync(folder), false);
    const failing = withTemporaryFolder((given) => {
      folder = given;
      return Promise.reject(new Error('the run failed'));
    });
    await assert.rejects(failing, /the run failed/);
    assert.equal(existsSync(folder), false);
    assert.equal(await readIfThere(path.join(folder, 'report.json')), null);
  });
});
