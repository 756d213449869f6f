import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseFacts } from '../../../src/core/code/parse.ts';
import { discoverTests } from '../../../src/core/tests/discover.ts';
import { vitest } from '../../../src/core/tests/runners/registry.ts';

const discover = async (text: string, path = 'a.test.ts') =>
  discoverTests(await parseFacts(path, text), vitest);

const idsOf = async (text: string): Promise<readonly string[]> =>
  (await discover(text)).tests.map(({ test }) => test.id.slice('a.test.ts#'.length));

const placeholders = async (body: string, head = ''): Promise<boolean> => {
  const [first] = (await discover(`${head}\n${body}`)).tests;
  assert.ok(first, 'a test is found');
  return first.test.placeholder;
};

describe('discovery of tests', () => {
  it('nests suites and takes every spelling of the words', async () => {
    const ids = await idsOf(`
      import { describe as group, it, suite, test as check } from 'vitest';
      import * as v from 'vitest';
      it('at the top', () => {});
      group('outer', () => {
        check('by an alias', () => {});
        suite.skip.shuffle('inner', { timeout: 5 }, () => {
          it.only.concurrent('focused', async () => {});
          it.concurrent.skip('slow', () => {}, 1000);
        });
      });
      v.describe('named by the module', () => { v.it.fails('there', () => {}); });
    `);
    assert.deepEqual(ids, [
      'at the top',
      'outer > by an alias',
      'outer > inner > focused',
      'outer > inner > slow',
      'named by the module > there',
    ]);
  });

  it('takes globals, extended tests and own fixtures', async () => {
    const ids = await idsOf(`
      import { it as ours } from './fixtures';
      const withUser = test.extend({ user: async ({}, use) => use('anna') });
      const { describe: area } = await import('vitest');
      area('globals', () => {
        it('plain', () => {});
        withUser('extended', ({ user }) => {});
        ours('imported', () => {});
        test.skipIf(process.env.CI)('on a condition', () => {});
        test.runIf(true).each([1])('in rows, on a condition', () => {});
      });
    `);
    assert.deepEqual(ids, [
      'globals > plain',
      'globals > extended',
      'globals > imported',
      'globals > on a condition',
      'globals > in rows, on a condition',
    ]);
  });

  it('keeps the patterns of tables', async () => {
    const { tests } = await discover(`
      describe.each([['a'], ['b']])('letter %s', (letter) => {
        it.each\`x | y
          \${1} | \${2}\`('adds $x and $y.z', ({ x, y }) => {});
        it.for([[1, 2]])('takes %i of 100%%', ([n]) => {});
      });
    `);
    assert.deepEqual(
      tests.map(({ test }) => [...test.suite, test.title]),
      [
        ['letter %s', 'adds $x and $y.z'],
        ['letter %s', 'takes %i of 100%%'],
      ],
    );
  });

  it('reads titles that are put together', async () => {
    const ids = await idsOf(`
      import { listOrders as list } from '../src/orders';
      const prefix = 'GET ';
      function localHelper() {}
      describe(list, () => { it(prefix + '/orders', () => {}); });
      describe(localHelper.name, () => { it(\`\${prefix}\${process.pid} \${list.length}\`, () => {}); });
      for (const size of [1, 2]) it(\`size \${size}\`, () => {});
      it(12, () => {});
    `);
    assert.deepEqual(ids, [
      'listOrders > GET /orders',
      'localHelper > GET ${process.pid} ${list.length}',
      'size ${size}',
      '12',
    ]);
  });

  it('gives repeats and look-alikes ids of their own', async () => {
    const ids = await idsOf(`
      it('same', () => {}); it('same', () => {}); it('same~2', () => {});
      describe('a > b', () => it('c', () => {}));
      describe('a', () => describe('b', () => it('c', () => {})));
    `);
    assert.deepEqual(ids, ['same', 'same~2', 'same~2~2', 'a > b > c', 'a > b > c~2']);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('is not taken in by other functions of these names', async () => {
    const ids = await idsOf(`
      import { test } from 'node:test';
      import { it } from '@other/runner';
      test('of another runner', () => {});
      it('of another runner', () => {});
      /x/.test('text');
      const describe = (text) => text;
      describe('a value');
      const run = (suite) => suite('given from outside', () => {});
      object.it('a method', () => {});
    `);
    assert.deepEqual(ids, []);
  });

  it('knows hooks by their suite and functions that declare tests', async () => {
    const { hooks, tests } = await discover(`
      beforeAll(start);
      async function start() {}
      function behavesLikeAList(make) { it('is empty', () => { make(); }); }
      describe('array', () => { afterEach(() => {}); behavesLikeAList(() => []); });
    `);
    assert.deepEqual(
      hooks.map(({ suite }) => suite?.title.text),
      [undefined, 'array'],
    );
    assert.deepEqual(
      tests.map(({ test, loose }) => [test.title, loose]),
      [['is empty', true]],
    );
  });

  it('keeps what is whole in a half-typed file', async () => {
    const ids = await idsOf(`describe('typing', () => { it('done', () => {}); it('half', () => { expect(`);
    assert.deepEqual(ids, ['typing > done', 'typing > half']);
    assert.deepEqual(await idsOf(`describe(`), []);
    assert.deepEqual(await idsOf(`it('no body yet'`), ['no body yet']);
  });

  it('keeps hostile titles as they are', async () => {
    const titles = [
      '[click](command:evil)',
      '<script>',
      '__proto__',
      'a\nb',
      '#x > y~2',
      '\u202Eevil',
      '%s%s%s',
      '\uD800 lone',
    ];
    for (const title of titles) {
      const { tests } = await discover(`it(${JSON.stringify(title)}, () => {});`);
      assert.equal(tests[0]?.test.title, title);
    }
  });

  it('never throws, whatever the text', async () => {
    const word = fc.constantFrom(
      'describe',
      'it',
      '.each',
      '.only',
      '(',
      ')',
      '`',
      '${',
      '}',
      '{',
      '=>',
      "'a'",
      ',',
      '[',
      ']',
      'const it =',
      ';',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 40 }), async (words) => {
        await discover(words.join(' '));
      }),
      { numRuns: 150 },
    );
  });
});

