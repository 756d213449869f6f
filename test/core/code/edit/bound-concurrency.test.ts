import assert from 'node:assert/strict';
import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import type { Rewrite } from '../../../../src/core/code/analysis.ts';
import { analysisOf } from '../memory-host.ts';
import { typeErrors } from '../type-errors.ts';

const types = `interface Product { id: string; sku: string; stock?: number }
declare const stock: {
  of(sku: string): Promise<number>;
  priceOf(sku: string): Promise<number>;
  saveLevel(sku: string): Promise<void>;
  each(): Generator<Product>;
};
declare function note(text: string, level?: 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'off'): void;

export async function run(products: Product[]) {
`;

/** Rewrites the first loop of a function body; the text without the types above and the helper below. */
async function rewritten(body: string): Promise<string> {
  const { newText } = await textOf(`${types}${body}\n}\n`);
  return newText.slice(types.length).split('\n}\n\n/**')[0] ?? '';
}

async function refusalOf(body: string): Promise<string> {
  const rewrite = await rewriteOf(`${types}${body}\n}\n`);
  assert.equal(rewrite.k, 'refused', rewrite.k === 'text' ? rewrite.newText : '');
  return rewrite.k === 'refused' ? rewrite.reason : '';
}

async function textOf(text: string, file = 'a.ts'): Promise<Extract<Rewrite, { k: 'text' }>> {
  const rewrite = await rewriteOf(text, file);
  assert.ok(rewrite.k === 'text', rewrite.k === 'refused' ? rewrite.reason : '');
  return rewrite;
}

/** Rewrites the loop at the place of the first one of `marked`. */
function rewriteOf(text: string, file = 'a.ts', marked = text): Promise<Rewrite> {
  const lines = marked.split('\n');
  const line = lines.findIndex((each) => /^\s*(for|while|do)\b/.test(each));
  assert.notEqual(line, -1, 'there is a loop');
  const start = { line: line + 1, column: (lines[line]?.search(/\S/) ?? 0) + 1 };
  const code = analysisOf({ [file]: text });
  return code.boundConcurrency({ file, start, end: start, symbol: 'run' }, 4);
}

