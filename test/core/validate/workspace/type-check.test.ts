import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createScratch } from '../../../../src/core/validate/workspace/scratch.ts';
import { typeCheck } from '../../../../src/core/validate/workspace/type-check.ts';
import type { TypeCheck } from '../../../../src/core/validate/type-errors.ts';

const typescript = path.join(import.meta.dirname, '../../../../node_modules/typescript');
const wrong = "export const count: number = 'one';\n";

describe('the type check in a copy', function () {
  this.timeout(60_000);
  let root: string;
  const put = async (files: Readonly<Record<string, string>>): Promise<void> => {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(root, file)), { recursive: true });
      await writeFile(path.join(root, file), text);
    }
  };
  const check = async (files: readonly string[], signal?: AbortSignal): Promise<TypeCheck> => {
    const scratch = await createScratch({ root, unsaved: new Map() });
    try {
      return await typeCheck(scratch, files, signal);
    } finally {
      await scratch.close();
    }
  };
  const install = async (): Promise<void> => {
    await mkdir(path.join(root, 'node_modules'));
    await symlink(typescript, path.join(root, 'node_modules/typescript'));
  };
  const config =
    '{ "compilerOptions": { "strict": true, "types": [], "lib": ["es5"], "ignoreDeprecations": "6.0" }, "include": ["src"] }';

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'suture-test-types-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('looks at the nearest project of each file', async () => {
    await install();
    await put({
      ...{ 'tsconfig.json': config, 'src/a.ts': wrong },
      ...{ 'packages/b/tsconfig.json': config, 'packages/b/src/b.ts': wrong },
      ...{ 'packages/c/tsconfig.json': config, 'packages/c/src/c.ts': wrong },
    });
    const found = await check(['src/a.ts', 'packages/b/src/b.ts', 'README.md']);
    assert.ok(found.k === 'checked', JSON.stringify(found));
    assert.deepEqual(found.projects, ['packages/b/tsconfig.json', 'tsconfig.json']);
    assert.deepEqual(
      found.problems.map(({ file, line, code }) => `${file}:${line} ${code}`),
      ['packages/b/src/b.ts:1 TS2322', 'src/a.ts:1 TS2322'],
    );
  });

  it('follows a configuration that only refers to others', async () => {
    await install();
    const solution = '{ /* two */ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }';
    await put({ 'tsconfig.json': solution, 'tsconfig.app.json': config, 'src/a.ts': wrong });
    const found = await check(['src/a.ts']);
    assert.ok(found.k === 'checked', JSON.stringify(found));
    assert.deepEqual(found.projects, ['tsconfig.app.json']);
    assert.equal(found.problems.length, 1);
  });

  it('tells what is not set up from what could not run and what was cancelled', async () => {
    await put({ 'src/a.js': '1' });
    assert.equal((await check(['src/a.js'])).k, 'not-set-up');
    await put({ 'tsconfig.json': config });
    const absent = await check(['src/a.js']);
    assert.match(absent.k === 'not-set-up' ? absent.reason : '', /not installed/);
    await put({ 'node_modules/typescript/bin/tsc': 'process.exitCode = 3; console.log("no heap")' });
    const broken = await check(['src/a.js']);
    assert.match(broken.k === 'could-not-run' ? broken.reason : '', /tsc -p tsconfig.json: code 3. no heap/);
    assert.equal((await check(['src/a.js'], AbortSignal.abort())).k, 'cancelled');
  });
});