describe('placeholders', () => {
  for (const [what, text] of Object.entries({
    'an empty body': `it('x', () => {});`,
    'no body': `it('x');`,
    'a todo': `it.todo('x');`,
    'a todo with a body': `it.todo('x', () => { expect(load()).toBe(1); });`,
    'true is true': `it('x', () => { expect(true).toBe(true); });`,
    'a constant': `it('x', () => { const one = 1; expect(one).not.toEqual(2); });`,
    'a sum of literals': `it('x', async () => { expect(1 + 1).toBe(2); expect('a').toHaveLength(1); });`,
    'an assertion of node': `import assert from 'node:assert'; it('x', () => { assert.equal(1, 1); assert(true); });`,
    'a double that is only called': `it('x', () => { const f = vi.fn(); f(); expect(f).toHaveBeenCalled(); });`,
    'a callback that is called back': `it('x', (done) => { done(); });`,
    'only output': `it('x', () => { console.log('later'); });`,
    'literals in a promise': `it('x', () => expect([1, { a: null }]).toMatchObject([1, {}]));`,
  })) {
    it(`sees through ${what}`, async () => assert.equal(await placeholders(text), true));
  }

  for (const [what, text] of Object.entries({
    'a call of the program': `import { add } from './add'; it('x', () => { expect(add(1, 1)).toBe(2); });`,
    'a name of the program': `import { add } from './add'; it('x', () => { expect(add).toBeDefined(); });`,
    'a request': `it('x', async () => { await request(app).get('/').expect(200); });`,
    'a helper that asserts': `it('x', () => { checkEverything(); });`,
    'a helper of the file': `const run = () => check(load()); it('x', () => { run(); });`,
    'a function from a table': `it.each([load])('x', (f) => { f(); });`,
    'a value set by a hook': `let n = 0; beforeEach(() => { n = load(); }); it('x', () => { expect(n).toBe(0); });`,
    'a row of a table': `it.each([1])('x', (n) => { expect(n).toBe(1); });`,
    'a function from elsewhere': `import body from './body'; it('x', body);`,
    'what cannot be seen through': `it('x', () => { expect(typeof thing).toBe('function'); });`,
    'something that may throw': `it('x', () => { throw new Error('not written'); });`,
  })) {
    it(`leaves ${what} alone`, async () => assert.equal(await placeholders(text), false));
  }
});
