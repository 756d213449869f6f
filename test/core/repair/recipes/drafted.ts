import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createParser } from '../../../../src/core/code/parser.ts';
import { createCodeAnalysis } from '../../../../src/core/code/program.ts';
import { createCodeIndex } from '../../../../src/core/engine/code-index.ts';
import { createTests } from '../../../../src/core/engine/tests.ts';
import { createSourceHost } from '../../../../src/core/ingest/sources/source-host.ts';
import type { Draft, NoFix, Recipe } from '../../../../src/core/repair/recipe.ts';
import { existsUnder } from '../../../../src/core/validate/workspace/run-files.ts';

export type Files = Readonly<Record<string, string>>;

/** What a recipe makes of these files, with the handlers and tests that are really found in them. */
export async function draftIn(
  recipe: Recipe,
  files: Files,
  input = recipe.example.input,
): Promise<Draft | NoFix> {
  const root = await mkdtemp(path.join(tmpdir(), 'suture-recipe-'));
  try {
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
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