const changes: Readonly<Record<string, readonly [before: string, after: string]>> = {
  'an array declared right before becomes the result': [
    `  const rows = [];
  for (const product of products) {
    rows.push({ ...product, level: await stock.of(product.sku) });
  }
  return rows;`,
    `  const rows = await mapConcurrently(products, 4, async (product) => ({
    ...product, level: await stock.of(product.sku),
  }));
  return rows;`,
  ],
  'awaits that follow each other in a round, with their comments': [
    `  const rows: { level: number; price: number }[] = [];
  for (const { sku } of products) {
    // The level first.
    const level = await stock.of(sku);
    const price = await stock.priceOf(sku + level);
    rows.push({ level, price }); // both
  }
  return rows;`,
    `  const rows: { level: number; price: number }[] = await mapConcurrently(products, 4, async ({ sku }) => {
    // The level first.
    const level = await stock.of(sku);
    const price = await stock.priceOf(sku + level);
    return { level, price }; // both
  });
  return rows;`,
  ],
  'an array that holds something already': [
    `  const rows: number[] = [0];
  for (const product of products) rows.push(await stock.of(product.sku));
  return rows;`,
    `  const rows: number[] = [0];
  rows.push(...(await mapConcurrently(products, 4, (product) => stock.of(product.sku))));
  return rows;`,
  ],
  'a Map, with its keys in the order of the rounds': [
    `  const levels = new Map<string, number>();
  for (const { sku } of products) levels.set(sku, await stock.of(sku));
  return levels;`,
    `  const levels = new Map<string, number>(
    await mapConcurrently(products, 4, async ({ sku }) => [sku, await stock.of(sku)] as const),
  );
  return levels;`,
  ],
  'a Set that stands further up': [
    `  const levels = new Set<number>();
  note('levels');
  for (const { sku } of products) {
    levels.add(await stock.of(sku));
  }
  return levels;`,
    `  const levels = new Set<number>();
  note('levels');
  const found = await mapConcurrently(products, 4, ({ sku }) => stock.of(sku));
  for (const value of found) {
    levels.add(value);
  }
  return levels;`,
  ],
  'a sum': [
    `  let total = 0;
  for (const product of products) {
    total += await stock.of(product.sku);
  }
  return total;`,
    `  let total = 0;
  const found = await mapConcurrently(products, 4, (product) => stock.of(product.sku));
  for (const value of found) {
    total += value;
  }
  return total;`,
  ],
  'what a round decides after it has waited stays in order': [
    `  const some: Product[] = [];
  for (const product of products) {
    const level = await stock.of(product.sku);
    if (level > 0) some.push(product);
  }
  return some;`,
    `  const some: Product[] = [];
  const found = await mapConcurrently(products, 4, async (product) => {
    const level = await stock.of(product.sku);
    return { product, level };
  });
  for (const { product, level } of found) {
    if (level > 0) some.push(product);
  }
  return some;`,
  ],
  'what a round adds somewhere within, or not at all': [
    `  const some: Product[] = [];
  for (const product of products) { // all
    if (product.sku === '') continue;
    try {
      const level = await stock.of(product.sku);
      if (level > 0) some.push(product);
    } catch {
      some.push(product, product); // twice
    }
  }
  return some;`,
    `  const some: Product[] = [];
  const found = await mapConcurrently(products, 4, async (product) => { // all
    const own: Product[] = [];
    if (product.sku === '') return own;
    try {
      const level = await stock.of(product.sku);
      if (level > 0) own.push(product);
    } catch {
      own.push(product, product); // twice
    }
    return own;
  });
  some.push(...found.flat());
  return some;`,
  ],
  'what a round adds after it was asked whether': [
    `  const some = [];
  for (const { sku } of products) if ((await stock.of(sku)) > 0) some.push(sku);
  return some;`,
    `  const some = [];
  const found = await mapConcurrently(products, 4, async ({ sku }) => {
    const own = [];
    if ((await stock.of(sku)) > 0) own.push(sku);
    return own;
  });
  some.push(...found.flat());
  return some;`,
  ],
  'a place of its own for every round': [
    `  const rows: number[] = [];
  for (const [index, product] of products.entries()) {
    rows[index] = await stock.of(product.sku);
  }
  return rows;`,
    `  const rows: number[] = [];
  await mapConcurrently(products.entries(), 4, async ([index, product]) => {
    rows[index] = await stock.of(product.sku);
  });
  return rows;`,
  ],
  'a property of the item': [
    `  for (const product of products) {
    product.stock = await stock.of(product.sku);
  }`,
    `  await mapConcurrently(products, 4, async (product) => {
    product.stock = await stock.of(product.sku);
  });`,
  ],
  'a loop that counts only to name its item': [
    `  const rows: number[] = [];
  for (let i = 0; i < products.length; i++) {
    rows.push(await stock.of(products[i]!.sku));
  }
  return rows;`,
    `  const rows: number[] = await mapConcurrently(products, 4, (product) => stock.of(product.sku));
  return rows;`,
  ],
  'a loop that counts and uses the number': [
    `  const rows: { index: number; level: number }[] = [];
  for (let i = 0, n = products.length; i < n; i += 1) {
    const product = products[i]!;
    const level = await stock.of(product.sku);
    rows.push({ index: i, level });
  }
  return rows;`,
    `  const rows: { index: number; level: number }[] = await mapConcurrently(products.entries(), 4, async ([i, product]) => {
    const level = await stock.of(product.sku);
    return { index: i, level };
  });
  return rows;`,
  ],
  'a loop that counts and reads the item before': [
    `  for (let i = 0; i < products.length; i++) {
    await stock.of(products[i - 1]?.sku ?? products[i]!.sku);
  }`,
    `  await mapConcurrently(products.entries(), 4, ([i, product]) =>
    stock.of(products[i - 1]?.sku ?? product.sku),
  );`,
  ],
  'rounds that only wait, and may skip': [
    `  for (const product of products) {
    if (product.sku === '') continue;
    await stock.of(product.sku);
  }`,
    `  await mapConcurrently(products, 4, async (product) => {
    if (product.sku === '') return;
    await stock.of(product.sku);
  });`,
  ],
  'a throw, which is the failure of its round': [
    `  const rows: Product[] = [];
  for (const product of products) {
    if ((await stock.of(product.sku)) === 0) throw new Error(product.sku);
    rows.push(product);
  }
  return rows;`,
    `  const rows: Product[] = await mapConcurrently(products, 4, async (product) => {
    if ((await stock.of(product.sku)) === 0) throw new Error(product.sku);
    return product;
  });
  return rows;`,
  ],
};

