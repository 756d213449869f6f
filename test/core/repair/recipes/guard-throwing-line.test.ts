import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createParser } from '../../../../src/core/code/parser.ts';
import { createCodeAnalysis } from '../../../../src/core/code/program.ts';
import { createCodeIndex } from '../../../../src/core/engine/code-index.ts';
import { createTests } from '../../../../src/core/engine/tests.ts';
import { createSourceHost } from '../../../../src/core/ingest/sources/source-host.ts';
import { generateTest } from '../../../../src/core/repair/recipes/generate-test.ts';
import { guardThrowingLine } from '../../../../src/core/repair/recipes/guard-throwing-line.ts';
import type { Draft, NoFix, Recipe } from '../../../../src/core/repair/recipe.ts';
import { existsUnder } from '../../../../src/core/validate/workspace/run-files.ts';

describe('recipes that write tests', () => {
  const roots: string[] = [];
  after(() => Promise.all(roots.map((root) => rm(root, { recursive: true, force: true }))));

  /** What the recipe makes of these files, with the handlers and tests that are really found in them. */
  async function draft(
    recipe: Recipe,
    files: Readonly<Record<string, string>>,
    input = recipe.example.input,
  ): Promise<Draft | NoFix> {
    const root = await mkdtemp(path.join(tmpdir(), 'suture-recipe-'));
    roots.push(root);
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(root, file)), { recursive: true });
      await writeFile(path.join(root, file), text);
    }
    const code = createCodeIndex({ root, parser: createParser(), now: () => 0, onProblems: () => undefined });
    await code.scan();
    const tests = createTests({ root, code, reports: () => [], now: () => 0 });
    tests.update();
    const made = await recipe.draft(
      { ...input, index: code.handlers(), tests: tests.fromSource() },
      {
        code: createCodeAnalysis(createSourceHost(root, () => undefined)),
        read: code.textOf,
        exists: (file) => existsUnder(root, file),
      },
    );
    await code.close();
    return made;
  }

  it('guard: makes of the example what it promises, once', async () => {
    const { before, after: promised } = guardThrowingLine.example;
    const made = await draft(guardThrowingLine, before);
    assert.equal(made.k, 'draft', made.k === 'no-fix' ? made.reason : '');
    assert.ok(made.k === 'draft');
    assert.deepEqual(
      { ...before, ...Object.fromEntries(made.edits.map(({ file, newText }) => [file, newText])) },
      promised,
    );
    assert.deepEqual(made.proof, {
      test: {
        file: 'tests/list-books.test.ts',
        title: 'GET /shelves/:shelfId/books > answers 404 where there is no shelf',
      },
      failsBefore: true,
      mutants: [],
    });
    assert.equal((await draft(guardThrowingLine, promised)).k, 'no-fix');
  });

  it('guard: says why where the file changed, nothing was recorded, or no test shows how', async () => {
    const { before, input } = guardThrowingLine.example;
    const reason = async (files: Readonly<Record<string, string>>, given = input): Promise<string> => {
      const made = await draft(guardThrowingLine, files, given);
      return made.k === 'no-fix' ? made.reason : made.title;
    };
    const routes = before['src/routes.ts'] ?? '';
    assert.match(await reason({ ...before, 'src/routes.ts': `\n${routes}` }), /has changed since/);
    const { comparison: _none, ...silent } = input;
    assert.match(await reason(before, silent), /No failed call was recorded/);
    const { 'tests/show-shelf.test.ts': _test, ...untested } = before;
    assert.match(await reason(untested), /No Vitest test/);
  });

  it('a generated test wants to run what it writes', async () => {
    const made = await draft(generateTest, generateTest.example.before);
    assert.ok(made.k === 'no-fix' && made.reason.includes('needs to run'));
  });
});
