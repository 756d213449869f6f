import assert from 'node:assert/strict';
import { globExpression } from '../../../src/core/tests/glob.ts';
import { virtualWorkspace } from './virtual-workspace.ts';

const filesOf = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> =>
  (await virtualWorkspace(files)).index
    .files()
    .map(({ path, root, reason }) => `${path} in ${root.dir || '.'} by ${reason}`);

const test = `it('x', () => {});`;

describe('test files', () => {
  it('are those of the default pattern where a package depends on the runner', async () => {
    assert.deepEqual(
      await filesOf({
        'a.test.ts': test,
        'src/b.spec.mjs': test,
        'src/c.ts': test,
        'dist/d.test.js': test,
        'tests/e.ts': test,
      }),
      ['a.test.ts in . by pattern', 'src/b.spec.mjs in . by pattern'],
    );
    assert.deepEqual(
      await filesOf({ 'package.json': '{ "devDependencies": { "jest": "1" } }', 'a.test.ts': test }),
      [],
    );
  });

  it('are those of a configuration', async () => {
    const config = `import { defineConfig } from 'vitest/config';
      export default defineConfig({ plugins: [], test: { include: ['./checks/**/*.{check,case}.ts'], exclude: ['**/slow/**'] } });`;
    assert.deepEqual(
      await filesOf({
        'vitest.config.ts': config,
        'checks/a.check.ts': test,
        'checks/slow/b.case.ts': test,
        'a.test.ts': test,
      }),
      ['checks/a.check.ts in . by pattern'],
    );
    const viaFunction = `export default ({ mode }) => { return { test: { include: ['x/*.ts'] } }; };`;
    assert.deepEqual(await filesOf({ 'vite.config.ts': viaFunction, 'x/a.ts': test }), [
      'x/a.ts in . by pattern',
    ]);
  });

  it('belong to the nearest folder that takes them', async () => {
    const config = `export default { test: { include: ['packages/*/checks/*.ts', '**/*.test.ts'] } };`;
    assert.deepEqual(
      await filesOf({
        'vitest.config.ts': config,
        'packages/a/package.json': '{ "name": "a", "devDependencies": { "vitest": "1" } }',
        'packages/a/x.test.ts': test,
        'packages/a/checks/y.ts': test,
        'packages/b/package.json': '{ "name": "b" }',
        'packages/b/z.test.ts': test,
      }),
      [
        'packages/a/checks/y.ts in . by pattern',
        'packages/a/x.test.ts in packages/a by pattern',
        'packages/b/z.test.ts in . by pattern',
      ],
    );
  });

  it('are also those that import the runner', async () => {
    assert.deepEqual(
      await filesOf({ 'checks/a.ts': `import { test } from 'vitest'; test('x', () => {});` }),
      ['checks/a.ts in . by imports-runner'],
    );
    assert.deepEqual(await filesOf({ 'support/a.ts': `import { expect, vi } from 'vitest';` }), []);
  });
});

describe('globs', () => {
  for (const [glob, yes, no] of [
    [
      '**/*.{test,spec}.?(c|m)[jt]s?(x)',
      ['a.test.ts', 'x/y.spec.mjs', 'z.test.tsx'],
      ['a.tests.ts', 'a.test.css', 'test.ts'],
    ],
    ['src/**', ['src/a', 'src/a/b'], ['a/src/b']],
    ['a/**/b.ts', ['a/b.ts', 'a/x/y/b.ts'], ['a/bb.ts']],
    ['[!a]?.ts', ['bc.ts'], ['ab.ts', 'b.ts']],
    ['a.+(b|c)', ['a.b', 'a.bc'], ['a.', 'axb']],
    ['(a) b', ['(a) b'], ['a b']],
    ['a{b', [], ['a{b', 'ab']],
  ] as const) {
    it(glob, () => {
      const expression = globExpression(glob);
      for (const path of yes) assert.ok(expression.test(path), path);
      for (const path of no) assert.ok(!expression.test(path), path);
    });
  }
});