const loop = (body: string, before = ''): string =>
  `${before}  for (const product of products) {\n    ${body}\n  }`;

const refusals: Readonly<Record<string, readonly [body: string, reason: RegExp]>> = {
  break: [loop('if ((await stock.of(product.sku)) > 3) break;'), /by break/],
  return: [loop('if ((await stock.of(product.sku)) > 3) return product;'), /return from the function/],
  'a label': [`  outer:\n${loop('await stock.of(product.sku);')}`, /label/],
  'a value carried from round to round': [
    loop(
      'last = last + (await stock.of(product.sku));\n    rows.push(last);',
      '  let last = 0;\n  const rows = [];\n',
    ),
    /changes last/,
  ],
  'a look at what earlier rounds left': [
    loop('rows.push(await stock.of(product.sku + rows.length));', '  const rows: number[] = [];\n'),
    /rounds before it/,
  ],
  'a write': [loop('await stock.saveLevel(product.sku);'), /looks like a write/],
  'a request that writes': [loop("await fetch(product.sku, { method: 'POST' });"), /sends a write/],
  'a pause': [loop('await sleep(10);'), /paces the rounds/],
  'a call that nothing is known of': [
    loop('await stock.handle(product.sku);'),
    /Nothing shows that stock\.handle/,
  ],
  'a function under a computed name': [loop("await stock[product.sku]('a');"), /Nothing shows/],
  'a query that may be anything': [loop('await db.query(product.sku);'), /Nothing shows that db\.query/],
  'a function that leads back to the loop': [
    '  const readAll = async (list: Product[]): Promise<void> => {\n    for (const product of list) {\n      await readAll([product]);\n    }\n  };',
    /leads back/,
  ],
  'what was started before': [`  for (const one of products.map(load)) {\n    await one;\n  }`, /already/],
  'a write in what is called': [
    `  const find = async (sku: string) => stock.saveLevel(sku);\n${loop('await find(product.sku);')}`,
    /calls stock\.saveLevel/,
  ],
  'a for...in loop': ['  for (const key in products) await stock.of(key);', /prototypes/],
  'a transaction': [loop('await tx.query(product.sku);'), /transaction/],
  'a call for its effect': [
    loop('note(product.id);\n    await stock.of(product.sku);'),
    /called for its effect/,
  ],
  'what it goes through being changed': [
    loop('products.push(await other(product.sku));'),
    /not a variable of this function|what the loop goes through/,
  ],
  'what is added from a function that may run later': [
    loop('await stock.of(product.sku).then((level) => rows.push(level));', '  const rows: number[] = [];\n'),
    /changes rows/,
  ],
  'what is added and counted': [
    loop(
      'if ((await stock.of(product.sku)) > 0) { rows.push(1); count++; }',
      '  const rows: number[] = [];\n  let count = 0;\n',
    ),
    /changes rows/,
  ],
  'what others can see': [loop('this.rows.push(await stock.of(product.sku));'), /changes this\.rows/],
  'what a catch may use': [
    `  const rows: number[] = [];\n  try {\n${loop('rows.push(await stock.of(product.sku));')}\n  } catch {\n    return rows;\n  }`,
    /within a try/,
  ],
  'a generator as source': [
    `  for (const product of stock.each()) {\n    await stock.of(product.sku);\n  }`,
    /one by one/,
  ],
  'an asynchronous iteration': [
    '  for await (const product of products) await stock.of(product.sku);',
    /for await/,
  ],
  'functions that are themselves the items': [
    '  for (const step of [note, note]) {\n    await step("a");\n  }',
    /comes from the items/,
  ],
  'a loop that counts down': [
    '  for (let i = products.length - 1; i >= 0; i--) await stock.of(products[i]!.sku);',
    /from 0 in steps of one/,
  ],
  'a loop that begins later': [
    '  for (let i = 1; i < products.length; i++) await stock.of(products[i]!.sku);',
    /from 0 in steps of one/,
  ],
  'a loop that takes two steps at once': [
    '  for (let i = 0; i < products.length; i += 2) await stock.of(products[i]!.sku);',
    /from 0 in steps of one/,
  ],
  'a loop that includes its bound': [
    '  for (let i = 0; i <= products.length; i++) await stock.of(products[i]!.sku);',
    /from 0 in steps of one/,
  ],
  'a loop that goes as far as another number': [
    '  for (let i = 0; i < 3; i++) await stock.of(products[i]!.sku);',
    /from 0 in steps of one/,
  ],
  'a body that moves the counter': [
    '  for (let i = 0; i < products.length; i++) {\n    await stock.of(products[i]!.sku);\n    i++;\n  }',
    /changes i, by which/,
  ],
  'a body that writes into what it counts through': [
    '  for (let i = 0; i < products.length; i++) {\n    products[i] = { ...products[i]!, stock: await stock.of(products[i]!.sku) };\n  }',
    /changes products/,
  ],
  'a counter that outlives its loop': [
    '  for (var i = 0; i < products.length; i++) await stock.of(products[i]!.sku);\n  return i;',
    /used outside of the loop/,
  ],
  'what it goes through handed to a call': [
    loop('await stock.of(product.sku);\n    await other(products);'),
    /is handed what the loop goes through/,
  ],
  'a comment that speaks of the line': [
    `  // @ts-expect-error of old\n${loop('await stock.of(product.sku);')}`,
    /@ts-expect-error/,
  ],
  'another kind of loop': ['  while (await stock.of("a")) await stock.of("b");', /round by round/],
  'a loop without await': [loop('note(product.id);'), /already/],
};

