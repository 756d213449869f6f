import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createParser } from '../../../src/core/code/parser.ts';
import { createCodeIndex, type CodeIndex } from '../../../src/core/engine/code-index.ts';
import { createTests } from '../../../src/core/engine/tests.ts';

const conductor = path.join(import.meta.dirname, '../../workspaces/conductor');
const loadJson = 'packages/library/json-sequences/library/load.json';

describe('sequences of a workspace', () => {
  let root = '';
  let code: CodeIndex;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'suture-sequences-'));
    await cp(conductor, root, { recursive: true, filter: (file) => !file.includes('node_modules') });
    code = createCodeIndex({ root, parser: createParser(), now: () => 0, onProblems: () => undefined });
    await code.scan();
  });
  afterEach(async () => {
    await code.close();
    await rm(root, { recursive: true, force: true });
  });

  const beats = (): readonly string[] =>
    code
      .sequences()
      .filter(({ file }) => file === loadJson)
      .flatMap(({ movements }) => movements.flatMap((movement) => movement.beats))
      .map(({ handlerId, reason }) => handlerId?.split('#')[1] ?? reason ?? '');

  it('follow what is typed into their JSON, and what is on disk again', async () => {
    const before = ['loadComponents@library:components:load', 'notifyUi@library:components:notify'];
    assert.deepEqual(beats(), before);
    const text = await readFile(path.join(root, loadJson), 'utf8');
    assert.equal(await code.setText(loadJson, text.replace('"notifyUi"', '"nobody"')), true);
    assert.match(beats()[1] ?? '', /^"nobody" is no handler/);
    assert.equal(await code.setText(loadJson, null), true);
    assert.deepEqual(beats(), before);
    await writeFile(path.join(root, loadJson), text.replace('components:load', 'components:fetch'));
    assert.equal(await code.filesChanged([loadJson]), true);
    assert.equal(beats()[0], 'loadComponents@library:components:fetch');
    await rm(path.join(root, loadJson));
    assert.equal(await code.filesChanged([loadJson]), true);
    assert.deepEqual(beats(), []);
  });

  it('have tests and placeholders told apart', () => {
    const tests = createTests({ root, code, reports: () => [], now: () => 0 });
    tests.update();
    const levels = Object.fromEntries(
      code.handlers().handlers.map(({ id, symbol }) => [symbol, tests.forHandler(id)?.level]),
    );
    assert.deepEqual(levels, {
      createNode: 'called',
      notify: 'none',
      'merged.refreshTree': 'none',
      loadComponents: 'called',
      notifyUi: 'placeholder',
      endReport: 'none',
      writeReport: 'none',
    });
  });
});