describe('bounded concurrency', () => {
  for (const [what, [before, after]] of Object.entries(changes)) {
    it(`rewrites ${what}`, async () => assert.equal(await rewritten(before), after));
  }

  for (const [what, [body, reason]] of Object.entries(refusals)) {
    it(`refuses ${what}`, async () => assert.match(await refusalOf(body), reason));
  }

  it('has nothing to do a second time', async function () {
    this.timeout(60_000);
    for (const [before] of Object.values(changes)) {
      const text = `${types}${before}\n}\n`;
      const { newText } = await textOf(text);
      const again = await rewriteOf(newText, 'a.ts', text);
      assert.match(again.k === 'refused' ? again.reason : 'rewritten again', /already/);
    }
  });

  it('writes code that type-checks', async function () {
    this.timeout(60_000);
    for (const [what, [before]] of Object.entries(changes)) {
      const { newText } = await textOf(`${types}${before}\n}\n`);
      assert.deepEqual(typeErrors({ 'a.ts': newText }), [], what);
    }
  });

  it('keeps the manner of the file and everything around the loop', async () => {
    const text = [
      "'use strict'",
      'const  odd = [1,2 ,3], more = "one line that is as wide as the people who wrote this file let it be"   // as it was',
      'module.exports = async function levels(products) {',
      '\tconst rows = []',
      '\tfor (const product of products) {',
      '\t\trows.push(await odd.of(product))',
      '\t}',
      '\treturn rows',
      '}',
      '',
    ].join('\r\n');
    const { newText } = await textOf(text, 'a.js');
    const [own = '', helper = ''] = newText.split('/**');
    assert.equal(
      own,
      [
        "'use strict'",
        'const  odd = [1,2 ,3], more = "one line that is as wide as the people who wrote this file let it be"   // as it was',
        'module.exports = async function levels(products) {',
        '\tconst rows = await mapConcurrently(products, 4, async (product) => odd.of(product))',
        '\treturn rows',
        '}',
        '',
        '',
      ].join('\r\n'),
    );
    assert.doesNotMatch(helper, /;|<T|[^\r]\n|^ {2}/m);
  });

  it('says what it had to assume', async () => {
    const typed = await textOf(`${types}${loop('await stock.of(product.sku);')}\n}\n`);
    assert.match(typed.assumes.join(' '), /^stock\.of: taken to change nothing because of the name/);
    const counted = 'for (let i = 0; i < rows.length; i++) await read(rows[i]);';
    const read =
      'const read = async (row) => { const answer = await fetch(row.url); return answer.json(); };';
    const unknown = await textOf(`${read}\nmodule.exports = async (rows) => {\n  ${counted}\n};\n`, 'a.js');
    assert.deepEqual(unknown.assumes, ['rows: taken to be an array; its type is not known.']);
  });

  it('takes another name where the usual one is taken, and its own helper where it is there', async () => {
    const { newText } = await textOf(
      `const mapConcurrently = 1;\n${types}${loop('await stock.of(product.sku);')}\n}\n`,
    );
    assert.match(newText, /await mapBounded\(/);
    const two = `${types}${loop('await stock.of(product.sku);')}\n${loop('await stock.priceOf(product.sku);')}\n}\n`;
    const first = await textOf(two);
    const second = await textOf(first.newText);
    assert.equal(second.newText.match(/async function mapConcurrently/g)?.length, 1);
    assert.equal(second.newText.match(/await mapConcurrently\(/g)?.length, 2);
  });

  for (const [form, head, item] of [
    ['goes through', 'for (const item of items)', 'item'],
    ['counts', 'for (let i = 0; i < items.length; i++)', 'items[i]'],
    [
      'adds what it found within a try',
      'for (const item of items) try { if (item.turns !== 2) rows.push(await load(item)) } catch (error) { if (item.turns > 3) throw error; rows.push(-1, -2) } //',
      'item',
    ],
    ['counts and uses the number', 'for (let i = 0; i < items.length; i++)', '{ ...items[i], index: i }'],
  ] as const) {
    it(`answers and fails as the rounds one after the other do, of a loop that ${form}`, async () => {
      const source = `module.exports = async function (items, load) {\n  const rows = [];\n  ${head} rows.push(await load(${item}));\n  return rows;\n};\n`;
      const { newText } = await textOf(source, 'a.js');
      const [sequential, bounded] = [programOf(source), programOf(newText)];
      const round = fc.record({ turns: fc.nat(6), fails: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(round, { maxLength: 15 }), async (rounds) => {
          const items = rounds.map((each, index) => ({ ...each, index }));
          const [before, after] = [await observed(sequential, items), await observed(bounded, items)];
          assert.deepEqual(after.outcome, before.outcome);
          assert.ok(after.most <= 4 && before.most <= 1);
          // A failure that the round catches itself ends nothing.
          assert.ok(after.startedAfterFailure === 0 || head.includes('catch'));
          if ('rows' in before.outcome) assert.deepEqual(after.started, before.started);
          assert.deepEqual(
            after.started,
            after.started.toSorted((a, b) => a - b),
          );
        }),
      );
    });
  }
});

interface Item {
  readonly index: number;
  readonly turns: number;
  readonly fails: boolean;
}
type Program = (items: readonly Item[], call: (item: Item) => Promise<number>) => Promise<number[]>;

function programOf(source: string): Program {
  const module: { exports?: Program } = {};
  // The text under test is what runs here: it was written by the rewrite a moment ago.
  const load = runInThisContext(`(module) => {\n${source}\n}`) as (into: typeof module) => void;
  load(module);
  assert.ok(module.exports);
  return module.exports;
}

async function observed(program: Program, items: readonly Item[]) {
  const seen = { most: 0, startedAfterFailure: 0, started: [] as number[] };
  let underWay = 0;
  let failed = false;
  const call = async ({ index, turns, fails }: Item): Promise<number> => {
    if (failed) seen.startedAfterFailure += 1;
    seen.started.push(index);
    underWay += 1;
    seen.most = Math.max(seen.most, underWay);
    for (let turn = 0; turn <= turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    if (!fails) return index * 10;
    failed = true;
    throw new Error(`item ${index}`);
  };
  const outcome = await program(items, call).then(
    (rows) => ({ rows }),
    (error: unknown) => ({ failure: String(error) }),
  );
  return { ...seen, outcome };
}
